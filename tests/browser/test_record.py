"""A call recorded from the card without a mouse; nothing typed is lost; a plan is settled on its line."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Keys, begun, compare

SAID = count(1)


def open_card(page, at=0):
    """One of his own clients, of a group that has a rhythm: the next contact is chosen already."""
    page.goto("/clients/")
    page.get_by_role("link", name="Мои", exact=True).click()
    page.wait_for_url(re.compile("curator="))
    page.goto(f"{page.url}&group=1&group=2&group=3")
    page.locator("main table tbody tr").nth(at).locator("a").first.click()
    begun(page)
    return page.url.partition("?")[0]


def some_words(what):
    return f"{what} {next(SAID)}-{id(what)}"


@pytest.mark.parametrize("width", [1440, 390])
def test_a_call_is_recorded_from_the_card_in_as_many_keys_as_ever(open_as, width):
    page = open_as("manager", width=width)
    open_card(page, at=3 if width == 390 else 0)
    asked, done = some_words("Просят цены"), "Отправил прайс"
    press = Keys(page)
    press("1")  # a call; on to the persons
    expect(page.locator("[name=kind]").first).to_be_checked()
    press.tab_to(page.locator("[name=persons]").first)
    press("Space")
    press.tab_to(page.locator("[name=request]"))
    press.text(asked)
    press.tab_to(page.locator("[name=reaction]"))
    press.text(done)
    press.tab_to(page.locator("[name=result]").first)
    press("Space")
    press.tab_to(page.locator("[name=minutes]").first)
    press("ArrowRight")
    expect(page.locator("[name=minutes]:checked")).to_have_value("15")
    press("Enter")
    expect(page.locator(".record-said")).to_have_text(re.compile("Записано"))
    line = page.locator("#client-stream .timeline li", has_text=asked)
    expect(line).to_be_visible()
    expect(line).to_contain_text("15 мин")
    compare("a call, from the card", press)
    expect(page.locator("[name=request]").first).to_have_value("")
    press("1")  # and the next one
    expect(page.locator("[name=kind]").first).to_be_checked()


def test_a_new_line_is_no_saving_and_a_new_person_is_typed_in_place(open_as):
    page = open_as("manager")
    open_card(page, at=1)
    page.keyboard.press("2")
    page.locator("label.chip", has_text="новый человек").click()
    name = some_words("Пётр Ильич")
    page.keyboard.type(name)
    page.locator("[name=request]").focus()
    page.keyboard.type("первая")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("вторая")
    expect(page.locator("[name=request]")).to_have_value("первая\nвторая")
    page.keyboard.press("Enter")
    expect(page.locator("#client-stream")).to_contain_text(name)
    expect(page.locator("#client-who")).to_contain_text(name)
    expect(page.locator("label.chip", has_text=name)).to_be_visible()


def test_what_was_typed_is_offered_again_until_the_server_has_said_yes(open_as):
    page = open_as("manager")
    card = open_card(page, at=2)
    words = some_words("Не потерять")
    page.keyboard.press("3")
    page.locator("[name=request]").fill(words)
    page.goto("/clients/")
    page.goto(card)
    expect(page.locator("[data-draft]")).to_contain_text(words)
    page.locator("[data-draft-take]").click()
    expect(page.locator("[name=request]")).to_have_value(words)
    expect(page.locator("[name=kind]").nth(2)).to_be_checked()
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream")).to_contain_text(words)
    page.goto(card)
    expect(page.locator("[data-draft]")).to_be_hidden()


def test_without_a_connection_and_signed_out_nothing_is_lost(open_as, site):
    page = open_as("manager")
    card = open_card(page, at=4)
    words = some_words("Связь пропала")
    page.keyboard.press("1")
    page.locator("[name=request]").fill(words)
    page.context.set_offline(True)
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Нет связи")
    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Сеанс завершился")
    expect(page.locator("[name=request]")).to_have_value(words)
    page.context.add_cookies(cookies)
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream .timeline li", has_text=words)).to_have_count(1)
    page.goto(card)
    expect(page.locator("#client-stream .timeline li", has_text=words)).to_have_count(1)


def test_a_double_click_makes_one_record(open_as):
    page = open_as("manager")
    open_card(page, at=5)
    words = some_words("Дважды")
    page.keyboard.press("1")
    page.locator("[name=request]").fill(words)
    page.locator(".record-save").dblclick()
    expect(page.locator("#client-stream .timeline li", has_text=words)).to_have_count(1)
    page.reload()
    expect(page.locator("#client-stream .timeline li", has_text=words)).to_have_count(1)


def test_what_is_missing_is_asked_for_where_it_is_missing(open_as):
    page = open_as("manager")
    open_card(page, at=6)
    page.locator("[name=reaction]").fill("Отправил")
    page.locator("[name=reaction]").press("Enter")
    expect(page.locator("[data-wrong] .invalid-feedback")).to_be_visible()
    expect(page.locator("[name=reaction]")).to_have_value("Отправил")
    expect(page.locator("[name=kind]").first).to_be_focused()


def test_from_anywhere_by_the_key_n(open_as):
    page = open_as("manager")
    open_card(page, at=7)
    page.keyboard.press("n")
    expect(page.locator("[name=kind]").first).to_be_focused()
    page.goto("/groups/")
    page.keyboard.press("n")
    page.wait_for_url("**/record")
    page.get_by_role("combobox", name="С каким клиентом").click()
    page.keyboard.type("ооо")
    page.locator("[role=option][data-at]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/\d+/record"))
    expect(page.locator("form[data-record][data-begun]")).to_be_visible()
    words = some_words("Откуда угодно")
    page.keyboard.press("1")
    page.locator("[name=request]").fill(words)
    page.locator("label.chip", has_text="завтра").click()  # this client's group may have no rhythm
    page.locator("[name=request]").press("Enter")
    page.wait_for_url(re.compile(r"/clients/\d+#interaction-\d+"))
    expect(page.locator("#client-stream")).to_contain_text(words)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_plan_is_moved_and_then_takes_place_on_its_line(open_as, width):
    page = open_as("manager", width=width)
    open_card(page, at=8 if width == 390 else 9)
    words = some_words("Договорились")
    page.keyboard.press("1")
    page.locator("[name=request]").fill(words)
    page.locator("label.chip", has_text="завтра").click()
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream .tl-held", has_text=words)).to_be_visible()
    line = page.locator("#client-stream .tl-planned", has_text="завтра").first
    line.get_by_role("link", name="Перенести").click()
    expect(line.locator("[name=at]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(line.locator("[name=at]")).to_have_count(0)
    line.get_by_role("link", name="Состоялось").click()
    done = some_words("Уже поговорили")
    line.locator("[name=reaction]").fill(done)
    line.locator("label.chip", has_text="не нужен").click()
    page.keyboard.type("всё решено")
    page.keyboard.press("Enter")
    expect(page.locator("#client-stream .tl-held", has_text=done)).to_be_visible()


def test_from_anywhere_one_types_the_client_at_once(open_as):
    page = open_as("manager")
    page.goto("/history/")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/record"))
    expect(page.locator("[data-record-which] .combo-input")).to_be_focused()


def test_whoever_saves_by_the_mouse_sees_that_it_is_saved(open_as):
    page = open_as("manager", width=390)
    open_card(page, at=5)
    form = page.locator("form[data-record]")
    form.locator("[name=kind] + label").first.click()
    form.locator("[name=request]").fill(some_words("Просят цены"))
    form.locator("[name=follow] + label", has_text="завтра").click()
    form.locator(".record-save").click()
    expect(page.locator(".record-said")).to_contain_text("Записано")
    expect(page.locator(".record-said")).to_be_in_viewport()


def test_on_a_telephone_the_record_comes_before_what_one_knows(open_as):
    page = open_as("manager", width=390)
    open_card(page, at=6)
    top = {
        name: page.locator(name).first.bounding_box()["y"]
        for name in (".record", ".client-who > *", "#client-stream")
    }
    assert top[".record"] < top[".client-who > *"] < top["#client-stream"]


def test_a_meeting_is_planned_from_the_card_without_one_that_was_held(open_as):
    page = open_as("manager")
    address = open_card(page, at=7)
    page.get_by_role("link", name="Запланировать контакт").click()
    expect(page.locator("[name=state]")).to_have_value("planned")
    page.locator("[name=note]").fill("Показать образцы")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(address.rpartition("/")[2])))
    expect(page.locator("#client-next")).to_contain_text("10:00")
