"""Lists as files: whose rows, which columns, and nothing in them that runs."""

import csv
import io
import re
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import func, select

from models import JournalEntry
from models.kinds import Role
from tests.factories import a_client, a_contact_person, a_user, an_interaction
from tests.views.doors import screens
from tests.views.test_columns import heads
from tests.views.test_holes import NONSENSE
from views.admin import exports


@pytest.mark.parametrize("role", [Role.manager, Role.head, Role.admin])
@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "\n=1", "\r=1", "\r\n=1", " =1",
     "\xa0 =1", "＝1", "＋1", "－1", "＠SUM(A1)", " ＝1", "\tx", "\ufeff=1"],
)  # fmt: skip
def test_no_cell_of_a_file_can_run(session, signed_in, role, text):
    me = a_user(role)
    client = a_client(name=text.strip() or "x", curator=me, remember=text)
    a_contact_person(client=client, name=text)
    an_interaction(client=client, person=me, note=text)
    ask = signed_in(me)
    for where in ("clients", "interactions", "contact-persons"):
        rows = list(csv.reader(io.StringIO(ask.get(f"/{where}/export/csv/").text), delimiter=";"))
        assert len(rows) == 2
        assert not [cell for row in rows for cell in row if begins_a_formula(cell)]
        book = openpyxl.load_workbook(BytesIO(ask.get(f"/{where}/export/xlsx/").data))
        cells = [cell for row in book.active.rows for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert all(cell.quotePrefix for cell in cells if begins_a_formula(str(cell.value or "")))


def begins_a_formula(text):
    bare = text.lstrip().lstrip("\ufeff").lstrip()
    return bare[:1] in set("=+-@＝＋－＠") or text[:1] in set("\t\r\n")


@pytest.mark.parametrize(("role", "told"), [(Role.manager, 1), (Role.head, 0), (Role.admin, 0)])
def test_whoever_takes_out_only_his_own_is_told_before(session, signed_in, role, told):
    an_interaction()
    ask = signed_in(a_user(role))
    for where in ("clients", "interactions", "contact-persons"):
        assert ask.get(f"/{where}/").text.count("Only your own clients go into the file") == told, where


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


def test_a_list_on_paper_has_all_that_is_found_in_the_columns_shown(session, signed_in):
    me = a_user(Role.head)
    for n in range(60):  # more than a page
        a_client(name=f"Ромашка {n:02} <b>", city="Пермь", curator=me)
    a_client(name="Василёк")
    session.commit()
    ask = signed_in(me)
    page = ask.get("/clients/export/print/?search=ромашка&sort=name&desc=1").text
    shown = re.findall(r"Ромашка (\d\d) &lt;b&gt;", page)
    assert shown == [f"{n:02}" for n in reversed(range(60))]
    assert "Василёк" not in page
    assert "60 rows" in page
    in_words = {"Silence": ["Days without a contact"], "Region": ["City", "Region"]}
    shown = [each for head in heads(ask.get("/clients/")) for each in in_words.get(head, [head])]
    assert re.findall(r'<th scope="col">([^<]*)<', page) == shown
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "export")).one().data
    assert told["rows"] == [None, 60]


def test_a_manager_prints_his_own_clients_only_and_is_told(session, signed_in):
    me = a_user(Role.manager)
    a_client(name="Мой", curator=me)
    a_client(name="Чужой", curator=a_user())
    session.commit()
    page = signed_in(me).get("/clients/export/print/").text
    assert "Мой" in page
    assert "Чужой" not in page
    assert "rows of your own clients" in page


def test_a_page_for_paper_says_where_it_ends(session, signed_in, monkeypatch):
    monkeypatch.setattr(exports, "ON_PAPER", 2)
    for name in "АБВ":
        a_client(name=f"{name}-клиент")
    session.commit()
    page = signed_in(a_user(Role.head)).get("/clients/export/print/").text
    assert re.findall(r"(\w)-клиент", page) == ["А", "Б"]
    assert "Only the first 2 rows are here" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "print"])
def test_whoever_only_asks_about_a_file_takes_nothing_out(session, signed_in, kind):
    a_client()
    ask = signed_in(a_user(Role.head))
    exported = select(func.count()).where(JournalEntry.kind == "export")

    about = ask.head(f"/clients/export/{kind}/")
    assert session.scalar(exported) == 0
    got = ask.get(f"/clients/export/{kind}/")

    assert (about.status_code, about.content_type, about.data) == (200, got.content_type, b"")
    assert session.scalar(exported) == 1
    assert signed_in(a_user(Role.colleague)).head(f"/clients/export/{kind}/").status_code == 403
