"""Numbers that go out as letters: set up from their page, changed, stopped; and what is lacking is said."""

import re

from playwright.sync_api import expect


def test_the_head_sets_up_a_letter_of_who_works_with_whom_changes_it_and_stops_it(open_as):
    page = open_as("head")
    page.goto("/kpi/matrix")
    page.get_by_role("link", name="Письмом").click()
    expect(page.get_by_label("Какие показатели")).to_have_value("matrix")
    page.get_by_label("Как часто").select_option("month")
    page.get_by_role("checkbox", name="Ольга Соколова").uncheck()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#readers-error")).to_be_visible()
    expect(page.get_by_label("Как часто")).to_have_value("month")

    page.get_by_role("checkbox", name="Ольга Соколова").check()
    page.get_by_role("button", name="Сохранить").click()
    row = page.locator("tbody tr", has_text=re.compile("Кто с кем работает"))
    expect(row).to_contain_text("Ольга Соколова")
    expect(row).to_contain_text(re.compile("месяц"))

    row.get_by_role("link").first.click()
    page.get_by_label("Как часто").select_option("week")
    page.get_by_role("button", name="Сохранить").click()
    expect(row).to_contain_text(re.compile("недел"))
    row.get_by_role("button", name="Остановить").click()
    expect(row).to_contain_text("остановлен")
    row.get_by_role("button", name="Слать снова").click()
    expect(row.get_by_role("button", name="Остановить")).to_be_visible()


def test_a_manager_has_no_way_to_letters(open_as):
    page = open_as("manager")
    page.goto("/kpi/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Показатели")
    expect(page.get_by_role("link", name="Письмом")).to_have_count(0)
    answer = page.goto("/kpi/letters/")
    assert answer is not None
    assert answer.status == 403
