"""A plan is moved in the calendar by keys and by dragging, and put back."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from crmadmin.core.config import MOSCOW
from tests.browser.test_record import open_card, some_words

DAY = timedelta(days=1)


def a_plan(page, at, when):
    """A call of today with a next contact on that day; the client's name."""
    open_card(page, at=at)
    client = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("1")
    page.locator("[name=request]").fill(some_words("Просят встретиться"))
    page.locator("label.chip", has_text="дата").click()
    page.locator("[name=next_at]").fill(f"{when:%Y-%m-%dT%H:%M}")
    page.locator("[name=request]").press("Enter")
    expect(page.locator(".record-said")).to_have_text(re.compile("Записано"))
    return client


def on(page, day, client):
    """The plan that was made here: he may have another of that day."""
    plans = page.locator(f"[data-day='{day:%Y-%m-%d}'] [data-plan]", has_text=client)
    return plans.filter(has_text="11:45")


def test_a_plan_is_moved_by_keys_and_by_dragging_and_put_back(open_as):
    page = open_as("manager")
    soon = datetime.now(MOSCOW).replace(hour=11, minute=45) + 9 * DAY
    monday = soon - soon.weekday() * DAY  # three days of one week, that ahead lie
    client = a_plan(page, 6, monday)
    page.goto(f"/calendar/?view=week&on={monday:%Y-%m-%d}")
    on(page, monday, client).locator("a").first.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(on(page, monday + DAY, client)).to_be_visible()
    expect(on(page, monday + DAY, client).locator("a").first).to_be_focused()
    on(page, monday + DAY, client).drag_to(page.locator(f"[data-day='{monday + 3 * DAY:%Y-%m-%d}']"))
    expect(on(page, monday + 3 * DAY, client)).to_be_visible()
    page.get_by_role("button", name="Отменить", exact=True).click()
    expect(on(page, monday + DAY, client)).to_be_visible()
    page.reload()
    expect(on(page, monday + DAY, client)).to_be_visible()


def test_a_contact_comes_again_from_the_card(open_as):
    page = open_as("manager")
    open_card(page, at=7)
    client = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Запланировать с повтором").click()
    first = datetime.now(MOSCOW) + 8 * DAY
    page.locator("[name=every]").fill("1")
    page.locator("[name=starts_on]").fill(f"{first:%Y-%m-%d}")
    page.get_by_role("button", name="Запланировать", exact=True).click()
    expect(page.get_by_text("каждую неделю").first).to_be_visible()
    page.goto(f"/calendar/?view=week&on={first + 7 * DAY:%Y-%m-%d}")
    later = page.locator(f"[data-day='{first + 7 * DAY:%Y-%m-%d}'] .cal-later", has_text=client)
    expect(later).to_be_visible()
