"""What becomes of single cells of a row: understood, shortened, or not read, and told."""

from sqlalchemy import select

from crmadmin.services import imports
from models import Client
from tests.services.importing import said, verdicts


def test_rhythm_and_what_is_put_away_come_in_and_a_blank_cell_brings_nothing_back(session, bring_in, noon):
    row = {"Название": "Ромашка", "Свой ритм, дней": "45", "Убран из списков": "2026-02-18 10:00:00"}

    assert verdicts(bring_in(row)) == ["new"]
    client = session.scalars(select(Client)).one()
    assert (client.rhythm_days, f"{client.archived_at:%Y-%m-%d %H:%M}") == (45, "2026-02-18 07:00")

    assert verdicts(bring_in(row)) == ["same"]
    assert verdicts(bring_in({"Название": "Ромашка", "Свой ритм, дней": "", "Убран из списков": ""})) == [
        "same"
    ]
    assert said(bring_in({"Название": "Ромашка", "Свой ритм, дней": "60"})) == ["Changed: Own rhythm, days."]
    assert said(bring_in({"Название": "Ромашка", "Свой ритм, дней": "часто"})) == [
        "Own rhythm, days: a number from 1 to 3650."
    ]
    bring_in(
        {"Название": "Василёк", "Убран из списков": "да"}, {"Название": "Лютик", "Убран из списков": "нет"}
    )
    archived = dict(session.execute(select(Client.name, Client.archived_at)).all())
    assert archived["Василёк"]
    assert archived["Лютик"] is None


def test_a_telephone_that_is_too_long_is_told(session, bring_in):
    done = bring_in({"Название": "Ромашка", "Телефоны": "8 916 123-45-67 " + "спросить Анну " * 20})

    assert verdicts(done) == ["new"]
    assert said(done)[0].startswith("The telephone is too long, only its beginning is kept: 8 916 123-45-67")


def test_columns_that_are_not_read_are_told_where_they_say_something(session, bring_in):
    done = bring_in({"Название": "Ромашка", "Цвет": "красный", "Пусто": " "}, {"Название": ""})

    assert done.left_unread() == "Columns not read: Цвет"
    assert imports.report(done)[1][-1] == [None, "", "", None, "Columns not read: Цвет"]
