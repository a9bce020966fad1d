from datetime import timedelta

import pytest
from sqlalchemy import func, literal, select

from crmadmin.core import sql


@pytest.mark.parametrize("days", [0, 0.25, 1, 400.5, -3])
def test_days_between_keeps_the_fraction_on_both_databases(session, noon, days):
    asked = select(sql.days_between(noon, noon + timedelta(days=days)))

    assert session.scalar(asked) == pytest.approx(days, abs=1e-5)


@pytest.mark.parametrize(("text", "found"), [("мост", True), ("%", False), ("_", False), ("\\", False)])
def test_signs_of_like_are_plain_text(session, text, found):
    assert session.scalar(select(sql.contains(literal("большой мост"), text))) == found


def test_lower_folds_cyrillic(session):
    assert session.scalar(select(func.lower("МОСТ Ё"))) == "мост ё"
