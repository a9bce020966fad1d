"""The main job on real companies: bring in, find, filter, take out, bring in again, nothing changed."""

import csv
import io

import pytest
from sqlalchemy import func, select

from models import Client
from models.kinds import Role
from tests.factories import a_user
from tests.support import REAL_DATA

COMPANIES = REAL_DATA / "fns-sme" / "legal_entities.csv"

pytestmark = pytest.mark.skipif(
    not COMPANIES.exists(), reason="the real companies are not beside the project"
)


@pytest.fixture
def ask(app, session, signed_in):
    command = app.test_cli_runner().invoke
    assert command(args=["seed", "reference"]).exit_code == 0
    answer = command(args=["import", "clients", str(COMPANIES)])
    assert answer.exit_code == 0, answer.output
    assert "644 new, 0 updated, 0 same, 0 rejected" in answer.output
    return signed_in(a_user(Role.admin, language="ru"))


def exported(page):
    return list(csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")), delimiter=";"))


def test_all_of_them_are_there(ask, session):
    assert session.scalar(select(func.count()).select_from(Client)) == 644


@pytest.mark.parametrize("typed", ["энергаз", "ЭнерГаз", "ЭНЕРГАЗ инжиниринг", "8901028655"])
def test_one_is_found_by_a_part_of_its_name_in_any_letter_case(ask, typed):
    assert "ЭНЕРГАЗ ГАЗОВЫЕ ТЕХНОЛОГИИ" in ask.get("/clients/", query_string={"search": typed}).text


def test_region_and_industry_narrow_the_list_to_what_the_rows_say(ask, session):
    client = session.scalar(select(Client).where(Client.inn == "8901028655"))
    same = (Client.region_id == client.region_id) & (Client.industry_id == client.industry_id)
    names = set(session.scalars(select(Client.name).where(same)))
    filters = {"region": client.region_id, "industry": client.industry_id}

    rows = exported(ask.get("/clients/export/csv/", query_string=filters))

    assert {row["Название"] for row in rows} == names
    assert 0 < len(rows) < 644


def test_what_is_taken_out_comes_back_without_a_change(app, ask, session, tmp_path):
    for kind in ("csv", "xlsx"):
        file = tmp_path / f"clients.{kind}"
        file.write_bytes(ask.get(f"/clients/export/{kind}/").data)

        answer = app.test_cli_runner().invoke(args=["import", "clients", str(file)])

        assert "0 new, 0 updated, 644 same, 0 rejected" in answer.output, answer.output


def test_the_same_file_again_changes_nothing(app, ask, session):
    answer = app.test_cli_runner().invoke(args=["import", "clients", str(COMPANIES)])

    assert "0 new, 0 updated, 644 same, 0 rejected" in answer.output, answer.output
