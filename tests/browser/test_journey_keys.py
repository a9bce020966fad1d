"""A journey takes no more keys than it ever did: numbers that are kept in journeys.json."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from crmadmin.core.config import MOSCOW
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keys, compare
from tests.browser.test_record import some_words


def somebody_new(site):
    """A manager whose Today holds nothing: what stands on it is what the test has put there."""
    said = site.flask("people", "add", "stepan", "--name", "Степан Шагов", "--role", "manager", "--generate")
    return "stepan", re.search(r"\S+\s*\Z", said).group().strip()


def planned_soon(page, words):
    """A call with a client that has a telephone, within minutes."""
    page.goto("/clients/")
    row = page.locator("main table tbody tr", has=page.locator("a[href^='tel:']")).first
    row.locator(".row-name, .c-name a:not([href^='tel:'])").first.click()
    page.locator("label.chip", has_text="Звонок").first.click()
    page.locator("[name=request]").fill(words)
    page.locator("label.chip", has_text="дата").click()
    soon = datetime.now(MOSCOW) + timedelta(minutes=5)
    page.locator("[name=next_at]").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream")).to_contain_text(words)


def test_a_planned_call_is_recorded_from_today_in_as_many_keys_as_ever(open_as, site):
    page = open_as(None)
    sign_in(page, *somebody_new(site))
    planned_soon(page, some_words("Просят перезвонить"))
    page.goto("/")
    plan = page.locator(".day-row[id^=plan-]")
    expect(plan).to_have_count(1)
    press, asked, done = Keys(page), some_words("Перезвонили"), "Отправил прайс"
    press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    press("Enter")
    press.tab_to(plan.get_by_role("link", name="Состоялось"))
    press("Enter")
    expect(plan.locator("[name=request]")).to_be_focused()
    press.text(asked)
    press.tab_to(plan.locator("[name=reaction]"))
    press.text(done)
    press.tab_to(plan.locator("[name=result]").first)
    press("Space")
    press.tab_to(plan.locator("[name=minutes]").first)
    press("ArrowRight", "Enter")
    saved = page.locator(".plan-done a")
    expect(saved).to_have_text("Записано.")
    compare("a planned call, from Today", press)
    page.goto(saved.get_attribute("href"))
    expect(page.locator("#client-stream .tl-held", has_text=asked)).to_contain_text("15 мин")
