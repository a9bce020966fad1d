"""The rows behind a number: the page tells as many as the number says, and files hold the same."""

import re
from datetime import datetime, timedelta

import pytest

from crmadmin.core import clock
from crmadmin.core.i18n import local
from crmadmin.reports.indicators import INDICATORS
from models.kinds import InteractionState, Role
from tests import factories as make
from tests.services.kpi_world import NOW, a_world, promise
from tests.views.kpi_reading import as_typed, csv_of, json_of, xlsx_of


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


def shown(page):
    """How many rows there are, as the page says, and how many it shows."""
    count = re.search(r'class="kpi-said"><strong>(\d+) ', page.text)
    return int(count[1]), len(re.findall(r"<tr><td data-label", page.text))


def test_every_number_of_the_team_s_page_leads_to_as_many_rows(session, signed_in, head):
    world = a_world(session, 7)
    counted = {key for key, each in INDICATORS.items() if each.counts == key and each.shown == "number"}
    with clock.stopped_at(NOW):
        for _n in range(25):
            promise(world)
        ask = signed_in(head)
        page = ask.get("/kpi/?period=2026-01&more=1")
        links = re.findall(r'<a href="(/kpi/\d+/rows\?indicator=(\w+)[^"]*)"[^>]*>([^<]*)<', page.text)
        assert len(links) > 50
        for address, key, text in links:
            told = ask.get(address.replace("&amp;", "&"))
            count, rows = shown(told) if "kpi-said" in told.text else (0, 0)
            assert rows == min(count, 50)
            if key in counted:
                assert count == int(text), address


def test_page_and_files_hold_the_same_rows(session, signed_in, head):
    world = a_world(session, 8)
    with clock.stopped_at(NOW):
        for _n in range(25):
            promise(world)
        ask, who = signed_in(head), world.people[1].id
        for key in ("contacts", "coverage", "new_clients", "clients_touched", "promises_kept"):
            args = f"indicator={key}&of=1&period=2025"
            page = ask.get(f"/kpi/{who}/rows?{args}")
            rows = csv_of(ask.get(f"/kpi/{who}/rows/export/csv/?{args}"))
            objects = json_of(ask.get(f"/kpi/{who}/rows/export/json/?{args}"))["rows"]
            sheet = xlsx_of(ask.get(f"/kpi/{who}/rows/export/xlsx/?{args}"))
            assert shown(page)[0] == len(rows) - 1 == len(objects) == len(sheet) - 1
            assert as_typed(sheet) == rows
            as_text = [["" if value is None else str(value) for value in each.values()] for each in objects]
            assert [[cell.replace("T", " ") for cell in row] for row in as_text] == rows[1:]
            clients = re.findall(r'data-label="Client" class="text"><a [^>]*>([^<]*)<', page.text)
            assert clients == [row[rows[0].index("Client")] for row in rows[1:51]]


def test_pages_tell_every_row_once(session, signed_in, head):
    kind, client = make.an_interaction_kind(), make.a_client()
    for n in range(120):
        make.an_interaction(person=head, kind=kind, client=client,
                            happened_at=clock.now() - timedelta(minutes=n // 3 + 1))  # fmt: skip
    ask = signed_in(head)
    found = []
    for page in range(3):
        text = ask.get(f"/kpi/{head.id}/rows?indicator=contacts&page={page}").text
        found += re.findall(r"/interactions/details/\?id=(\d+)", text)
    assert len(found) == len(set(found)) == 120
    assert ask.get(f"/kpi/{head.id}/rows?indicator=contacts&page=99999").status_code == 200
    assert ask.get(f"/kpi/{head.id}/rows?indicator=contacts&page=-1").status_code == 200


def test_the_rows_of_a_share_are_those_that_count_or_all_of_it(session, signed_in, head):
    for result in (make.a_result(), None, None):
        make.an_interaction(person=head, result=result)
    ask = signed_in(head)
    page = ask.get(f"/kpi/{head.id}/rows?indicator=with_result")
    assert shown(page) == (1, 1)
    assert "</strong> of 3" in page.text
    assert shown(ask.get(f"/kpi/{head.id}/rows?indicator=with_result&of=1")) == (3, 3)


def test_records_may_be_those_with_one_client(session, signed_in, head):
    one = make.a_client(name="Ромашка")
    make.an_interaction(person=head, client=one)
    make.an_interaction(person=head)
    make.an_interaction(person=head, client=one, state=InteractionState.cancelled, cancel_reason="x")
    ask = signed_in(head)
    page = ask.get(f"/kpi/{head.id}/rows?indicator=contacts&client={one.id}")
    assert shown(page) == (1, 1)
    assert "Ромашка" in page.text
    for nonsense in ("x", "0", "99999999999999999999"):
        assert shown(ask.get(f"/kpi/{head.id}/rows?indicator=contacts&client={nonsense}")) == (2, 2)


@pytest.mark.parametrize("address", ["", "indicator=", "indicator=salary", "indicator=__class__"])
def test_an_unknown_number_has_no_rows(session, signed_in, head, address):
    ask = signed_in(head)
    for where in (f"/kpi/{head.id}/rows", "/kpi/rows", "/kpi/rows/export/csv/"):
        assert ask.get(f"{where}?{address}").status_code == 404


def test_a_manager_takes_out_rows_of_his_own_clients_only(session, signed_in):
    viewer = make.a_user()
    mine, other = make.a_client(name="Мой", curator=viewer), make.a_client(name="Чужой")
    for client in (mine, other):
        make.an_interaction(person=viewer, client=client)
    ask = signed_in(viewer)
    page = ask.get(f"/kpi/{viewer.id}/rows?indicator=contacts")
    assert shown(page) == (2, 2)
    assert "Only your own clients go into the file." in page.text
    rows = csv_of(ask.get(f"/kpi/{viewer.id}/rows/export/csv/?indicator=contacts"))
    assert [row[1] for row in rows[1:]] == ["Мой"]
    assert "Чужой" not in ask.get(f"/kpi/{viewer.id}/rows/export/print/?indicator=contacts").text


def test_moments_in_a_file_are_of_the_installation_s_zone(session, signed_in, head):
    at = clock.now() - timedelta(hours=2)
    make.an_interaction(person=head, happened_at=at)
    rows = xlsx_of(signed_in(head).get("/kpi/rows/export/xlsx/?indicator=contacts"))
    assert rows[1][0] == datetime.combine(local(at).date(), local(at).time())
