"""A promise typed in the quick record, understood while one types, moved and kept; requests and wishes."""

import re
from itertools import count

from playwright.sync_api import expect

SAID = count(1)


def begun(page):
    """A card of one of his own clients, where the quick record hears keys."""
    page.goto("/clients/")
    page.get_by_role("link", name="Мои", exact=True).click()
    page.wait_for_url(re.compile("curator="))
    page.locator("main table tbody tr").first.locator("a").first.click()
    form = page.locator("form[data-record][data-begun]").first
    expect(form).to_be_visible()
    return form


def chosen(form, words):
    form.locator("label.chip", has_text=words).first.click()


def test_from_a_line_of_the_record_to_its_end(open_as):
    page = open_as("manager")
    form = begun(page)
    what = f"прайс {next(SAID)}"
    chosen(form, "Звонок")
    form.locator("[name=request]").fill("Ждут цены")
    form.locator("[name=reaction]").click()
    page.keyboard.type(f"! {what} через 2 недели")
    understood = form.locator(".understood")
    expect(understood).to_contain_text(what)
    expect(understood).not_to_contain_text("через 2 недели")  # it is a day now
    chosen(form, "не нужен")
    form.locator("[name=no_next_reason]").fill("позвонят сами")
    form.locator("[name=reaction]").press("Enter")

    expect(page.locator(".record-said")).to_have_text(re.compile("Записано"))
    part = page.locator("details", has=page.locator("#card-promises"))
    expect(part).to_contain_text(what)
    expect(page.locator("#card-requests")).to_be_visible()  # it was asked, and nothing said of it
    part.get_by_role("link", name=what).click()

    page.get_by_text("Перенести по согласию").first.click()
    moving = page.locator("form[action$='/move']")
    moving.locator("[name=due]").press_sequentially("конец месяца")
    expect(moving.locator(".understood-until")).to_contain_text(re.compile(r"\d"))
    moving.locator("[name=due]").fill("через 3 недели")
    moving.locator("[name=reason]").fill("согласовали с закупщиком")
    moving.get_by_role("button", name="Перенести").click()
    page.wait_for_url(re.compile(r"/clients/\d+"))

    page.goto("/promises/?hands=mine")
    line = page.locator("main tbody tr", has_text=what)
    expect(line).to_have_count(1)
    line.get_by_role("button", name="Выполнено").click()
    expect(page.locator("main tbody tr", has_text=what)).to_have_count(0)
    page.goto("/promises/?state=kept&hands=mine")
    line = page.locator("main tbody tr", has_text=what)
    expect(line).to_have_count(1)


def test_what_became_of_one_is_taken_back_and_told(open_as):
    page = open_as("head")
    page.goto("/promises/?state=kept")
    line = page.locator("main tbody tr").first
    way, card = (line.locator("a").nth(number).get_attribute("href") for number in (0, 1))
    line.get_by_role("link", name="Открыть снова").click()
    page.locator("#reopen [name=reason]").fill("отправили не тот прайс")
    page.get_by_role("button", name="Открыть снова").click()
    page.wait_for_url(re.compile(r"/promises/\?state=kept"))
    expect(page.locator(f"main tbody a[href='{way}']")).to_have_count(0)
    page.goto(card)
    told = page.locator("#stream li", has_text="обещание снова открыто").first
    told.locator("summary").click()
    expect(told).to_contain_text("отправили не тот прайс")


def test_from_a_line_of_the_full_form(open_as):
    page = open_as("manager")
    form = begun(page)
    what = f"образцы {next(SAID)}"
    form.locator(".record-more > summary").click()
    form.get_by_role("link", name="Полная форма").click()
    reaction = page.locator("form.admin-form [name=reaction]")
    reaction.click()
    page.keyboard.type(f"! {what} через 2 недели")
    understood = page.locator("form.admin-form .understood")
    expect(understood).to_contain_text(what)
    expect(understood).not_to_contain_text("через 2 недели")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.wait_for_url(re.compile(r"/clients/\d+"))
    expect(page.locator("details", has=page.locator("#card-promises"))).to_contain_text(what)


def test_a_request_is_answered_from_its_register_on_a_telephone(open_as):
    page = open_as("manager", width=390)
    page.goto("/requests/?hands=mine")
    line = page.locator("main tbody tr").first
    asked = line.locator("a").first.inner_text()
    line.get_by_role("link", name="Ответить").click()
    form = page.locator("form[data-record][data-begun]").first
    expect(form.locator("[name=answers]:checked")).to_have_count(1)
    chosen(form, "Звонок")
    form.locator("[name=reaction]").fill("Отправили")
    chosen(form, "не нужен")
    form.locator("[name=no_next_reason]").fill("всё решено")
    form.locator("[name=reaction]").press("Enter")
    page.wait_for_url(re.compile(r"/clients/\d+#interaction"))

    page.goto("/requests/?hands=mine")
    expect(page.get_by_role("link", name=asked, exact=True)).to_have_count(0)


def test_who_wanted_this(open_as):
    page = open_as("manager")
    page.goto("/wishes/")
    page.get_by_role("searchbox").last.fill("коробк подароч")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search="))
    expect(page.locator("main tbody tr")).to_have_count(1)
