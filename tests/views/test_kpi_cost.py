"""The page of what recording costs: of everybody, shown to everybody, and the same in every file."""

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from crmadmin.services import kpi_cost
from models import JournalEntry
from models.kinds import Role, Saving
from tests.factories import a_record_cost, a_user, an_interaction, an_interaction_kind

MONDAY = date(2026, 3, 2)
PAGE = "/kpi/cost"


@pytest.fixture
def measured(session, noon):
    """Two people and two weeks: Anna is slow, Boris left a form and wrote down late."""
    anna, boris = a_user(name="Анна Белова"), a_user(Role.colleague, name="Борис Ежов")
    for seconds, keys in ((30, 40), (50, 61)):
        a_record_cost(person=anna, seconds=seconds, keys=keys, door="full")
    a_record_cost(person=boris, seconds=12, keys=20)
    a_record_cost(person=boris, seconds=5, keys=5, saving=Saving.abandoned)
    a_record_cost(person=anna, seconds=11, keys=33, on_day=MONDAY - timedelta(days=1))
    an_interaction(
        person=boris,
        kind=an_interaction_kind(),
        happened_at=noon - timedelta(hours=3),
        recorded_at=noon,
    )
    return anna, boris


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_everybody(session, signed_in, measured, role):
    answer = signed_in(a_user(role)).get(PAGE)
    assert answer.status_code == 200
    for person in measured:
        assert person.name in answer.text
    assert "Everybody sees this page." in answer.text
    assert f'href="{PAGE}' in signed_in(a_user(role)).get("/").text, "the menu leads there"


def test_the_week_is_told_by_person_form_and_for_the_team(session, signed_in, measured):
    page = signed_in(a_user()).get(PAGE).text
    text = " ".join(page.split())
    assert "Half of the records took more than 30 s: 10 s over the aim." in page
    anna = text.split("Анна Белова</th>")[1].split("</tr>")[0]
    assert re.findall(r'<td class="number">(.*?)</td>', anna) == ["40", "50.5", "0 %", "–", "2"]
    boris = text.split("Борис Ежов</th>")[1].split("</tr>")[0]
    assert "50 %" in boris, "one form of two was left"
    assert "3 h" in boris, "written down three hours later"
    assert "Full form" in text
    assert "Quick record" in text
    assert "A plan that took place" not in text


def test_another_week_is_chosen_by_any_of_its_days(session, signed_in, measured):
    page = signed_in(a_user()).get(f"{PAGE}?week=2026-02-25").text
    assert "Half of the records took 11 s at most: the aim is reached." in page
    assert "Борис Ежов" not in page
    assert f'href="{PAGE}?week=2026-02-16" rel="prev"' in page.replace("/cost/?", "/cost?")
    assert f'href="{PAGE}?week=2026-03-02" rel="next"' in page.replace("/cost/?", "/cost?")


@pytest.mark.parametrize("word", ["", "x", "2026-13-45", "2026-03-30", "1066-10-14", "9" * 30, "\x00"])
def test_a_week_nobody_understands_is_the_last_one_known(session, signed_in, measured, word):
    answer = signed_in(a_user()).get(PAGE, query_string={"week": word})
    assert answer.status_code == 200
    assert "10 s over the aim" in answer.text


def test_an_empty_page_says_what_belongs_there(session, signed_in):
    page = signed_in(a_user()).get(PAGE).text
    assert "Nothing was measured in this week." in page
    assert "Nobody has recorded anything in this week." in page


def rows_of(answer, kind):
    """The table of a file, by the names of its columns; empty cells are None."""
    if kind == "json":
        return json.loads(answer.data)["rows"]
    names = ("from", "to", "person", "forms", "left", "seconds", "keys", "hours")
    if kind == "csv":
        read = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
        found = [[_plain(cell) for cell in row] for row in read]
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        found = [[_day(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [dict(zip(names, row, strict=True)) for row in found[1:]]


def _plain(cell):
    try:
        return json.loads(cell) if cell else None
    except ValueError:
        return cell


def _day(cell):
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else cell


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_has_the_same_by_week_and_person(session, signed_in, measured, kind):
    answer = signed_in(a_user()).get(f"{PAGE}/export/{kind}/")
    rows = rows_of(answer, kind)
    assert len({row["from"] for row in rows}) == 13
    week = [row for row in rows if row["from"] == "2026-03-02"]
    assert week == [
        {"from": "2026-03-02", "to": "2026-03-08", "person": "The whole team", "forms": 4, "left": 25,
         "seconds": 30, "keys": 40, "hours": 3},
        {"from": "2026-03-02", "to": "2026-03-08", "person": "Анна Белова", "forms": 2, "left": 0,
         "seconds": 40, "keys": 50.5, "hours": None},
        {"from": "2026-03-02", "to": "2026-03-08", "person": "Борис Ежов", "forms": 2, "left": 50,
         "seconds": 12, "keys": 20, "hours": 3},
    ]  # fmt: skip
    told = session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert (told.kind, told.data["list"]) == ("export", [None, "kpi-cost"])


def test_no_other_kind_of_file_is_made(session, signed_in):
    assert signed_in(a_user()).get(f"{PAGE}/export/exe/").status_code == 404


def test_the_page_costs_the_same_of_two_people_as_of_thirty(session, signed_in, queries):
    ask, costs = signed_in(a_user()), []
    for many in (2, 28):
        for _ in range(many):
            a_record_cost(person=a_user())
        kpi_cost.told()  # what is counted once is kept
        session.commit()
        with queries().counting() as seen:
            ask.get(PAGE)
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
