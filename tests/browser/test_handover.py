"""A leaver is handed over; somebody is away, and whoever acts for him edits a client of his."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from crmadmin.core.config import MOSCOW


def choose(page, name, text):
    """In a select, though it may have become a searchable field."""
    page.locator(f"select[name={name}]").evaluate(
        """(list, text) => {
             list.value = [...list.options].find((option) => option.text.includes(text)).value;
             list.dispatchEvent(new Event("change", {bubbles: true}));
           }""",
        text,
    )


def test_a_leaver_is_handed_over_and_then_deactivated(open_as):
    page = open_as("admin")
    page.goto("/curators/?sort=clients")
    page.goto("/people/")
    page.get_by_role("link", name=re.compile("Елена|Elena")).first.click()
    number = re.search(r"id=(\d+)", page.url)[1]
    page.goto(f"/people/edit/?id={number}")
    page.locator("[name=active]").uncheck()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("#active-error")).to_contain_text("куратор")
    page.locator("#active-error a").click()

    expect(page.get_by_role("heading", name="Ещё на руках")).to_be_visible()
    page.locator("[name=target]").select_option(index=1)
    page.locator("[name=reason]").fill("Уходит, клиенты переданы")
    start = page.locator("button[value=start]")
    expect(start).to_contain_text("Передать:")
    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ничего не осталось")).to_be_visible(timeout=30_000)
    page.locator("button[value=deactivate]").click()
    page.locator("#ask button[value=yes]").click()
    expect(page.get_by_role("heading", name="Не работает")).to_be_visible()

    page.goto("/handover/")
    page.locator("main table a").first.click()
    page.get_by_role("link", name="Справки для печати").click()
    expect(page.locator(".brief").first).to_be_visible()


def test_a_substitute_edits_a_client_of_whoever_is_away(open_as):
    head = open_as("head")
    head.goto("/substitutions/new")
    choose(head, "person", "Дмитрий")
    now = datetime.now(MOSCOW).date()  # the browser's server knows no stopped clock
    head.locator("[name=first]").fill(f"{now}")
    head.locator("[name=back]").fill(f"{now + timedelta(days=7)}")
    head.get_by_role("button", name="Сохранить").click()
    expect(head.locator("#rest-error")).to_be_visible()
    choose(head, "rest", "Анна")
    head.get_by_role("button", name="Сохранить").click()
    expect(head.locator(".absence").filter(has_text="Дмитрий")).to_contain_text("Анна")

    anna = open_as("manager")
    anna.goto("/clients/")
    anna.get_by_role("link", name="Замещаю", exact=True).click()
    anna.locator("main table tbody tr a").first.click()
    expect(anna.locator(".curators-acting")).to_contain_text("Анна")
    anna.get_by_role("link", name="Изменить").first.click()
    anna.locator("[name=city]").fill("Тверь")
    anna.get_by_role("button", name="Сохранить", exact=True).click()
    expect(anna.locator("#city-error")).to_have_count(0)
    expect(anna.get_by_text("Тверь").first).to_be_visible()
