"""A page as people see it: in which widths, lights and languages, what axe finds in it, whether it spills."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], preload: false}"
COLOURS = "{runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}, preload: false}"
PLACES = COLOURS.replace("]", ", 'target-size', 'scrollable-region-focusable']")
COVERED = RULES.replace("preload", "rules: {'target-size': {enabled: false}}, preload")
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
HEIGHTS = {1440: 900, 390: 844}
SWITCH = """language => {
  const form = document.createElement("form");
  form.method = "post"; form.action = "/language";
  const token = document.querySelector("[name=csrf_token]").value;
  for (const [name, value] of Object.entries({csrf_token: token, locale: language, next: "/groups/"})) {
    const field = document.createElement("input");
    field.name = name; field.value = value; form.append(field);
  }
  document.body.append(form); form.submit();
}"""


@dataclass(frozen=True)
class Look:
    """Of one page that is open already; ``rules``: what has not been asked of it in another look."""

    width: int
    dark: bool
    rules: str


def looks(first: int = 1440) -> list[Look]:
    """Both widths and both lights: of a page in Russian two of the four, in English the other two."""
    other = 390 if first == 1440 else 1440
    return [Look(first, False, RULES), Look(other, True, PLACES)]


def faults(page: Page, rules: str = RULES) -> list[Any]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # evaluate() is not subject to the page's own policy
    found = page.evaluate(f"axe.run(document, {rules})")["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:5]) for each in found]


def spill(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def seen(page: Page, look: Look) -> list[Any]:
    """What is wrong with the open page in that look."""
    page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
    page.emulate_media(color_scheme="dark" if look.dark else "light", reduced_motion="reduce")
    page.evaluate("scrollTo(0, 0)")  # what one has scrolled under the top line is half covered, and may be
    page.evaluate(DRAWN)
    wrong = faults(page, look.rules)
    if (over := spill(page)) > 0:
        wrong.append(f"spills over by {over} px")
    return wrong


def switch(page: Page, language: str) -> None:
    """Remembered with the person: whoever comes after him wants it put back."""
    page.goto("/groups/")
    with page.expect_navigation():
        page.evaluate(SWITCH, language)
    page.wait_for_selector(f"html[lang={language}]")
