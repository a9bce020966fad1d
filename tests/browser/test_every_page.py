"""Every page, in both widths, lights and languages: nothing spills, nothing is out of reach of anybody."""

from pathlib import Path

import pytest

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"

PAGES = [
    "/clients/",
    "/clients/?search=ооо",
    "/clients/?search=нет+такого+клиента",
    "/clients/1",
    "/clients/new/",
    "/clients/edit/?id=1",
    "/interactions/",
    "/interactions/new/",
    "/contact-persons/",
    "/contact-persons/new/",
    "/groups/",
    "/curators/",
    "/search?q=ооо",
    "/search?q=нет+такого+клиента",
    "/people/",
    "/people/new/",
    "/reference/industries/",
    "/reference/regions/",
    "/reference/kinds/",
    "/reference/results/",
    "/reference/channels/",
    "/reference/regions/new/",
    "/password",
    "/no-such-page",
]
SWITCH = """language => {
  const form = document.createElement("form");
  form.method = "post"; form.action = "/language";
  const token = document.querySelector("[name=csrf_token]").value;
  for (const [name, value] of Object.entries({csrf_token: token, locale: language, next: "/clients/"})) {
    const field = document.createElement("input");
    field.name = name; field.value = value; form.append(field);
  }
  document.body.append(form); form.submit();
}"""
LOOKS = [(1440, False, "ru"), (1440, True, "en"), (390, False, "en"), (390, True, "ru")]


def faults(page):
    page.evaluate(AXE)  # evaluate() is not subject to the page's own policy
    found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:5]) for each in found]


def spill(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS, ids=lambda value: str(value))
def test_pages_are_accessible_and_fit(open_as, width, dark, language):
    page = open_as("admin", width=width, dark=dark)
    page.goto("/clients/")
    page.evaluate(SWITCH, language)
    page.wait_for_selector(f"html[lang={language}]")
    wrong = {}
    for address in PAGES:
        page.goto(address)
        if found := faults(page):
            wrong[address] = found
        if (over := spill(page)) > 0:
            wrong.setdefault(address, []).append(f"spills over by {over} px")
    assert wrong == {}


def test_signing_in_is_accessible(open_as):
    for width, dark in ((1440, False), (390, True)):
        page = open_as(None, width=width, dark=dark)
        page.goto("/login")
        assert faults(page) == []
        assert spill(page) == 0
