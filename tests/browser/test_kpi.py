"""The managers' numbers in a browser: pictures with their tables, keys alone, paper."""

import re

import pytest
from playwright.sync_api import expect

SHEET = re.compile(rb"/Type /Page\n")
IN_THE_DARK = "#9eb2ff"  # the colour of links and of lines


def test_the_head_goes_from_a_number_to_its_rows_and_from_a_name_to_the_person(open_as):
    page = open_as("head")
    page.goto("/kpi/?unit=quarter")
    number = page.locator(".kpi-grid tbody td a").filter(has_text=re.compile(r"[1-9]")).first
    said = int(re.sub(r"\D", "", number.inner_text()))
    number.click()
    expect(page.locator(".kpi-said strong")).to_have_text(re.compile(rf"^{said} "))
    page.go_back()
    name = page.locator(".kpi-grid tbody th a").first
    who = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(who)


def test_a_manager_comes_to_his_own_page_whose_pictures_are_drawn_of_their_tables(open_as):
    page = open_as("manager")
    page.goto("/")
    page.get_by_role("link", name="Показатели", exact=True).click()
    expect(page).to_have_url(re.compile(r"/kpi/\d+"))
    card = page.locator(".kpi-one").first
    card.scroll_into_view_if_needed()  # below what is to be done, where there is much of it
    drawn = card.locator(".kpi-picture path[stroke]")
    expect(drawn.first).to_be_attached()
    page.emulate_media(color_scheme="dark")
    expect(card.locator(f".kpi-picture path[stroke='{IN_THE_DARK}']").first).to_be_attached()
    assert card.locator("tbody tr").count() == 13


def test_a_picture_has_its_table_by_keys_alone(open_as):
    page = open_as("manager")
    page.goto("/kpi/")
    summary = page.locator(".kpi-one summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kpi-one table").first).to_be_visible()
    rows = page.locator(".kpi-one").first.locator("tbody tr")
    expect(rows.last).to_be_visible()
    number = page.locator(".kpi-one").first.locator(".kpi-number a").inner_text()
    assert rows.last.locator("td").first.inner_text() == number


@pytest.mark.parametrize("width", [1440, 390])
def test_other_days_are_chosen_in_the_form(open_as, width):
    page = open_as("head", width=width)
    page.goto("/kpi/?compare=team&sort=calls")
    page.locator("[name=from]").fill("2026-02-03")
    page.locator("[name=to]").fill("2026-02-12")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.locator(".kpi-when")).to_have_text(re.compile("3 февраля.*12 февраля"))
    assert "compare=team" in page.url
    assert "sort=calls" in page.url


@pytest.mark.only_on("sqlite", "how a page looks is of no database")
def test_a_person_s_page_is_one_sheet_of_paper(open_as):
    page = open_as("head")
    page.goto("/kpi/?unit=quarter")
    for place in range(2):
        page.locator(".kpi-grid tbody th a").nth(place).click()
        expect(page.locator(".kpi-cards").first).to_be_visible()
        assert len(SHEET.findall(page.pdf(format="A4"))) == 1
        page.go_back()
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True))) == 1
