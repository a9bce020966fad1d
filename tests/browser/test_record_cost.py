"""The program measures what recording costs: seconds in sight, keys, and forms that were left.

Words are Latin here: others reach the page without a key.
"""

import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, func, select

from models import RecordCost
from models.kinds import Saving
from tests.browser.keyboard import Keys, begun
from tests.browser.test_record import open_card, some_words

HIDE = """shown => {
  Object.defineProperty(document, "hidden", { value: !shown, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
PATIENCE = 20  # seconds, until what a browser has sent is kept


@pytest.fixture
def costs(site):
    """What was kept since the test has begun; asked with a number, it waits until there are so many."""
    engine = create_engine(site.environment["CRM_DATABASE_URL"])
    columns = (RecordCost.door, RecordCost.saving, RecordCost.seconds, RecordCost.keys)
    with engine.connect() as connection:
        last = connection.scalar(select(func.coalesce(func.max(RecordCost.id), 0)))

    def kept(many=0):
        until = time.monotonic() + PATIENCE
        while True:
            with engine.connect() as connection:
                asked = select(*columns).where(RecordCost.id > last).order_by(RecordCost.id)
                found = connection.execute(asked).all()
            if len(found) >= many or time.monotonic() > until:
                return found
            time.sleep(0.1)

    yield kept
    engine.dispose()


def test_a_record_from_the_card_tells_its_seconds_in_sight_and_its_keys(open_as, costs):
    page = open_as("manager")
    page.clock.install()
    open_card(page, at=10)
    page.clock.fast_forward(300_000)  # the card was read first: that is no recording
    press, words = Keys(page), some_words("terms")
    press("1", "Tab", "Tab")
    page.clock.fast_forward(7_000)
    page.evaluate(HIDE, False)
    page.clock.fast_forward(600_000)  # another window was before it
    page.evaluate(HIDE, True)
    press.text(words)
    page.clock.fast_forward(5_000)
    press("Enter")
    expect(page.locator("#client-stream .timeline li", has_text=words)).to_be_visible()
    ((door, saving, seconds, keys),) = costs(1)
    assert (door, saving) == ("quick", Saving.saved)
    assert 12 <= seconds <= 40
    assert keys == press.pressed + len(words)
    page.goto("/")
    assert len(costs()) == 1, "what was saved is not left"


def test_what_was_typed_and_not_saved_is_left(open_as, costs):
    page = open_as("manager")
    card = open_card(page, at=11)
    page.keyboard.press("2")  # a kind alone is nothing that is lost
    page.goto("/clients/")
    page.goto(card)
    begun(page)
    page.locator("[name=request]").press_sequentially("abc")
    page.goto("/clients/")
    ((door, saving, seconds, keys),) = costs(1)
    assert (door, saving, keys) == ("quick", Saving.abandoned, 3)
    assert seconds >= 1


def test_a_refused_form_counts_on_and_is_no_form_that_was_left(open_as, costs):
    page = open_as("manager")
    open_card(page, at=12)
    page.locator("[name=request]").press_sequentially("price")
    page.keyboard.press("Enter")  # what it was is not said
    expect(page.locator("[data-wrong] .invalid-feedback")).to_be_visible()
    expect(page.locator("[name=kind]").first).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("[name=kind]").first).to_be_checked()
    page.locator("label.chip", has_text="завтра").click()
    page.locator("[name=request]").press("Enter")
    expect(page.locator(".record-said")).to_contain_text("Записано")
    assert [(door, saving, keys) for door, saving, _seconds, keys in costs(1)] == [
        ("quick", Saving.saved, len("price") + 3)
    ]


def test_a_plan_s_form_that_is_closed_again_is_left_at_once(open_as, costs):
    page = open_as("manager")
    open_card(page, at=13)
    page.keyboard.press("1")
    words = some_words("Договорились")
    page.locator("[name=request]").fill(words)
    page.locator("label.chip", has_text="завтра").click()
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream .tl-held", has_text=words)).to_be_visible()
    line = page.locator("#client-stream .tl-planned", has_text="завтра").first
    for typed in ("", "oh"):  # the first time nothing is typed
        line.get_by_role("link", name="Состоялось").click()
        expect(line.locator("[name=request]")).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Escape")
        expect(line.locator("[name=request]")).to_have_count(0)
    kept = costs(2)
    assert [(door, saving) for door, saving, *_rest in kept] == [
        ("quick", Saving.saved),
        ("plan", Saving.abandoned),
    ]
    assert kept[1].keys == 3  # the Escape, too


def test_the_full_form_is_measured_from_its_coming(open_as, costs):
    page = open_as("manager")
    card = open_card(page, at=14)
    page.clock.install()
    page.goto(f"/interactions/new/?client={card.rpartition('/')[2]}")
    page.clock.fast_forward(30_000)
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("[name=request]").press_sequentially("long story")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.wait_for_url(lambda address: "/new" not in address)
    ((door, saving, seconds, keys),) = costs(1)
    assert (door, saving) == ("full", Saving.saved)
    assert 30 <= seconds <= 60
    assert keys >= len("long story")
    page.goto("/")
    assert len(costs()) == 1
