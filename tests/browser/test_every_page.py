"""Every page, in both widths, lights and languages: nothing spills, nothing is out of reach of anybody."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select

from models import Client, Interaction
from models.kinds import BulkKind, InteractionState
from tests.browser.looks import COVERED, RULES, Look, faults, looks, seen, spill, switch
from tests.house.doors import doors, leading
from views.admin.base import EntityView

NO_PAGES = {"ajax_lookup", "cell", "export", "later_filters", "lines", "fresh", "file", "json", "check",
            "person_export", "rows_export", "matrix_export", "table_export"}  # fmt: skip
"""Doors by GET that lead to parts of a page, to files, and to what scripts read."""

STATES = (
    "/clients/?search=ооо&page_size=20",
    "/clients/?search=нет+такого+клиента",
    "/clients/?archived=all&with_inn=1&next_contact=overdue&page_size=20",
    "/clients/export/print/?search=кондитерская",
    "/clients/edit/?id={other}",
    "/interactions/?state=planned&page_size=20",
    "/interactions/new/?client={client}",
    "/record/plan/{plan}/held",
    "/record/plan/{plan}/move",
    "/record/plan/{plan}/cancel",
    "/clients/{client}/report?for=client",
    "/clients/{client}?small=0",
    "/search?q=ооо",
    "/search?q=нет+такого+клиента",
    "/handover/new?client={client}",
    "/handover/offer?client={client}",
    *(f"/bulk/new?act={act}&ids={{client}}" for act in BulkKind),
    "/no-such-page",
)
"""What a page can be besides what its bare address shows."""

WIDTHS = {"ru": 1440, "en": 390}  # in which a page is opened, before it is turned to the other
PARTS = 4  # one test each, so that they go on side by side
LOOKERS = {"ru": ("manager", "head", "admin"), "en": ("admin",)}  # whoever of them gets in first
LANGUAGES = ["ru", "en"]


@pytest.fixture(scope="module")
def rows(site):
    """Of each table a row that is there: of clients the one of whom every kind of event is told."""
    engine = create_engine(site.environment["CRM_DATABASE_URL"])
    told = {Client: Client.name == "Кондитерская фабрика «Заря»"}

    def id_of(model, *where):
        where = where or ([told[model]] if model in told else [])
        with engine.connect() as connection:
            return connection.scalar(select(model.id).where(*where).order_by(model.id.desc()).limit(1)) or 1

    yield id_of
    engine.dispose()


@pytest.fixture(scope="module")
def addresses(app, rows):
    """Of every door that a page is behind, so that a new page is looked at without being named here."""
    plan = rows(Interaction, Interaction.state == InteractionState.planned)
    ids = {"client": rows(Client), "other": rows(Client, Client.name != ""), "plan": plan}
    found = []
    for door in doors(app):
        method = door.endpoint.partition(".")[2]
        if "GET" in door.methods and door.permission and method not in NO_PAGES:
            few = "?page_size=20" if method == "index_view" and isinstance(door.view, EntityView) else ""
            found += [where + few for where in leading(app, door, rows)]
    return [*found, *(state.format(**ids) for state in STATES)]


@pytest.fixture
def speaking(open_as):
    """``speaking("en", "admin")``: a page of somebody who has chosen that language until the test is over."""
    pages = []

    def opened(language, role):
        page = open_as(role, width=WIDTHS[language])
        switch(page, language)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        switch(page, "ru")


def entered(pages, address):
    """The page of whoever gets in first; None where nobody does."""
    for page in pages:
        answer = page.goto(address)
        if answer is not None and answer.status in {200, 404}:
            return page
    return None


@pytest.mark.only_on("sqlite", "how a page looks is of no database")
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_accessible_and_fit(speaking, addresses, language, part):
    """A page opened once in each language is turned to both widths and lights; wide at first, or narrow."""
    pages = [speaking(language, role) for role in LOOKERS[language]]
    wrong, before = {}, set()
    for address in addresses[part::PARTS]:
        page = entered(pages, address)
        assert page, f"{address} lets nobody in"
        if page.url not in before:
            before.add(page.url)
            for look in looks(WIDTHS[language]):
                if found := seen(page, look):
                    wrong[f"{address} {look.width} {'dark' if look.dark else 'light'}"] = found
    assert wrong == {}


def a_dialog(page):
    page.get_by_role("button", name="Столбцы").click()
    expect(page.locator("dialog#columns")).to_be_visible()


def the_keys(page):
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()


def ticked_rows(page):
    page.locator("[data-pick-all]").check()
    expect(page.locator("#action_form")).to_be_visible()


def an_open_cell(page):
    cell = page.locator("td[data-cell=next_contact_at]").first
    cell.locator(".cell-pencil").focus()
    page.keyboard.press("Enter")
    expect(cell.locator("form [name=value]")).to_be_focused()


@pytest.mark.parametrize("opened", [a_dialog, the_keys, ticked_rows, an_open_cell])
def test_what_opens_over_a_list_is_accessible_and_fits(open_as, opened):
    """But for rows that lie half under the bar of acts, until one scrolls."""
    page = open_as("head")
    page.goto("/clients/?search=ооо&page_size=20")
    opened(page)
    rules = COVERED if opened is ticked_rows else RULES
    all_of_it = [Look(width, dark, rules) for width in (1440, 390) for dark in (False, True)]
    wrong = {f"{look.width} {look.dark}": found for look in all_of_it if (found := seen(page, look))}
    assert wrong == {}


def test_signing_in_is_accessible(open_as):
    for width, dark in ((1440, False), (390, True)):
        page = open_as(None, width=width, dark=dark)
        page.goto("/login")
        assert faults(page) == []
        assert spill(page) == 0
