"""A list as a manager lives in it: several values, a saved tab, columns, keys, there and back."""

import re

import pytest
from playwright.sync_api import expect


def rows(page):
    return page.locator("main table.list tbody tr")


def pick(page, arg, *places):
    """Tick choices of a filter and close it: it applies by itself."""
    fold = page.locator("details.several", has=page.locator(f"[name={arg}]")).first
    fold.locator("summary").click()
    for place in places:
        fold.locator(f"[name={arg}]").nth(place).check()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(f"{arg}="))


def test_several_values_are_ticked_saved_as_a_tab_shared_and_removed(open_as):
    page = open_as("manager")
    page.goto("/clients/")
    pick(page, "group", 0, 1)
    expect(page).to_have_url(re.compile(r"group=\d+&group=\d+$"))
    expect(page.locator(".chip[href]", has_text="Группа")).to_have_count(2)
    found = page.locator(".list-count strong").inner_text()
    page.get_by_role("button", name="Сохранить как").click()
    expect(page.get_by_label("Название списка")).to_be_focused()
    page.keyboard.type("Главные клиенты")
    page.get_by_label("Видят все").check()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator(".list-tabs a[aria-current]")).to_contain_text("Главные клиенты")

    other = open_as("colleague")
    other.goto("/clients/")
    other.get_by_role("link", name="Главные клиенты").click()
    expect(other.locator(".list-count strong")).to_have_text(found)
    expect(other.get_by_role("button", name="Переименовать")).to_have_count(0)

    page.get_by_role("button", name="Переименовать").click()
    page.get_by_role("button", name="Убрать").click()
    page.locator("#ask").get_by_role("button", name="Да").click()
    expect(page.locator(".list-tabs a", has_text="Главные клиенты")).to_have_count(0)
    expect(page.locator(".list-count strong")).to_have_text(found)


def test_a_long_choice_is_looked_through(open_as):
    page = open_as("manager", width=390)
    page.goto("/clients/")
    page.get_by_role("button", name="Фильтры", exact=True).click()
    fold = page.locator("details.several", has=page.locator("[name=region]"))
    fold.locator("summary").click()
    expect(fold.locator("[data-narrow]")).to_be_focused()
    page.keyboard.type("ПЕРМ")
    shown = fold.locator("label:visible")
    expect(shown.first).to_contain_text("Перм")
    assert shown.count() < 5
    list_box = fold.locator(".several-list").bounding_box()
    assert list_box
    assert list_box["x"] >= 0
    assert list_box["x"] + list_box["width"] <= 390


def test_many_choices_come_when_they_are_opened_and_say_so_where_they_do_not(open_as):
    page = open_as("head")
    page.goto("/clients/")
    fold = page.locator("details.several", has=page.locator("[name=curator]"))
    assert fold.locator("label:not([hidden])").count() == 0
    page.route("**/clients/filters/?*", lambda route: route.abort())
    fold.locator("summary").click()
    expect(page.locator("#notices")).to_contain_text("Не получилось")
    page.unroute("**/clients/filters/?*")
    fold.locator("summary").click()
    fold.locator("summary").click()
    box = fold.get_by_role("checkbox").first
    box.check()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("curator="))

    fold.locator("summary").click()
    expect(fold.locator("label").nth(3)).to_be_visible()
    expect(fold.locator("input:checked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\?curator=\d+$"))


def test_columns_are_chosen_ordered_and_put_back(open_as):
    page = open_as("head")
    page.goto("/clients/")
    usual = page.locator("main thead th").all_inner_texts()
    page.get_by_role("button", name="Столбцы").click()
    page.get_by_label("ИНН", exact=True).check()
    for _ in range(20):
        page.get_by_role("button", name="Выше: ИНН", exact=True).press("Enter")
    page.get_by_label("Молчание", exact=True).uncheck()
    page.locator("#columns").get_by_role("button", name="Сохранить").click()
    expect(page.locator("main thead th[scope=col]").nth(1)).to_have_text("ИНН")
    page.reload()
    heads = page.locator("main thead th").all_inner_texts()
    assert "Молчание" not in heads
    page.get_by_role("button", name="Столбцы").click()
    page.get_by_role("button", name="Как было").click()
    expect(page.locator("main thead th")).to_have_text(usual)


@pytest.mark.parametrize("layout", ["jkx", "олч"])
def test_keys_go_through_rows_whatever_the_layout(open_as, layout):
    """A Russian layout sends other letters from the same places."""
    page = open_as("head")
    page.goto("/clients/")

    def press(at):
        code = f"Key{'JKX'[at]}"
        page.evaluate(
            "([key, code]) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
            [layout[at], code],
        )

    for at in (0, 0, 0, 1):
        press(at)
    expect(rows(page).nth(1).locator(".c-name a:not([href^='tel:'])")).to_be_focused()
    press(2)
    expect(rows(page).nth(1).locator("[name=rowid]")).to_be_checked()
    press(2)
    expect(rows(page).nth(1).locator("[name=rowid]")).not_to_be_checked()
    name = rows(page).nth(1).locator(".c-name a:not([href^='tel:'])").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_keys_keep_still_while_one_types_and_when_they_are_switched_off(open_as):
    page = open_as("head")
    page.goto("/clients/")
    page.locator("main [name=search]").click()
    page.keyboard.type("jkx")
    expect(page.locator("main [name=search]")).to_have_value("jkx")
    expect(page.locator("[name=rowid]:checked")).to_have_count(0)
    page.goto("/clients/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("localStorage.setItem('crm-keys', 'off')")
    page.locator("body").press("j")
    expect(rows(page).first.locator(".c-name a:not([href^='tel:'])")).not_to_be_focused()


def test_a_card_leads_on_and_back_to_the_same_row(open_as):
    page = open_as("head")
    page.goto("/clients/?sort=region&desc=1&page=1&page_size=20")
    names = rows(page).locator(".c-name a:not([href^='tel:'])").all_inner_texts()
    rows(page).nth(15).locator(".c-name a:not([href^='tel:'])").click()
    for at in (16, 17):
        page.get_by_role("link", name="Следующий в списке").click()
        expect(page.locator("h1")).to_contain_text(names[at])
    page.get_by_role("link", name="Предыдущий в списке").click()
    expect(page.locator("h1")).to_contain_text(names[16])
    page.get_by_role("link", name="К списку").click()
    expect(page).to_have_url(re.compile(r"/clients/\?sort=region&desc=1&page=1&page_size=20#r\d+$"))
    expect(page.locator("tr:target .c-name a:not([href^='tel:'])")).to_have_text(names[16])
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_a_list_prints_without_buttons(open_as):
    page = open_as("head")
    page.goto("/clients/?kind=company")
    page.emulate_media(media="print")
    expect(page.locator(".print-only")).to_contain_text("Компания или человек: Компания")
    for hidden in (".filters", ".list-acts", ".list-foot", ".side", ".c-pick", ".list-tabs-line"):
        assert page.locator(hidden).first.is_hidden(), hidden
    expect(rows(page).first).to_be_visible()


def test_a_text_that_two_lines_cut_is_told_whole_where_the_pointer_rests(open_as):
    page = open_as("manager")
    page.goto("/interactions/")
    text = page.locator("main table.list .two-lines:not([title])").first.element_handle()
    text.hover()
    assert text.get_attribute("title") == text.inner_text()
