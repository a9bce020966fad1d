"""The timeline of a client in a browser: narrowed in place, and loading more as one scrolls."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def card(open_as):
    """The card of the client of whom most is told."""
    page = open_as("head")
    page.goto("/clients/1")
    return page


def lines(page):
    return page.locator("#stream .timeline").last.locator(":scope > li:not(.tl-more)")


def test_more_is_loaded_as_one_scrolls_and_no_line_comes_twice(card):
    before = lines(card).count()
    for _ in range(3):
        card.locator(".tl-more").scroll_into_view_if_needed()
        expect(lines(card)).not_to_have_count(before)
        before = lines(card).count()
    ids = lines(card).evaluate_all("all => all.map(one => one.id)")
    assert before > 60
    assert len(ids) == len(set(ids))


def test_small_lines_are_switched_off_by_keyboard_and_the_address_remembers_it(card):
    card.goto("/clients/edit/?id=1")
    card.locator("[name=remember]").fill("Звонить после обеда")
    card.get_by_role("button", name="Сохранить", exact=True).click()
    card.goto("/clients/1")
    expect(lines(card).first).to_contain_text("Звонить после обеда")
    expect(card.locator("#stream .tl-small").first).to_be_attached()
    card.locator("#tl-small").focus()
    card.keyboard.press("Enter")
    expect(card.locator("#stream .tl-small")).to_have_count(0)
    expect(card).to_have_url(re.compile(r"/clients/1\?small=0$"))
    expect(card.locator("#tl-small")).to_be_focused()
    card.reload()
    expect(card.locator("#tl-small")).to_have_attribute("aria-checked", "false")
    card.locator("#tl-small").click()
    expect(card).to_have_url(re.compile(r"/clients/1$"))
    expect(card.locator("#stream .tl-small").first).to_be_attached()


def test_it_is_narrowed_to_a_kind_and_back_leads_back(card):
    card.locator("#tl-kinds").click()
    card.locator("#stream .several-list").get_by_role("link", name="Звонок").click()
    expect(card).to_have_url(re.compile("kind="))
    expect(card.locator("#tl-kinds")).to_contain_text("Звонок")
    for line in lines(card).all()[:5]:
        expect(line.locator(".tl-head")).to_contain_text("Звонок")
    card.go_back()
    expect(card).to_have_url(re.compile(r"/clients/1$"))
    expect(card.locator("#tl-kinds")).to_contain_text("Все виды")


def test_a_line_opens_in_place_to_everything(card):
    line = lines(card).filter(has=card.locator(".tl-line")).first
    line.locator("summary").first.focus()
    card.keyboard.press("Enter")
    expect(line.locator(".tl-body").first).to_be_visible()
    expect(line).to_contain_text("Внесено")


def test_on_a_telephone_the_number_to_call_and_what_is_next_come_first(open_as):
    page = open_as("manager", width=390)
    page.goto("/clients/1")
    call = page.locator(".client-first a[href^='tel:']").first
    expect(call).to_be_in_viewport()
    expect(page.locator("#stream")).to_be_visible()
    expect(page.locator("#who")).to_be_visible()
    assert page.locator("details[data-fold][open]").count() == 0
