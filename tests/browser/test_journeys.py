"""What people do with the program, as they do it: with a mouse, or without one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in


def rows(page):
    return page.locator("main table tbody tr")


def test_a_stranger_is_asked_in_and_gets_where_he_was_going(open_as, site):
    page = open_as(None)
    page.goto("/groups/")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_label("Логин").fill(site.person("manager")[0])
    page.get_by_label("Пароль", exact=False).first.fill("не тот пароль")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Неверный логин или пароль")).to_be_visible()
    page.locator("input[name=password]").fill(site.person("manager")[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/groups/"))


def test_a_client_is_found_in_the_wrong_letter_case_and_the_list_is_narrowed(open_as):
    page = open_as("head")
    page.goto("/clients/")
    name = rows(page).first.locator("a").first.inner_text()
    word = max(re.findall(r"[А-Яа-яЁё]{4,}", name), key=len)
    page.locator("main [name=search]").fill(word.swapcase())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("search="))
    expect(rows(page).first).to_contain_text(re.compile(word, re.IGNORECASE))

    page.goto("/clients/")
    page.locator("details.several", has=page.locator("[name=silence]")).click()
    page.locator("[name=silence]").first.check()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("silence="))
    expect(rows(page).first).to_be_visible()
    address = page.url
    page.goto("/clients/")
    page.goto(address)
    expect(page.locator("[name=silence]").first).to_be_checked()


def test_a_new_client_is_made_corrected_and_found(open_as):
    page = open_as("manager")
    page.goto("/clients/new/")
    page.locator("[name=name]").fill("ООО «Проверка <b>&»")
    page.locator("[name=inn]").fill("7707083894")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("[name=inn]")).to_have_class(re.compile("is-invalid"))
    expect(page.locator("[name=name]")).to_have_value("ООО «Проверка <b>&»")
    page.locator("[name=inn]").fill("7707083893")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("ООО «Проверка <b>&»").first).to_be_visible()
    page.goto("/clients/?search=проверка")
    expect(rows(page)).to_have_count(1)
    rows(page).first.locator("a").first.click()
    expect(page.locator("#client-who").get_by_text("7707083893")).to_be_visible()


def test_a_list_is_taken_out_as_a_file(open_as):
    page = open_as("head")
    page.goto("/clients/?search=ооо")
    page.get_by_role("button", name=re.compile("Выгрузить|Экспорт")).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    text = waiting.value.path().read_bytes().decode("utf-8-sig")
    assert text.splitlines()[0].split(";")[0].strip('"')
    assert "ооо" in text.casefold()


def test_the_light_and_the_language_are_remembered(open_as, site):
    page = open_as(None)
    sign_in(page, *site.person("colleague"))
    page.goto("/clients/")
    page.locator("button[name=locale]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Light or dark").first.click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("button[name=locale]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_menu_leads_everywhere_it_says(open_as, width):
    page = open_as("admin", width=width)
    page.goto("/clients/")
    addresses = page.locator("nav a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert len(set(addresses)) >= 8
    for address in sorted(set(addresses)):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address


def test_signing_out_ends_it(open_as, site):
    page = open_as(None)
    sign_in(page, *site.person("manager"))
    token = page.locator("form[action='/logout'] input[name=csrf_token]").first.get_attribute("value")
    assert token
    page.locator("form[action='/logout']").first.evaluate("form => form.submit()")
    expect(page).to_have_url(re.compile("/login"))
    page.goto("/clients/")
    expect(page).to_have_url(re.compile("/login"))
