"""The timeline: which lines, in which order, page after page; against a plain reading of the rows."""

from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.queries.timeline import Wanted
from crmadmin.rules.timeline import EVENT, INTERACTION, Place
from models import Interaction, JournalEntry
from models.kinds import InteractionState
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_journal_entry,
    a_user,
    an_interaction,
    an_interaction_kind,
)
from views.timeline import places

_numbers = count(1_000_000)


def whole(wanted, size):
    """Every line, page after page."""
    found, before = [], None
    while True:
        page, has_more = places(wanted, before, size)
        found += page
        if not has_more:
            return found
        before = page[-1]


def is_talk_of(wanted, row):
    return (
        row.client_id == wanted.client_id
        and row.state is not InteractionState.planned
        and (not wanted.kinds or row.kind_id in wanted.kinds)
        and wanted.person_id in {None, row.person_id, *(each.id for each in row.participants)}
        and wanted.contact_person_id in {None, *(each.id for each in row.contact_persons)}
    )


def is_event_of(wanted, entry):
    person = entry.subject_id if entry.subject == "contact_person" else 0
    return (
        entry.client_id == wanted.client_id
        and entry.subject != "interaction"
        and (wanted.small and not wanted.kinds)
        and wanted.person_id in {None, entry.by_id}
        and wanted.contact_person_id in {None, person}
    )


def plainly(session, wanted):
    """The same lines, by reading every row there is."""
    talks, entries = session.scalars(select(Interaction)), session.scalars(select(JournalEntry))
    lines = [
        *(Place(row.happened_at, INTERACTION, row.id) for row in talks if is_talk_of(wanted, row)),
        *(Place(each.recorded_at, EVENT, each.id) for each in entries if is_event_of(wanted, each)),
    ]
    return sorted(lines, reverse=True)


ACT = st.tuples(
    st.sampled_from(["held", "planned", "cancelled", "client", "contact_person", "interaction"]),
    st.integers(0, 1),  # at which client
    st.integers(0, 1),  # by whom, with whom there, of which kind
    st.integers(0, 3),  # hours ago: several share a moment
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACT, max_size=14), size=st.integers(1, 4))
def test_it_is_what_a_plain_reading_of_the_rows_gives(session, noon, acts, size):
    group = a_client_group()
    clients = [a_client(group=group), a_client(group=group)]
    us, kinds = [a_user(), a_user()], [an_interaction_kind(), an_interaction_kind()]
    there = [[a_contact_person(client=client) for _ in range(2)] for client in clients]
    for what, at, which, hours in acts:
        client, person, moment = clients[at], us[which], noon - timedelta(hours=hours)
        if what in {"held", "planned", "cancelled"}:
            why = {"cancel_reason": "so"} if what == "cancelled" else {}
            also = {"participants": [us[1 - which]]} if hours == 2 else {}
            an_interaction(client=client, person=person, kind=kinds[which], happened_at=moment,
                           state=InteractionState(what), contact_persons=[there[at][which]],
                           **why, **also)  # fmt: skip
        else:
            a_journal_entry(chain=client.id, client_id=client.id, number=next(_numbers), subject=what,
                            subject_id=there[at][which].id, recorded_at=moment, by_id=person.id)  # fmt: skip
    one = clients[0].id
    for wanted in (
        Wanted(one),
        Wanted(one, small=False),
        Wanted(one, kinds=(kinds[0].id,)),
        Wanted(one, kinds=(kinds[0].id, kinds[1].id), person_id=us[1].id),
        Wanted(one, person_id=us[0].id),
        Wanted(one, contact_person_id=there[0][0].id),
        Wanted(one, contact_person_id=there[0][1].id, person_id=us[0].id, small=False),
    ):
        assert whole(wanted, size) == plainly(session, wanted), wanted


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(0, 5), min_size=3, max_size=9), size=st.integers(1, 3))
def test_nothing_is_lost_or_told_twice_while_more_is_written_down(session, noon, hours, size):
    client, person, kind = a_client(), a_user(), an_interaction_kind()

    def talk(ago):
        an_interaction(client=client, person=person, kind=kind, happened_at=noon - timedelta(hours=ago))

    for ago in hours:
        talk(ago)
    wanted = Wanted(client.id)
    at_first, found, before = whole(wanted, 99), [], None
    while True:
        page, has_more = places(wanted, before, size)
        found += page
        if not has_more:
            break
        before = page[-1]
        with clock.stopped_at(clock.now() + timedelta(minutes=1)):
            talk(-0.01)  # now, and one that was set back
            talk(hours[0])
            client.city = f"Город {next(_numbers)}"
            session.commit()

    assert len(found) == len(set(found))
    assert [each for each in found if each in at_first] == at_first
