"""The rules of groups, applied: who moves, why, what holds somebody back, and the way back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import bulk, clients, grouping_run, standings
from crmadmin.services.journal_check import faults
from models import BulkAct, Client, GroupStanding, JournalEntry
from models.kinds import Axis, BulkKind, BulkVerdict, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_group_rule,
    a_promise,
    a_region,
    a_user,
    an_axis_point,
    an_interaction,
)
from tests.services.bulking import act_of, done, finished, undone


def when(fact, word, value, stay=None):
    told = {"fact": fact, "is": word, "value": value}
    return told if stay is None else told | {"stay": stay}


def every(*conditions):
    return {"all": [{"all": list(conditions)}]}


def sorted_by(head):
    with transaction(by=head):
        act = grouping_run.begin(by=head)
    return finished(act, head)


def moves(session, client):
    asked = select(JournalEntry).where(
        JournalEntry.client_id == client.id, JournalEntry.kind == "group_moved"
    )
    return session.scalars(asked.order_by(JournalEntry.number)).all()


def contacts(client, number, days=1):
    for _each in range(number):
        an_interaction(client=client, happened_at=clock.now() - timedelta(days=days))


def test_a_client_goes_where_the_first_rule_that_holds_says(session):
    head, key = a_user(Role.head), a_client_group(name_ru="ключевые")
    a_group_rule(name="Второе", position=20, conditions=every(when("contacts_90", "at_least", 1)))
    rule = a_group_rule(
        name="Часто", position=10, group=key, conditions=every(when("contacts_90", "at_least", 3)), version=4
    )
    client = a_client()
    contacts(client, 3)

    act = sorted_by(head)

    session.refresh(client)
    (told,) = moves(session, client)
    standing = standings.of(client)
    assert client.group_id == key.id
    assert act.counts == {"done": 1}
    assert told.data["rule_id"][1] == {"id": rule.id, "name": "Часто"}
    assert told.data["rule_version"] == [None, 4]
    assert "contacts in 90 days 3" in told.data["reason"][1]
    assert (standing.rule_id, standing.rule_version, standing.facts) == (rule.id, 4, {"contacts_90": 3})
    assert not list(faults(session))


def test_a_second_run_moves_nobody(session):
    head = a_user(Role.head)
    a_group_rule(group=a_client_group(rhythm_days=5), conditions=every(when("silence", "at_most", 1)))
    a_group_rule(group=a_client_group(rhythm_days=90), conditions=every(when("age_days", "at_least", 0)))
    for days in range(0, 60, 7):
        contacts(a_client(created_at=clock.now() - timedelta(days=80)), 1, days)
    sorted_by(head)

    with transaction(by=head):
        assert not grouping_run.moves_anybody()
    assert sorted_by(head).counts == {}


def test_the_groups_together_are_all_clients(session):
    a_group_rule(conditions=every(when("contacts_90", "at_least", 1)))
    for number in range(4):
        contacts(a_client(), number)
    a_client(archived_at=clock.now())
    before = session.scalar(select(func.count()).select_from(Client))

    sorted_by(a_user(Role.head))

    by_group = session.execute(select(Client.group_id, func.count()).group_by(Client.group_id)).all()
    assert sum(number for _group, number in by_group) == before


def test_undone_each_is_back_unless_somebody_has_moved_it_since(session):
    head, other = a_user(Role.head), a_client_group()
    a_group_rule(conditions=every(when("contacts_90", "at_most", 0)))
    back, moved = a_client(), a_client()
    was = back.group_id
    act = sorted_by(head)
    with transaction(by=head):
        session.refresh(moved)
        standings.hold(moved, other, reason="Сам знаю", until=None, by=head)

    undone(act, head)

    session.refresh(back)
    session.refresh(moved)
    assert (back.group_id, moved.group_id) == (was, other.id)
    assert standings.of(back) is None
    assert standings.of(moved).by_hand


def test_held_after_the_move_it_is_not_put_back(session):
    head = a_user(Role.head)
    rule = a_group_rule(conditions=every(when("contacts_90", "at_most", 0)))
    client = a_client()
    act = sorted_by(head)
    with transaction(by=head):
        session.refresh(client)
        standings.hold(client, rule.group, reason="Пусть будет", until=None, by=head)

    undone(act, head)

    session.refresh(client)
    assert client.group_id == rule.group_id


def test_what_is_held_by_hand_no_rule_moves_until_its_end(session):
    head, own = a_user(Role.head), a_client_group()
    rule = a_group_rule(conditions=every(when("age_days", "at_least", 0)))
    client = a_client()
    with transaction(by=head):
        standings.hold(client, own, reason="Обещали", until=clock.now() + timedelta(days=5), by=head)
    sorted_by(head)
    session.refresh(client)
    assert client.group_id == own.id

    with clock.stopped_at(clock.now() + timedelta(days=6)):
        sorted_by(head)
    session.refresh(client)
    assert client.group_id == rule.group_id


@pytest.mark.parametrize("way", ["form", "bulk"])
def test_whoever_moves_a_client_by_hand_holds_it_whatever_the_door(session, way):
    head, own = a_user(Role.head), a_client_group()
    a_group_rule(conditions=every(when("age_days", "at_least", 0)))
    client = a_client()
    if way == "form":
        client.group, client.group_reason = own, "Договор"
        clients.check(client, by=head)
        session.commit()
    else:
        done(act_of(BulkKind.group, own, reason="Договор"), [Client.id == client.id], head)

    sorted_by(head)

    session.refresh(client)
    standing = standings.of(client)
    assert client.group_id == own.id
    assert (standing.by_hand, standing.reason, standing.held_until) == (True, "Договор", None)


def test_a_group_given_to_many_by_hand_and_undone_leaves_no_hold(session):
    head = a_user(Role.head)
    client = a_client()
    undone(done(act_of(BulkKind.group, a_client_group(), reason="Так"), [Client.id == client.id], head), head)
    assert standings.of(client) is None


def test_released_it_is_the_rules_again(session):
    head = a_user(Role.head)
    rule = a_group_rule(conditions=every(when("age_days", "at_least", 0)))
    client = a_client()
    with transaction(by=head):
        standings.hold(client, client.group, reason="Пока так", until=None, by=head)
    with transaction(by=head):
        standings.release(client, by=head)
    sorted_by(head)
    session.refresh(client)
    assert client.group_id == rule.group_id


def test_a_rule_keeps_its_clients_for_as_long_as_it_says(session):
    head, first = a_user(Role.head), a_client_group()
    a_group_rule(position=1, group=first, stay_days=30, conditions=every(when("contacts_90", "at_least", 1)))
    last = a_group_rule(position=2, conditions=every(when("age_days", "at_least", 0)))
    client = a_client()
    contacts(client, 1, days=85)
    sorted_by(head)
    with clock.stopped_at(clock.now() + timedelta(days=10)):
        sorted_by(head)
    session.refresh(client)
    assert client.group_id == first.id

    with clock.stopped_at(clock.now() + timedelta(days=31)):
        sorted_by(head)
    session.refresh(client)
    assert client.group_id == last.group_id


def test_rules_that_would_move_a_client_round_and_round_leave_it_alone(session):
    one, other = a_client_group(), a_client_group()
    a_group_rule(group=other, conditions=every(when("group", "one_of", [one.id])))
    a_group_rule(group=one, conditions=every(when("group", "one_of", [other.id])))
    client = a_client(group=one)
    assert sorted_by(a_user(Role.head)).counts == {}
    session.refresh(client)
    assert client.group_id == one.id


def test_points_of_both_axes_are_facts_too(session):
    country = a_region()
    inside = a_region(parent=country)
    an_axis_point(axis=Axis.potential, points=2, condition=when("region", "one_of", [country.id]))
    an_axis_point(axis=Axis.potential, points=3, condition=when("overdue_promises", "at_least", 1))
    rule = a_group_rule(conditions=every(when("potential", "at_least", 5)))
    client, near = a_client(region=inside), a_client(region=inside)
    a_promise(client=client, due_at=clock.now() - timedelta(days=1))

    sorted_by(a_user(Role.head))

    session.refresh(client)
    session.refresh(near)
    assert client.group_id == rule.group_id != near.group_id


def test_rules_that_were_changed_since_they_were_shown_are_not_applied(session):
    head = a_user(Role.head)
    a_group_rule()
    with transaction(by=head), pytest.raises(DomainError):
        grouping_run.begin(shown="another", by=head)


def test_rules_changed_on_the_way_leave_the_rest_alone(session):
    head = a_user(Role.head)
    rule = a_group_rule()
    client = a_client()
    was = client.group_id
    with transaction(by=head):
        act = grouping_run.begin(by=head)
    rule.conditions, rule.version = every(when("age_days", "at_least", 1)), 2
    session.commit()
    with pytest.raises(DomainError), transaction(by=head):
        bulk.go_on(act.id, by=head)
    session.refresh(client)
    assert client.group_id == was


def test_whoever_may_not_change_the_rules_applies_none(session):
    a_group_rule()
    for role in (Role.manager, Role.colleague):
        with pytest.raises(NotAllowed):
            grouping_run.begin(by=a_user(role))
    assert session.scalar(select(BulkAct.id)) is None


def test_somebody_elses_client_is_held_by_nobody_but_the_head(session):
    with pytest.raises(NotAllowed):
        standings.hold(a_client(), a_client_group(), reason="Моё", until=None, by=a_user())
    assert session.scalar(select(GroupStanding.id)) is None


def test_a_slice_asks_the_same_number_of_questions_for_two_clients_and_for_thirty(session, queries):
    head = a_user(Role.head)
    an_axis_point()
    a_group_rule(conditions=every(when("intensity", "at_least", 1), when("persons", "at_most", 3)))
    costs = []
    for number in (2, 30):
        for _each in range(number):
            contacts(a_client(), 3)
        with transaction(by=head):
            act = grouping_run.begin(by=head)
        session.expunge_all()
        with queries().counting() as seen, transaction(by=head):
            act = bulk.go_on(act.id, by=head)
        assert act.counts[BulkVerdict.done.value] == number
        costs.append(len(seen))
    assert costs[1] <= costs[0]
