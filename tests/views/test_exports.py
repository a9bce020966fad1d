"""Lists as files: whose rows, which columns, and nothing in them that runs."""

import csv
import io
from io import BytesIO

import openpyxl
import pytest

from models.kinds import Role
from tests.factories import a_client, a_contact_person, a_user, an_interaction
from tests.views.doors import screens
from tests.views.test_holes import NONSENSE


@pytest.mark.parametrize("role", [Role.manager, Role.head, Role.admin])
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_a_file_can_run(session, signed_in, role, text):
    me = a_user(role)
    client = a_client(name=text.strip() or "x", curator=me, remember=text)
    a_contact_person(client=client, name=text)
    an_interaction(client=client, person=me, note=text)
    ask = signed_in(me)
    for where in ("clients", "interactions", "contact-persons"):
        rows = list(csv.reader(io.StringIO(ask.get(f"/{where}/export/csv/").text), delimiter=";"))
        assert len(rows) == 2
        assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
        book = openpyxl.load_workbook(BytesIO(ask.get(f"/{where}/export/xlsx/").data))
        assert {cell.data_type for row in book.active.rows for cell in row} <= {"s", "n", "d"}


@pytest.mark.parametrize("kind", ["pdf", "json", "html", "CSV", "csv%20"])
def test_a_file_of_another_kind_is_nowhere(app, session, signed_in, kind):
    ask = signed_in(a_user(Role.admin))
    for view in screens(app):
        assert ask.get(f"{view.url}/export/{kind}/").status_code == 404


def test_a_colleague_takes_no_list_out(app, session, signed_in):
    ask = signed_in(a_user(Role.colleague))
    for view in screens(app):
        assert ask.get(f"{view.url}/export/csv/").status_code in {403, 404}


@pytest.mark.parametrize("role", [Role.manager, Role.head, Role.admin])
def test_nonsense_in_a_files_address_is_left_out(session, signed_in, role):
    ask = signed_in(a_user(role))
    for where in ("clients", "interactions", "contact-persons"):
        for arguments in NONSENSE:
            answer = ask.get(f"/{where}/export/csv/?{arguments}")
            assert answer.status_code == 200, (where, arguments)
            assert answer.data


def test_a_file_is_not_kept_by_the_browser_nor_guessed_at(session, signed_in):
    for kind in ("csv", "xlsx"):
        answer = signed_in(a_user()).get(f"/clients/export/{kind}/")
        assert answer.data
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="clients-')
