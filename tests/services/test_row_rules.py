"""A row rule is said twice, in SQL for many rows and in Python for a row in hand: both say the same."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crmadmin.core.errors import NotAllowed
from crmadmin.queries.visibility import (
    client_changeable_by,
    contact_person_changeable_by,
    interaction_correctable_by,
)
from crmadmin.services import clients, contact_persons, interactions
from models import Client, ContactPerson, Interaction
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_substitution,
    a_user,
    an_absence,
    an_interaction,
    an_interaction_kind,
)

WHO = st.integers(0, 3)
GROUP = st.integers(0, 1)
CARDS = st.lists(st.tuples(st.integers(0, 4), GROUP, st.booleans()), min_size=1, max_size=6)
TALKS = st.lists(
    st.tuples(st.integers(0, 5), WHO, WHO, st.sampled_from(InteractionState)), min_size=1, max_size=8
)
ABSENCES = st.lists(
    st.tuples(WHO, WHO, st.none() | GROUP, st.integers(-2, 1), st.integers(1, 3)),
    max_size=4,
    unique_by=lambda absence: absence[0],
)
"""Who is away, who acts for him, with which group or all, from which day on, for how many days."""


@given(
    roles=st.lists(st.sampled_from(Role), min_size=4, max_size=4),
    active=st.lists(st.booleans(), min_size=4, max_size=4),
    cards=CARDS,
    talks=TALKS,
    absences=ABSENCES,
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_let_the_same_people_change_the_same_rows(
    session, noon, roles, active, cards, talks, absences
):
    people = [a_user(role, active=works) for role, works in zip(roles, active, strict=True)]
    groups, kind = [a_client_group(), a_client_group()], an_interaction_kind()
    rows = [
        a_client(
            group=groups[group],
            curator=people[who] if who < 4 else None,
            archived_at=noon if away else None,
        )
        for who, group, away in cards
    ]
    persons = [a_contact_person(client=row) for row in rows]
    said = [
        an_interaction(client=rows[of % len(rows)], kind=kind, person=people[spoke], cancel_reason="так",
                       recorded_by=people[wrote], state=state)
        for of, spoke, wrote, state in talks
    ]  # fmt: skip
    for who, acts, group, start, days in absences:
        somebody_away(noon, people[who], people[acts], None if group is None else groups[group], start, days)
    for by in people:
        for table, rule, may, found in (
            (Client, client_changeable_by, clients.may_change, rows),
            (Interaction, interaction_correctable_by, interactions.may_correct, said),
            (ContactPerson, contact_person_changeable_by, may_keep, persons),
        ):
            asked = select(table.id).where(rule(by), table.id.in_([row.id for row in found]))
            assert set(session.scalars(asked)) == {row.id for row in found if may(row, by)}, (table, by.role)


def somebody_away(noon, person, substitute, group, start, days):
    begins = noon + timedelta(days=start)
    absence = an_absence(person=person, starts_at=begins, ends_at=begins + timedelta(days=days))
    a_substitution(absence=absence, substitute=substitute, group=group)


def may_keep(person, by):
    """What every door asks before it keeps a contact person."""
    try:
        contact_persons.check(person, by=by)
    except NotAllowed:
        return False
    return True


def test_a_plan_that_went_over_to_another_is_no_longer_its_maker_s(session):
    maker, heir = a_user(), a_user()
    plan = an_interaction(person=heir, recorded_by=maker, state=InteractionState.planned)
    record = an_interaction(person=heir, recorded_by=maker)

    def may(by):
        asked = select(Interaction.id).where(interaction_correctable_by(by))
        return set(session.scalars(asked)) & {plan.id, record.id}

    assert [interactions.may_correct(row, maker) for row in (plan, record)] == [False, True]
    assert [interactions.may_correct(row, heir) for row in (plan, record)] == [True, True]
    assert (may(maker), may(heir)) == ({record.id}, {plan.id, record.id})
