"""The day begins with what is to be done, and a silence is asked about, answered and let be."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from crmadmin.core.config import MOSCOW
from tests.browser.test_record import open_card, some_words


def test_a_plan_is_moved_from_today_with_one_thumb(open_as):
    page = open_as("manager", width=390)
    open_card(page, at=5)
    client = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("1")
    page.locator("[name=request]").fill(some_words("Просят перезвонить"))
    page.locator("label.chip", has_text="дата").click()
    soon = datetime.now(MOSCOW) + timedelta(minutes=3)
    page.locator("[name=next_at]").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.locator("[name=request]").press("Enter")
    expect(page.locator(".record-said")).to_have_text(re.compile("Записано"))
    page.goto("/")
    row = page.locator(".day-row[id^=plan-]", has_text=client).first
    expect(row).to_be_visible()
    row.get_by_role("link", name="Перенести").click()
    later = datetime.now(MOSCOW) + timedelta(days=3)
    row.locator("[name=at]").fill(f"{later:%Y-%m-%dT%H:%M}")
    row.get_by_role("button", name="Перенести").click()
    expect(row).to_contain_text("Перенесено")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto("/")
    expect(page.locator(".day-row[id^=plan-]", has_text=client)).to_have_count(0)


def test_the_head_asks_about_a_silent_client_and_lets_another_be(open_as):
    page = open_as("head")
    page.goto("/silence/")
    asked = page.locator("[id^=silent-]", has=page.get_by_role("link", name=re.compile("Спросить"))).first
    name = asked.locator(".row-name").inner_text()
    asked.get_by_role("link", name=re.compile("Спросить")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.locator("[name=question]").fill("Что происходит?")
    page.get_by_role("button", name="Спросить", exact=True).click()
    expect(page.locator("#radar-talks")).to_be_visible()
    page.get_by_role("link", name=name, exact=True).and_(page.locator(".radar-team a")).click()
    expect(page.locator("blockquote")).to_have_text("Что происходит?")
    page.locator("[name=waiver]").fill("Сезонный клиент")
    page.get_by_role("button", name="Пусть молчит").click()
    expect(page.get_by_text("можно молчать")).to_be_visible()
