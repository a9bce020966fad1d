"""The one box over everything: by the keyboard alone, on a telephone, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import AXE, RULES, faults, spill


def faults_of_answers(page):
    """What lies half hidden under them is too small to be touched, until they are closed."""
    page.evaluate(AXE)
    return page.evaluate(f"axe.run('#top-search', {RULES})")["violations"]


def box(page):
    return page.get_by_role("combobox", name=re.compile("Найти клиента, человека"))


def a_word(page):
    page.goto("/clients/")
    name = page.locator("main table tbody tr").first.locator("a").first.inner_text()
    return max(re.findall(r"[А-Яа-яЁё]{4,}", name), key=len)


def test_answers_come_while_one_types_and_the_keyboard_opens_one(open_as):
    page = open_as("manager")
    word = a_word(page)
    page.keyboard.press("/")
    page.keyboard.type(word.swapcase())
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#top-said")).to_contain_text("Показано")
    assert faults(page) == []

    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    expect(box(page)).to_have_value(word.swapcase())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    address = page.locator("[role=option][aria-selected=true]").get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_enter_opens_the_page_of_all_kinds(open_as):
    page = open_as("head")
    word = a_word(page)
    page.keyboard.press("/")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search\\?q="))
    expect(page.locator("mark").first).to_have_text(re.compile(word, re.IGNORECASE))
    expect(box(page)).to_have_value(word)


def test_a_telephone_opens_its_client(open_as):
    page = open_as("colleague")
    page.goto("/clients/")
    page.locator("main table tbody tr").first.locator("a").first.click()
    page.wait_for_url(re.compile(r"/clients/[0-9]+(\?.*)?$"))
    card = page.url.partition("?")[0]  # without the way back to the list
    telephone = page.locator("a[href^='tel:']").first.get_attribute("href").removeprefix("tel:+7")
    page.goto("/clients/")
    page.keyboard.press("/")
    page.keyboard.type(f"8 ({telephone[:3]}) {telephone[3:6]}-{telephone[6:8]}-{telephone[8:]}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(card)


def test_nothing_found_says_what_to_try_and_leaving_the_box_closes_it(open_as):
    page = open_as("head")
    page.goto("/groups/")
    page.keyboard.press("/")
    page.keyboard.type("щщщщжж")
    expect(page.locator("#top-found")).to_contain_text("последние четыре цифры")
    assert faults(page) == []
    page.locator("main").click(position={"x": 5, "y": 300})
    expect(page.locator("#top-found")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_telephone_the_answers_fit(open_as, dark):
    page = open_as("manager", width=390, dark=dark)
    word = a_word(page)
    page.get_by_role("button", name="Поиск", exact=True).click()
    page.keyboard.type(word)
    expect(page.get_by_role("option").first).to_be_visible()
    assert faults_of_answers(page) == []
    assert spill(page) <= 0
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search\\?q="))
    assert faults(page) == []
    assert spill(page) <= 0


def test_it_works_without_scripts(browser, site, signed_in_states):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=signed_in_states("manager")
    )
    page = context.new_page()
    page.goto("/clients/")
    box(page).fill("ооо")
    box(page).press("Enter")
    expect(page).to_have_url(re.compile("/search\\?q="))
    expect(page.locator("#hits-clients")).to_be_visible()
    context.close()
