"""Nothing that people save or type makes a page wider than the screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import spill

WORD = "https://example.ru/" + "оченьдлинныйадрес" * 15


def save_a_list(page, address, name):
    page.goto(address)
    page.get_by_role("button", name="Сохранить как").click()
    page.get_by_label("Название списка").fill(name)
    page.get_by_label("Видят все").check()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator(".list-tabs a[aria-current]")).to_contain_text(name)


def test_a_shared_list_leaves_a_telephone_s_page_as_wide_as_its_screen(open_as):
    save_a_list(open_as("head"), "/clients/?kind=company&tag=none", "Компании без единой метки, для обзвона")
    page = open_as("manager", width=390)
    page.goto("/clients/")
    assert spill(page) == 0
    page.locator("[name=rowid]").first.check()
    bar = page.locator("#action_form").bounding_box()
    assert bar
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 390


@pytest.mark.parametrize("width", [1440, 390])
def test_a_filter_out_of_the_fold_leaves_the_fold_shut(open_as, width):
    page = open_as("head", width=width)
    page.goto("/clients/?with_inn=1&curated=1")
    expect(page.locator(".chip[href]", has_text="ИНН")).to_be_visible()
    expect(page.locator("#more-filters")).to_be_hidden()
    assert page.locator("main table tbody tr").first.bounding_box()["y"] < 480
    page.get_by_role("button", name=re.compile("фильтры", re.IGNORECASE)).click()
    expect(page.locator("#more-filters [name=with_inn]")).to_have_value("1")
    page.get_by_role("button", name="Применить").click()
    expect(page).to_have_url(re.compile("with_inn=1.*curated=1"))


@pytest.mark.parametrize("width", [1440, 390])
def test_a_word_without_end_is_broken(open_as, width):
    page = open_as("head", width=width)
    page.goto("/clients/1")
    name = page.locator("h1").inner_text()
    page.goto("/interactions/new/?client=1")
    page.locator("#kind").select_option(index=1)
    page.locator("[name=request]").fill(WORD)
    page.locator("[name=reaction]").fill(WORD)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/interactions/(\?.*)?$"))
    expect(page.locator("main tbody tr", has_text=name).first).to_contain_text("оченьдлинный")
    card = page.locator(".table-card")
    assert card.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    assert spill(page) == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_search_is_cut_in_its_chip(open_as, width):
    page = open_as("head", width=width)
    page.goto("/clients/?search=" + "щ" * 190)
    expect(page.locator(".chip-value")).to_have_attribute("title", "щ" * 190)
    assert spill(page) == 0


def test_a_card_of_the_list_is_dense_and_can_be_called_from(open_as):
    page = open_as("manager", width=390)
    page.goto("/clients/")
    rows = page.locator("main tbody tr")
    heights = sorted(row.bounding_box()["height"] for row in rows.all())
    assert heights[len(heights) // 2] < 844 / 3.5  # three and more of them are in sight
    row = page.locator("tr:has(.c-calls):has([data-column=curator]:not(.c-none))").first
    group, curator = (row.locator(f"[data-column={name}]").bounding_box() for name in ("group", "curator"))
    assert abs(group["y"] - curator["y"]) < 12
    expect(row.locator(".c-calls a[href^='tel:']").first).to_be_visible()
    assert spill(page) == 0
    wide = open_as("manager")
    wide.goto("/clients/")
    expect(wide.locator(".c-calls").first).to_be_hidden()
