"""Choices one types into: whoever types faster than the answer comes gets what he meant."""

import re
import time

import pytest
from playwright.sync_api import expect

SLOW = 1.5  # seconds


@pytest.fixture
def new_record(open_as):
    """The form of an interaction, whose clients are looked up slowly."""
    page = open_as("head")
    page.goto("/interactions/new/")

    def late(route):
        time.sleep(SLOW)
        route.continue_()

    page.route(re.compile("/ajax/lookup/"), late)
    return page


def test_enter_before_the_answer_chooses_the_first_that_is_found(new_record):
    box = new_record.get_by_role("combobox", name="Клиент", exact=True)
    box.press_sequentially("конд")
    box.press("Enter")
    box.press("Tab")
    expect(box).to_have_value(re.compile("конд", re.IGNORECASE))
    expect(box).not_to_have_value("конд")
    assert new_record.url.endswith("/interactions/new/")
    assert new_record.locator("[name=client]").input_value().isdigit()


def test_of_nothing_found_what_was_chosen_before_stays(new_record):
    box = new_record.get_by_role("combobox", name="Клиент", exact=True)
    box.press_sequentially("щщщщ")
    box.press("Enter")
    box.press("Tab")
    expect(box).to_have_value("")
    assert new_record.url.endswith("/interactions/new/")
