"""Cells of the clients' list changed in place, and a form that somebody else has changed: without a mouse."""

import re

import pytest
from playwright.sync_api import expect


def row_of(page, n=0):
    return page.locator("main table tbody tr").nth(n)


def open_by_keyboard(page, row, column):
    """Focus the cell's pencil, as Tab does, and press Enter."""
    cell = row.locator(f"td[data-cell={column}]")
    cell.locator(".cell-pencil").focus()
    page.keyboard.press("Enter")
    expect(cell.locator("form [name=value]")).to_be_focused()
    return cell


def test_a_city_is_typed_saved_and_the_focus_returns(open_as):
    page = open_as("head")
    page.goto("/clients/")
    cell = open_by_keyboard(page, row_of(page), "region")
    page.keyboard.press("Control+A")
    page.keyboard.type("Нижний Новгород")
    page.keyboard.press("Enter")
    expect(cell).to_contain_text("Нижний Новгород")
    expect(cell.locator(".cell-pencil")).to_be_focused()
    expect(page.locator("#notices")).to_contain_text("Сохранено")
    page.reload()
    expect(row_of(page).locator("td[data-cell=region]")).to_contain_text("Нижний Новгород")


def test_escape_leaves_everything_as_it_was(open_as):
    page = open_as("head")
    page.goto("/clients/")
    row = row_of(page, 1)
    before = row.inner_text()
    cell = open_by_keyboard(page, row, "region")
    page.keyboard.type("Неважно")
    page.keyboard.press("Escape")
    expect(cell.locator("form")).to_have_count(0)
    expect(cell.locator(".cell-pencil")).to_be_focused()
    assert row.inner_text() == before


def test_a_group_is_chosen_with_a_reason(open_as):
    page = open_as("head")
    page.goto("/clients/")
    cell = open_by_keyboard(page, row_of(page, 2), "group")
    now = cell.locator("option[selected]").inner_text()
    is_last = cell.locator("option").last.inner_text() == now
    page.keyboard.press("ArrowUp" if is_last else "ArrowDown")
    other = cell.locator("select option:checked").inner_text()
    assert other != now
    page.keyboard.press("Enter")
    expect(cell.get_by_role("alert")).to_be_visible()
    expect(cell.locator("select option:checked")).to_have_text(other)
    expect(cell.locator("[name=reason]")).to_be_focused()
    page.keyboard.type("Стал покупать чаще")
    page.keyboard.press("Enter")
    expect(cell.locator("form")).to_have_count(0)
    expect(cell).to_contain_text(other)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_next_contact_is_planned_for_tomorrow(open_as, width):
    page = open_as("head", width=width)
    page.goto("/clients/?next_contact=none")
    row = row_of(page)
    name = row.locator(".c-name").inner_text()
    cell = open_by_keyboard(page, row, "next_contact_at")
    cell.get_by_role("button", name="завтра").focus()
    page.keyboard.press("Enter")
    expect(cell).to_contain_text("завтра, 10:00")
    expect(cell.locator(".cell-pencil")).to_be_focused()
    assert name in row.inner_text()


def test_a_manager_has_no_pencils_for_what_is_not_his(open_as):
    page = open_as("manager")
    page.goto("/clients/")
    expect(page.locator(".cell-pencil").first).to_be_attached()
    assert page.locator("td[data-cell=curator]").count() == 0
    for row in page.locator("tbody tr[id]:not([data-own])").all():
        assert row.locator("td[data-cell=group], td[data-cell=region]").count() == 0


def test_the_second_editor_of_a_cell_is_told(open_as):
    first, second = open_as("head"), open_as("admin")
    cells = []
    for page in (first, second):
        page.goto("/clients/")
        cells.append(open_by_keyboard(page, row_of(page, 3), "region"))
    for page, city in ((first, "Новая Тверь"), (second, "Старый Клин")):
        page.keyboard.press("Control+A")
        page.keyboard.type(city)
        page.keyboard.press("Enter")
        if page is first:
            expect(cells[0].locator("form")).to_have_count(0)
    expect(cells[1].get_by_role("alert")).to_contain_text("стало: Новая Тверь")
    expect(cells[1].locator("[name=value]")).to_have_value("Старый Клин")
    second.keyboard.press("Escape")
    expect(cells[1]).to_contain_text("Новая Тверь")


def test_the_second_editor_of_a_form_sees_both(open_as):
    first, second = open_as("head"), open_as("admin")
    first.goto("/clients/")
    number = (row_of(first, 4).get_attribute("id") or "").removeprefix("r")
    for page in (first, second):
        page.goto(f"/clients/edit/?id={number}")
    for page, city, text in ((first, "Псков", ""), (second, "Орёл", "Любит точность")):
        page.locator("[name=city]").fill(city)
        page.locator("[name=remember]").fill(text)
        page.keyboard.press("Control+Enter")
    expect(second.get_by_role("alert")).to_contain_text("Псков")
    expect(second.locator("[name=city]")).to_have_value("Орёл")
    expect(second.locator("[name=remember]")).to_have_value("Любит точность")
    second.get_by_label(re.compile("Оставить «Псков»")).check()
    second.get_by_role("button", name="Сохранить", exact=True).click()
    second.wait_for_url(lambda address: "/edit/" not in address)
    second.goto(f"/clients/edit/?id={number}")
    expect(second.locator("[name=city]")).to_have_value("Псков")
    expect(second.locator("[name=remember]")).to_have_value("Любит точность")


def test_a_double_click_says_whose_it_is(open_as):
    head = open_as("head")  # for nobody acts for her: whose all the others are depends on who is away
    head.goto("/clients/edit/?id=5")
    name = head.locator("[name=name]").input_value()
    head.locator("[name=curator]").select_option(label="Ольга Соколова")
    head.locator("[name=curator_reason]").fill("по просьбе клиента")
    head.get_by_role("button", name="Сохранить", exact=True).click()
    head.wait_for_url(lambda address: "/edit/" not in address)
    page = open_as("manager")
    page.goto(f"/clients/?search={name}")
    row = page.locator("tbody tr[id]:has(td[data-shut=group])").first
    row.locator("td[data-shut=group]").dblclick(position={"x": 3, "y": 3})
    said = page.locator("#notices")
    expect(said).to_contain_text("Куратор – ")
    curator = said.inner_text().partition("Куратор – ")[2].partition(";")[0]
    expect(row).to_contain_text(curator)
    expect(page.locator(".cell-box")).to_have_count(0)
