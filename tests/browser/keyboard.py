"""A hand on the keyboard: what it presses is counted, and compared with the number that is kept."""

import json
from pathlib import Path

from playwright.sync_api import expect

KEPT = Path(__file__).with_name("journeys.json")
FARTHEST = 60  # Tabs; what is not reached by then is not reached


class Keys:
    """Presses keys and counts them; text is typed besides."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def __call__(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def text(self, words):
        self.page.keyboard.type(words)

    def tab_to(self, place, by="Tab"):
        """As many Tabs (or arrows) as it takes: a stop that somebody adds on the way is counted."""
        for _ in range(FARTHEST):
            if place.evaluate("element => element === document.activeElement"):
                return
            self(by)
        raise AssertionError(f"{FARTHEST} times {by} do not lead to {place}")


def compare(journey, keys):
    """A change may make a journey shorter, and then the smaller number is kept; never longer."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))[journey]
    assert keys.pressed <= kept, f"{journey}: {keys.pressed} keys, where {kept} were enough"
    assert keys.pressed == kept, f"{journey} takes only {keys.pressed} keys: write it into {KEPT.name}"


def begun(page):
    """The form is there, and its keys are heard."""
    expect(page.locator("form[data-record][data-begun]").first).to_be_visible()
