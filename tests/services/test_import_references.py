from sqlalchemy import select

from models import (
    Client,
    CuratorPeriod,
    Region,
)
from tests.factories import (
    a_substitution,
    a_user,
    an_absence,
)
from tests.services.importing import count, said, verdicts


def test_unknown_regions_are_made_when_asked_and_told_when_not(session, bring_in):
    row = {"Название": "Ромашка", "Регион": "Новая Земля", "Отрасль": "Цветоводство", "Канал": "Ярмарка"}
    asked = bring_in(row, {"Название": "Василёк", "Регион": "новая земля"})
    client = session.get(Client, asked.outcomes[0].client_id)

    assert (client.region.name, client.region.code) == ("Новая Земля", "novaya-zemlya")
    assert count(session, Region) == 1

    told = bring_in({"Название": "Пион", "Регион": "Атлантида"}, make=False)
    assert (verdicts(told), said(told)) == (["new"], ["Region is not known: Атлантида."])


def test_a_manager_makes_no_reference_data_and_becomes_the_curator(session, bring_in):
    manager = a_user()

    done = bring_in({"Название": "Пион", "Регион": "Атлантида"}, by=manager)

    assert session.get(Client, done.outcomes[0].client_id).curator is manager
    assert said(done) == ["Region is not known: Атлантида."]


def test_a_curator_is_an_employee_of_that_name_and_gets_a_period(session, bring_in):
    anna = a_user(name="Анна Ёлкина", login="anna")
    a_user(name="Пётр"), a_user(name="Пётр"), a_user(name="Ушедший", active=False)

    done = bring_in(
        {"Название": "1", "Куратор": "анна елкина"},
        {"Название": "2", "Куратор": "ANNA"},
        {"Название": "3", "Куратор": "Пётр"},
        {"Название": "4", "Куратор": "Ушедший"},
    )

    assert list(session.scalars(select(CuratorPeriod.curator_id))) == [anna.id, anna.id]
    assert said(done) == [
        "",
        "",
        "Curator: we have no such colleague: Пётр.",
        "Curator: we have no such colleague: Ушедший.",
    ]


def test_who_recommended_may_stand_later_in_the_file(session, bring_in):
    done = bring_in(
        {"Название": "Ромашка", "Рекомендовал": "ВАСИЛЕК"},
        {"Название": "Василёк", "Рекомендовал": "Василёк"},
        {"Название": "Пион", "Рекомендовал": "Никто"},
        at_once=1,
    )

    named = dict(session.execute(select(Client.name, Client.recommended_by_id)).all())
    assert named["Ромашка"] == done.outcomes[1].client_id
    assert said(done) == [
        "",
        "A client cannot have recommended itself.",
        "Recommended by is not known: Никто.",
    ]


def test_whoever_is_away_while_nobody_acts_for_him_gets_no_clients_from_a_file(session, bring_in):
    an_absence(person=a_user(name="Вера"))
    covered = a_substitution(person=a_user(name="Анна")).absence.person

    done = bring_in({"Название": "1", "Куратор": "Вера"}, {"Название": "2", "Куратор": "Анна"})

    assert said(done)[0] == "Curator: Вера is away, and nobody acts meanwhile."
    assert session.get(Client, done.outcomes[1].client_id).curator is covered
