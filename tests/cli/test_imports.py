import csv

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models import Client, ContactPerson, ImportRun, Industry, JournalEntry, Region
from models.kinds import Role
from seeds import reference
from tests.factories import a_user
from tests.support import REAL_DATA

MADE_BY_OTHERS = pytest.mark.skipif(not REAL_DATA.is_dir(), reason="../shared/data is absent")


@pytest.fixture
def command(app, session):
    """Runs `import clients` with the reference lists loaded; gives the answer."""
    reference.load(session)
    session.commit()

    def run(*words, fails=False):
        answer = app.test_cli_runner().invoke(args=["import", "clients", *map(str, words)])
        assert (answer.exit_code != 0) is fails, answer.output
        return answer

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text("Название;ИНН;Регион\nРомашка;7707083893;59\nПлохая;1;59\nВасилёк;;Атлантида\n", "cp1251")
    return path


def names(session):
    return set(session.scalars(select(Client.name)))


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_rows_that_lost_something_on_the_way_are_counted(command, tmp_path):
    path, report = tmp_path / "clients.csv", tmp_path / "report.csv"
    path.write_text("Название;Куратор\nРомашка;Иванова\nВасилёк;\nЛютик;Петрова\n", "utf-8")

    said = "3 new, 0 updated, 0 same, 0 rejected; with remarks: 2"
    assert command(path, "--dry-run").stdout == f"Only tried, nothing changed: {said} (--report FILE)\n"
    assert command(path, "--report", report).stdout == f"{said}\n"
    assert "Иванова" in report.read_text("utf-8")


def test_a_file_is_imported_and_what_was_rejected_is_told(session, command, file):
    answer = command(file)

    assert answer.stdout == "2 new, 0 updated, 0 same, 1 rejected\n"
    assert answer.stderr == "Line 3: An INN has 10 digits (a company) or 12 (a person): 1\n"
    assert names(session) == {"Ромашка", "Василёк"}
    run = session.scalars(select(ImportRun)).one()
    assert (run.file_name, run.by_name) == ("clients.csv", "crmadmin")


def test_a_dry_run_says_the_same_and_changes_nothing(session, command, file, tmp_path):
    before = count(session, JournalEntry)

    answer = command(file, "--dry-run", "--report", tmp_path / "report.csv")

    assert answer.stdout == "Only tried, nothing changed: 2 new, 0 updated, 0 same, 1 rejected\n"
    assert (names(session), count(session, ImportRun), count(session, JournalEntry)) == (set(), 0, before)
    assert "Атлантида" not in set(session.scalars(select(Region.name_ru)))
    assert len((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()) == 4


def test_every_row_gets_its_verdict_in_the_report(session, command, file, tmp_path):
    answer = command(file, "--report", tmp_path / "report.csv", "--no-create")
    text = (tmp_path / "report.csv").read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))

    assert answer.stderr == ""
    assert rows[0] == ["Line", "Verdict", "Name", "Client no.", "What"]
    assert [[row[0], row[1], row[2], row[4]] for row in rows[1:]] == [
        ["2", "new", "Ромашка", ""],
        ["3", "rejected", "Плохая", "An INN has 10 digits (a company) or 12 (a person): 1"],
        ["4", "new", "Василёк", "Region is not known: Атлантида."],
    ]


def test_a_report_may_be_a_workbook(command, file, tmp_path):
    command(file, "--report", tmp_path / "report.xlsx")

    sheet = load_workbook(tmp_path / "report.xlsx").worksheets[0]
    assert [row[1] for row in sheet.iter_rows(values_only=True)] == ["Verdict", "new", "rejected", "new"]


def test_without_its_report_nothing_is_imported(session, command, file, tmp_path):
    command(file, "--report", tmp_path / "no such folder" / "report.csv", fails=True)

    assert names(session) == set()


def test_an_import_is_signed_by_whom_it_is_said(session, command, file):
    anna = a_user(Role.head, name="Анна", login="anna")

    command(file, "--by", "ANNA")

    assert session.scalars(select(ImportRun.by_id)).one() == anna.id
    assert "Атлантида" not in set(session.scalars(select(Region.name_ru)))  # a head makes no regions


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--by", "nobody"], "There is no employee nobody."),
        (["--layout", "bitrix"], "There is no layout bitrix"),
        (["--layout", "fns"], "The file has no such columns: inn, short_name"),
    ],
)
def test_a_wrong_option_is_explained_and_nothing_happens(session, command, file, words, why):
    assert why in command(file, *words, fails=True).stderr
    assert names(session) == set()


def test_a_file_that_is_no_table_is_explained(command, tmp_path):
    path = tmp_path / "clients.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    assert "save it as .xlsx or CSV" in command(path, fails=True).stderr


def test_an_import_that_is_broken_off_leaves_nothing(session, command, file, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("crmadmin.services.imports._Importing._keep", killed)

    command(file, fails=True)

    assert (names(session), count(session, Client)) == (set(), 0)


@MADE_BY_OTHERS
def test_the_register_comes_in_once_with_its_regions_and_industries(session, command):
    register = REAL_DATA / "fns-sme" / "legal_entities.csv"

    assert command(register).stdout == "644 new, 0 updated, 0 same, 0 rejected\n"
    assert command(register).stdout == "0 new, 0 updated, 644 same, 0 rejected\n"

    perm = select(Client.id).join(Client.region).where(Region.code == "59")
    assert len(session.scalars(perm).all()) == 135
    trade = select(Client.id).join(Client.industry).where(Industry.code == "g")
    assert len(session.scalars(trade).all()) == 189
    assert count(session, Region) == 102


@MADE_BY_OTHERS
def test_contacts_of_amocrm_come_in_once(session, command):
    contacts = REAL_DATA / "amocrm-export" / "contacts_test.csv"

    first, second = command(contacts), command(contacts)

    kept = "19 new, 0 updated, 0 same, 0 rejected; with remarks: 19 (--report FILE)\n"
    assert first.stdout == kept
    assert second.stdout == kept.replace("19 new", "0 new").replace("0 same", "19 same")


@MADE_BY_OTHERS
def test_leads_are_as_many_people_as_there_are_at_their_companies(session, command):
    leads = REAL_DATA / "groweasy-csv" / "26-large-dataset-200-rows.csv"

    first = command(leads)

    assert first.stdout.startswith("40 new, 160 updated, 0 same, 0 rejected")
    assert (count(session, Client), count(session, ContactPerson)) == (40, 200)
    assert "Columns not read: Status" in first.stderr
    assert command(leads).stdout.startswith("0 new, 0 updated, 200 same, 0 rejected")


@MADE_BY_OTHERS
def test_no_two_accounts_of_salesforce_are_taken_for_one(session, command):
    accounts = REAL_DATA / "salesforce" / "accountData.csv"

    answer = command(accounts, "--dry-run")

    assert "updated" in answer.stdout
    assert " 0 updated, 0 same" in answer.stdout
    assert "Columns not read: ID, ISDELETED" in answer.stderr


@MADE_BY_OTHERS
@pytest.mark.parametrize("name", ["regions", "abbr", "activity_codes_classifier"])
def test_lists_of_other_things_are_not_taken_for_clients(session, command, name):
    answer = command(REAL_DATA / "fns-sme" / "assets" / f"{name}.csv", "--dry-run", fails=True)

    assert "--layout" in answer.stderr
