"""The pages of the managers' numbers: who may open them, and that page and files say the same."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.reports.indicators import INDICATORS, MAIN
from crmadmin.rules import periods
from crmadmin.rules.periods import Unit
from crmadmin.services import kpi
from models import JournalEntry
from models.kinds import Language, Role
from tests import factories as make
from tests.services.kpi_world import NOW, a_world, promise
from tests.views.kpi_reading import as_typed, csv_of, json_of, said, table_of, xlsx_of

MONTH = "from=2026-01-01&to=2026-01-31"


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


def lately(person, **given):
    return make.an_interaction(person=person, happened_at=clock.now() - timedelta(hours=1), **given)


# Rights


def test_a_manager_is_led_to_his_own_page_with_the_period_he_asked_for(session, signed_in):
    person = make.a_user()
    answer = signed_in(person).get("/kpi/?unit=week&on=2026-02-04&_external=1&_scheme=javascript&more=1")
    assert answer.status_code == 302
    assert answer.location == f"/kpi/{person.id}?unit=week&on=2026-02-04"
    assert signed_in(person).get(answer.location).status_code == 200


PAGES = {
    "/kpi/": (302, 200, 403, 200),
    "/kpi/export/csv/": (403, 200, 403, 200),
    "/kpi/matrix": (403, 200, 403, 200),
    "/kpi/matrix/export/csv/": (403, 200, 403, 200),
    "/kpi/rows?indicator=calls": (403, 200, 403, 200),
    "/kpi/rows/export/csv/?indicator=calls": (403, 200, 403, 200),
    "/kpi/{own}": (200, 200, 403, 200),
    "/kpi/{own}/export/csv/": (200, 200, 403, 200),
    "/kpi/{own}/rows?indicator=calls": (200, 200, 403, 200),
    "/kpi/{own}/rows/export/csv/?indicator=calls": (200, 200, 403, 200),
    "/kpi/{other}": (404, 200, 403, 200),
    "/kpi/{other}/export/csv/": (404, 200, 403, 200),
    "/kpi/{other}/rows?indicator=calls": (404, 200, 403, 200),
    "/kpi/{other}/rows/export/csv/?indicator=calls": (404, 200, 403, 200),
    "/kpi/999999": (404, 404, 403, 404),
    "/kpi/99999999999999999999/rows?indicator=calls": (404, 404, 403, 404),
}


def test_a_manager_sees_himself_the_head_everybody_and_a_colleague_nobody(session, signed_in):
    other = make.a_user()
    for place, role in enumerate((Role.manager, Role.head, Role.colleague, Role.admin)):
        viewer = make.a_user(role)
        ask = signed_in(viewer)
        for address, expected in PAGES.items():
            where = address.format(own=viewer.id, other=other.id)
            assert ask.get(where).status_code == expected[place], (role, where)


def test_nobody_s_name_is_on_a_manager_s_page(session, signed_in):
    people = [make.a_user(name=f"Тайный Человек {n}") for n in range(4)]
    for person in people:
        lately(person)
    viewer = make.a_user(name="Анна")
    page = signed_in(viewer).get(f"/kpi/{viewer.id}?compare=team")
    assert "Median of the team" in page.text
    assert "Тайный Человек" not in page.text


# Page and files


def test_page_and_files_say_the_same_of_everybody(session, signed_in, head):
    world = a_world(session, 5)
    with clock.stopped_at(NOW):
        for _n in range(25):
            promise(world)
        ask = signed_in(head)
        page = table_of(ask.get(f"/kpi/?{MONTH}&more=1"))
        rows = csv_of(ask.get(f"/kpi/export/csv/?{MONTH}&more=1"))
        sheet = as_typed(xlsx_of(ask.get(f"/kpi/export/xlsx/?{MONTH}&more=1")))
        said_in_json = json_of(ask.get(f"/kpi/export/json/?{MONTH}&more=1"))

    assert sheet == rows
    headers, people = rows[0], rows[1:]
    assert len(people) == len(page) - 1 >= 6
    places = range(2, 2 + len(INDICATORS))
    for told, shown in zip(people, page[1:], strict=True):
        assert shown == [told[0], *(said(headers[at], told[at]) for at in places)]
    objects = [*said_in_json["rows"], said_in_json["median"], said_in_json["total"]]
    assert [["" if value is None else str(value) for value in each.values()] for each in objects] == people
    assert list(objects[0])[2 : 2 + len(INDICATORS)] == list(INDICATORS)
    assert (said_in_json["from"], said_in_json["to"]) == ("2026-01-01", "2026-01-31")


def test_page_and_files_say_the_same_of_one(session, signed_in, head):
    world = a_world(session, 6)
    person = world.people[0]
    with clock.stopped_at(NOW):
        ask = signed_in(head)
        page = ask.get(f"/kpi/{person.id}?{MONTH}").text
        rows = csv_of(ask.get(f"/kpi/{person.id}/export/csv/?{MONTH}"))
        sheet = as_typed(xlsx_of(ask.get(f"/kpi/{person.id}/export/xlsx/?{MONTH}")))
        objects = json_of(ask.get(f"/kpi/{person.id}/export/json/?{MONTH}"))["rows"]

    assert sheet == rows
    assert [["" if value is None else str(value) for value in each.values()] for each in objects] == rows[1:]
    cards = re.findall(r'<li class="card kpi-one.*?</li>', page, re.DOTALL)
    assert len(cards) == len(rows) - 1 == len(INDICATORS)
    shown = {}
    for card in cards:
        title = re.search(r"<h3[^>]*>(.*?)</h3>", card)[1]
        number = re.search(r'<p class="kpi-number">(?:<a [^>]*>)?(.*?)<', card)[1]
        line = re.findall(r"<td(?: data-value=\"[^\"]*\")?>([^<]*)</td><td", card)
        shown[title] = (number, line)
    for row in rows[1:]:
        header, value, *rest = row
        number, line = shown[header.removesuffix(", %").removesuffix(", h")]
        assert number == said(header, value)
        if line:
            assert line == [*(said(header, each) for each in rest[-12:]), said(header, value)]


def test_a_name_that_looks_like_a_formula_is_a_text_in_a_file(session, signed_in, head):
    bad = make.a_user(name="=HYPERLINK(1)")
    lately(bad, client=make.a_client(name="+cmd|' /C calc'!A0"))
    ask = signed_in(head)
    cells = [cell for row in csv_of(ask.get("/kpi/export/csv/")) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    told = [cell for row in csv_of(ask.get("/kpi/rows/export/csv/?indicator=contacts")) for cell in row]
    assert "'+cmd|' /C calc'!A0" in told
    assert "'+cmd|' /C calc'!A0" in [
        cell for row in csv_of(ask.get("/kpi/matrix/export/csv/")) for cell in row
    ]


FILES = (
    ("/kpi/export/{}/", "kpi"),
    ("/kpi/{own}/export/{}/", "kpi-person"),
    ("/kpi/{own}/rows/export/{}/?indicator=contacts", "kpi-rows"),
    ("/kpi/rows/export/{}/?indicator=contacts", "kpi-rows"),
    ("/kpi/matrix/export/{}/", "kpi-matrix"),
)


def test_every_file_and_every_printing_is_in_the_journal(session, signed_in, head):
    lately(head)
    ask = signed_in(head)
    for address, name in FILES:
        for kind in ("csv", "xlsx", "json", "print"):
            where = address.replace("{}", kind).format(own=head.id)
            before = len(session.scalars(select(JournalEntry).where(JournalEntry.kind == "export")).all())
            assert ask.head(where).status_code == 200
            assert ask.get(where).status_code == 200
            entries = session.scalars(
                select(JournalEntry).where(JournalEntry.kind == "export").order_by(JournalEntry.id)
            ).all()
            assert len(entries) == before + 1, where
            assert entries[-1].data["list"][1] == name
            assert entries[-1].data["rows"][1] >= 1
        assert ask.get(address.replace("{}", "docx").format(own=head.id)).status_code == 404


# Addresses


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("", "March 2026"),
        ("unit=week", "2 Mar – 8 Mar"),
        ("unit=day&on=2026-02-04", "4 Feb"),
        ("unit=quarter&on=2025-05-05", "quarter 2, 2025"),
        ("unit=year", "2026"),
        ("period=2025-12", "December"),
        ("from=2026-02-03&to=2026-02-12", "3 Feb – 12 Feb"),
        ("from=2026-02-01&to=2026-02-28", "February 2026"),
        ("from=2026-02-12&to=2026-02-03", "March 2026"),
        ("from=2026-02-12", "March 2026"),
        ("from=x&to=1&unit=month&on=0000", "March 2026"),
        ("unit=century&on=2026-02-04", "March 2026"),
        ("period=2026-99", "March 2026"),
        ("period=9999-12", "March 2026"),
        ("unit=year&on=0001-01-01", "2026"),
        ("from=0001-01-01&to=9999-12-31", "March 2026"),
        ("compare=mars&sort=x&page=9999&more=2", "March 2026"),
        ("from=2026-02-01&to=2026-02-28&unit=year&on=%00", "February 2026"),
    ],
)
def test_the_address_says_the_period_and_nonsense_in_it_is_the_usual(
    session, signed_in, head, address, title
):
    page = signed_in(head).get(f"/kpi/?{address}")
    assert page.status_code == 200
    assert title in re.search(r'class="kpi-when">([^<]*)<', page.text)[1]


def test_more_than_five_years_are_refused_kindly(session, signed_in, head):
    ask = signed_in(head)
    page = ask.get("/kpi/?from=2015-01-01&to=2025-12-31")
    assert page.status_code == 200
    assert "at most 5 years" in page.text
    assert "March 2026" in page.text
    file = ask.get("/kpi/export/csv/?from=2015-01-01&to=2025-12-31")
    assert file.status_code == 422
    assert "at most 5 years" in file.text


def test_the_table_is_sorted_by_any_number_and_keeps_that_in_its_files(session, signed_in, head):
    people = {name: make.a_user(name=name) for name in ("Анна", "Борис", "Вера")}
    for number, name in enumerate(("Борис", "Анна", "Вера")):
        for _n in range(number):
            lately(people[name])
    ask = signed_in(head)
    for address, order in (("sort=contacts", "Вера Анна Борис"), ("sort=contacts&asc=1", "Борис Анна Вера"),
                           ("sort=name", "Анна Борис Вера")):  # fmt: skip
        expected = order.split()
        assert [row[0] for row in table_of(ask.get(f"/kpi/?{address}"))[1:4]] == expected
        assert [row[0] for row in csv_of(ask.get(f"/kpi/export/csv/?{address}"))[1:4]] == expected


# What a page says and weighs


def test_what_asks_for_a_talk_says_so_in_a_word_and_too_many_what_they_brought(session, signed_in, head):
    person = make.a_user(name="Яков", created_at=clock.now() - timedelta(days=400))
    make.a_norm(person=person, set_by=head, low=None, high=0)
    make.a_norm(person=person, set_by=head, indicator="calls", low=50, high=None)
    lately(person, result=make.a_result())
    page = signed_in(head).get("/kpi/?period=2026-03").text
    (row,) = re.findall(r"<tr><th scope=\"row\"><a [^>]*>Яков.*?</tr>", page, re.DOTALL)
    contacts = re.search(r"<td.*?</td>", row)[0]
    assert contacts.startswith('<td class="high"><a href="/kpi/')
    assert 'title="up to 0, own norm">1</a><b>too many</b>' in contacts
    assert "100\u00a0% with a result" in contacts


def test_a_page_of_twenty_five_people_weighs_what_a_page_may(session, signed_in):
    people = [make.a_user(name=f"Александра Воскресенская {n}", created_at=clock.now() - timedelta(days=500))
              for n in range(27)]  # fmt: skip
    client = make.a_client(name="ООО «Северо-Западная верфь»", curator=people[0])
    kind = make.an_interaction_kind()
    for place, person in enumerate(people):
        for n in range(place % 2, 14, 2):
            at = clock.now() - timedelta(days=28 * n, hours=place + 1)
            make.an_interaction(person=person, client=client, kind=kind, happened_at=at)
    ask = signed_in(make.a_user(Role.head, language=Language.ru))
    for address in ("", "?more=1&sort=calls", "?from=2026-02-01&to=2026-02-27&compare=year"):
        page = ask.get(f"/kpi/{address}")
        assert len(page.data) < 100 * 1024, address
    assert len(ask.get(f"/kpi/{people[1].id}").data) < 100 * 1024
    found = [row[0] for at in range(2) for row in table_of(ask.get(f"/kpi/?page={at}"))[1:-2]]
    assert sorted(found) == sorted(person.name for person in people)


def test_the_main_indicators_are_shown_unless_one_asks_for_more(session, signed_in, head):
    make.a_user()
    ask = signed_in(head)
    assert len(table_of(ask.get("/kpi/"))[0]) == 1 + len(MAIN)
    assert len(table_of(ask.get("/kpi/?more=1"))[0]) == 1 + len(INDICATORS)


def test_an_empty_department_says_what_belongs_there(session, signed_in, head):
    assert "There is no manager yet" in signed_in(head).get("/kpi/").text


@pytest.mark.parametrize(
    "address", ["/kpi/", "/kpi/{one}", "/kpi/{one}/rows?indicator=contacts", "/kpi/matrix"]
)
def test_a_page_costs_the_same_however_many_there_are(session, signed_in, head, queries, address):
    one = make.a_user()
    costs = []
    for number in (2, 18):
        for _n in range(number):
            lately(make.a_user())
            lately(one)
        where = address.format(one=one.id)
        kpi.team(head, periods.around(Unit.month, clock.now().date()))  # is kept
        session.commit()
        ask = signed_in(head)
        ask.get(where)
        with queries().counting() as seen:
            assert ask.get(where).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 24
