from datetime import timedelta

import pytest
from sqlalchemy import func, literal, select

from crmadmin.core import sql
from models import Client


@pytest.mark.parametrize("days", [0, 0.25, 1, 400.5, -3])
def test_days_between_keeps_the_fraction_on_both_databases(session, noon, days):
    asked = select(sql.days_between(noon, noon + timedelta(days=days)))

    assert session.scalar(asked) == pytest.approx(days, abs=1e-5)


@pytest.mark.parametrize(("text", "found"), [("мост", True), ("%", False), ("_", False), ("\\", False)])
def test_signs_of_like_are_plain_text(session, text, found):
    assert session.scalar(select(sql.contains(literal("большой мост"), text))) == found


def test_lower_folds_cyrillic(session):
    assert session.scalar(select(func.lower("МОСТ Ё"))) == "мост ё"


@pytest.mark.parametrize(
    ("numbers", "found"), [([], False), ([6], False), ([7], True), (list(range(20_000)), True)]
)
def test_one_is_among_many_however_many_there_are(session, numbers, found):
    assert bool(session.scalar(select(sql.among(literal(7), numbers)))) == found


@pytest.mark.only_on("sqlite", why="PostgreSQL decides by how many rows there are")
def test_rows_among_many_are_looked_up_and_not_all_read(session):
    asked = select(Client.id).where(sql.among(Client.id, [7, 8]), Client.name != "")
    plan = session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {asked.compile(session.get_bind(), compile_kwargs={'literal_binds': True})}"
    )
    assert [row[3].split()[0] for row in plan] == ["SEARCH"]
