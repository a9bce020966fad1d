"""Being away: what is refused and why, what becomes of one that is changed, who is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries.responsible import responsible_for
from crmadmin.services import absence_notices, absences, assignment, clients, people, returns
from models import Absence, JournalEntry, Notice, SeenAfterAbsence
from models.kinds import Role
from tests.conftest import NOON
from tests.factories import a_client, a_client_group, a_user, an_interaction

TODAY = date(2026, 3, 2)


def on(days):
    return TODAY + timedelta(days=days)


@pytest.fixture
def head(session):
    return a_user(Role.head, name="Ольга")


@pytest.fixture
def anna(session):
    return a_user(name="Анна")


@pytest.fixture
def boris(session):
    return a_user(name="Борис")


def away(person, start, end, rest=None, by=None, **groups):
    with transaction(by=by or person):
        return absences.add(person, on(start), on(end), {None: rest} if rest else {}, by=by or person)


def refused(person, start, end, rest=None, by=None):
    with pytest.raises(DomainError) as said:
        away(person, start, end, rest, by)
    return [(part.field, str(part)) for part in said.value.parts]


def told(session, person):
    return [row.kind.value for row in session.scalars(select(Notice).where(Notice.person_id == person.id))]


def test_without_somebody_for_all_other_clients_there_would_be_a_gap(session, anna):
    ((field, sentence),) = refused(anna, 1, 5)
    assert field == "rest"
    assert "nobody would answer" in sentence


def test_whoever_has_no_clients_needs_nobody(session):
    colleague = a_user(Role.colleague)
    assert away(colleague, 1, 5).substitutions == []


def test_a_group_alone_leaves_a_gap(session, anna, boris):
    with pytest.raises(DomainError) as said, transaction(by=anna):
        absences.add(anna, on(1), on(5), {a_client_group().id: boris}, by=anna)
    assert said.value.field == "rest"


def test_nobody_is_away_twice_at_once(session, anna, boris):
    away(anna, 1, 5, boris)
    assert refused(anna, 4, 8, boris)[0][0] == "first"
    away(anna, 5, 8, boris)  # [start, end): the day of return is free


def test_a_substitute_who_is_himself_away_is_refused(session, anna, boris):
    away(boris, 3, 9, a_user())
    ((field, sentence),) = refused(anna, 1, 4, boris)
    assert field == "rest"
    assert "Борис is away from" in sentence


def test_two_do_not_substitute_for_each_other(session, anna, boris):
    away(boris, 3, 9, anna)
    ((_field, sentence),) = refused(anna, 1, 4, boris)
    assert "and this one acts then" in sentence


def test_whoever_substitutes_is_not_away_before_somebody_else_is_named(session, anna, boris):
    row = away(anna, 1, 5, boris)
    ((field, sentence),) = refused(boris, 4, 9, a_user())
    assert field == "person"
    assert "substitutes for Анна" in sentence

    with transaction(by=anna):
        absences.change(row, on(1), on(5), {None: a_user()}, by=anna)
    away(boris, 4, 9, a_user())


@pytest.mark.parametrize("who", ["himself", "left", "colleague"])
def test_who_cannot_act_is_refused(session, anna, who):
    other = {
        "himself": lambda: anna,
        "left": lambda: a_user(active=False),
        "colleague": lambda: a_user(Role.colleague),
    }[who]()
    assert [field for field, _said in refused(anna, 1, 5, other)] == ["rest"]


def test_the_past_and_a_return_before_the_start_are_refused(session, anna, boris):
    assert refused(anna, -1, 5, boris)[0][0] == "first"
    assert refused(anna, 5, 5, boris)[0][0] == "back"


def test_whoever_has_left_cannot_be_away(session, head, boris):
    assert refused(a_user(active=False), 1, 2, boris, head)[0][0] == "person"


def test_a_manager_sets_his_own_and_the_head_everybody_s(session, head, anna, boris):
    with pytest.raises(NotAllowed):
        away(anna, 1, 5, boris, by=boris)
    row = away(anna, 1, 5, boris, by=head)
    with pytest.raises(NotAllowed), transaction(by=boris):
        absences.call_off(row, by=boris)


def test_an_absence_of_today_begins_now_and_the_curator_stays(session, anna, boris):
    client = a_client(curator=anna)
    row = away(anna, 0, 3, boris)
    assert row.starts_at == clock.now()
    assert session.scalars(responsible_for(client, NOON - timedelta(hours=1))).all() == []
    assert session.scalars(responsible_for(client, NOON)).all() == [boris]
    assert client.curator_id == anna.id


def test_a_new_substitute_from_now_on_leaves_the_former_one_in_the_past(session, anna, boris):
    vera, client = a_user(name="Вера"), a_client(curator=anna)
    row = away(anna, 0, 9, boris)
    with clock.stopped_at(NOON + timedelta(days=2)), transaction(by=anna):
        new = absences.change(row, on(0), on(9), {None: vera}, by=anna)

    def responsible(days):
        return session.scalar(responsible_for(client, NOON + timedelta(days=days))).name

    assert (responsible(1), responsible(3)) == ("Борис", "Вера")
    assert row.ends_at == new.starts_at
    assert "substitution_ended" in told(session, boris)
    assert told(session, vera) == ["substitution_set"]


def test_who_is_back_early_acts_himself_and_one_to_come_is_called_off(session, anna, boris):
    row, later = away(anna, 0, 9, boris), away(anna, 20, 25, boris)
    with transaction(by=anna):
        with pytest.raises(DomainError):
            absences.call_off(row, by=anna)
        absences.end(row, by=anna)
        absences.call_off(later, by=anna)
    assert absences.acts_for(boris, anna.id, None) is False
    assert told(session, boris).count("substitution_ended") == 2


def test_the_journal_tells_of_each_act(session, anna, boris):
    row = away(anna, 1, 5, boris)
    with transaction(by=anna):
        absences.change(row, on(1), on(6), {None: a_user()}, by=anna)
    kinds = session.scalars(select(JournalEntry.kind).where(JournalEntry.by_id == anna.id)).all()
    assert {"absence_created", "absence_changed", "substitution_created", "substitution_changed"} <= set(
        kinds
    )


def test_a_substitute_cannot_be_deactivated(session, head, anna, boris):
    away(anna, 1, 5, boris)
    admin = a_user(Role.admin)
    boris.active = False
    with pytest.raises(DomainError) as said, transaction(by=admin):
        people.check(boris, by=admin)
    assert "substitutes for Анна" in str(said.value)


def test_whoever_is_back_is_told_once_and_confirms_line_by_line(session, anna, boris):
    client, other = a_client(curator=anna), a_client(curator=boris)
    row = away(anna, 0, 2, boris)
    meant = [
        an_interaction(client=client, person=boris, recorded_at=NOON + timedelta(hours=n)) for n in (1, 2)
    ]
    an_interaction(client=client, person=anna, recorded_at=NOON + timedelta(hours=3))
    an_interaction(client=other, person=boris, recorded_at=NOON + timedelta(hours=3))
    an_interaction(client=client, person=boris, recorded_at=NOON + timedelta(days=3))

    with clock.stopped_at(NOON + timedelta(days=3)), transaction(by=anna):
        assert [absence_notices.tell_returns() for _n in range(2)] == [1, 0]
        assert told(session, anna).count("back_again") == 1
        assert returns.confirm(row, [meant[0].id], by=anna) == 1
        shown = [each.id for each in meant]
        assert returns.confirm(row, shown, by=anna) == len(shown) - 1
        assert returns.confirm(row, shown, by=anna) == 0
        with pytest.raises(NotAllowed):
            returns.confirm(row, shown, by=boris)
    seen = session.scalars(select(SeenAfterAbsence.interaction_id).order_by(SeenAfterAbsence.id)).all()
    assert seen == [each.id for each in meant]


def test_one_absence_that_goes_over_into_another_is_read_as_one(session, anna, boris):
    row = away(anna, 0, 4, boris)
    with clock.stopped_at(NOON + timedelta(days=1)), transaction(by=anna):
        new = absences.change(row, on(0), on(4), {None: a_user()}, by=anna)
    with clock.stopped_at(NOON + timedelta(days=5)), transaction(by=anna):
        assert absence_notices.tell_returns() == 1
        assert returns.span(new)[0] == row.starts_at
    assert session.scalar(select(Notice.subject_id).where(Notice.person_id == anna.id)) == new.id
    assert session.get_one(Absence, row.id).cancelled_at is None


def test_whoever_is_away_without_a_substitute_gets_no_clients_by_any_door(session, head, anna, boris):
    colleague, admin = a_user(Role.colleague, name="Вера"), a_user(Role.admin)
    client, theirs = a_client(curator=anna), a_client(curator=anna)
    away(colleague, 2, 5)
    why = "Вера is away from 04.03.2026, back on 07.03.2026, and nobody acts meanwhile"

    def becomes_a_manager():
        colleague.role = Role.manager
        people.check(colleague, by=admin)

    def changed_in_its_form():
        theirs.curator = colleague
        clients.check(theirs, by=head)

    for by, act in (
        (admin, becomes_a_manager),
        (head, lambda: assignment.assign(client, colleague, reason="x", by=head)),
        (head, changed_in_its_form),
    ):
        with pytest.raises(DomainError) as said, transaction(by=by):
            act()
        assert why in str(said.value)
        session.expire_all()
    with pytest.raises(DomainError), transaction(by=admin):
        colleague.role = Role.manager  # by a door that forgot to ask
    session.expire_all()
    assert {client.curator_id, theirs.curator_id} == {anna.id}


def test_a_colleague_who_has_clients_is_not_away_without_a_substitute(session, head):
    colleague = a_user(Role.colleague)
    a_client(curator=colleague)
    assert [field for field, _told in refused(colleague, 1, 5)] == ["rest"]


def test_whoever_names_a_substitute_first_becomes_a_manager_and_gets_clients(session, head, boris):
    colleague, admin, client = a_user(Role.colleague), a_user(Role.admin), a_client(curator=boris)
    row = away(colleague, 2, 5)
    with transaction(by=colleague):
        absences.change(row, on(2), on(5), {None: boris}, by=colleague)
    with transaction(by=admin):
        colleague.role = Role.manager
        people.check(colleague, by=admin)
    with transaction(by=head):
        assignment.assign(client, colleague, reason="x", by=head)
    assert session.scalars(responsible_for(client, NOON + timedelta(days=3))).one().id == boris.id
