"""Claims, the verdict, and the head's word on it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import department, first_touch, interactions
from models import FirstTouchDecision, JournalEntry
from models.kinds import FirstTouch, InteractionState, Role
from tests.factories import a_client, a_curator_period, a_user, an_interaction, an_interaction_kind


def spoken(client, person, days_ago: float, *, written: float = 0, **given):
    happened = clock.now() - timedelta(days=days_ago)
    told = {"happened_at": happened, "recorded_at": happened + timedelta(days=written), **given}
    return an_interaction(client=client, person=person, **told)


def test_a_claim_tells_first_last_gap_minutes_and_what_was_written_down_late(session):
    client, anna = a_client(), a_user()
    kind = an_interaction_kind(usual_minutes=7)
    first = spoken(client, anna, 30, written=2, kind=kind, minutes=20)
    spoken(client, anna, 10, kind=kind, minutes=None)
    last = spoken(client, anna, 9, kind=kind, minutes=5)

    (claim,) = first_touch.of(client).claims

    assert (claim.first_id, claim.first_at) == (first.id, first.happened_at)
    assert claim.first_recorded_at == first.recorded_at
    assert claim.first_is_late
    assert (claim.last_at, claim.count, claim.late) == (last.happened_at, 3, 1)
    assert (claim.minutes, claim.estimated) == (32, 7)
    assert [gap.length for gap in claim.longest_gaps] == [timedelta(days=20), timedelta(days=1)]


def test_a_claim_shows_its_three_longest_gaps_with_their_days(session):
    client, anna = a_client(), a_user()
    kept = [spoken(client, anna, days_ago) for days_ago in (100, 99.5, 60, 40, 39, 5)]

    (claim,) = first_touch.of(client).claims

    ends = [(gap.start, gap.end) for gap in claim.longest_gaps]
    assert ends == [(kept[at].happened_at, kept[at + 1].happened_at) for at in (1, 4, 2)]


def test_what_is_called_a_contact_later_on_was_written_down_then(session):
    """Else whoever needs to have been first calls an old note a call, and nothing is late about it."""
    client, anna = a_client(), a_user(Role.head)
    note = spoken(client, anna, 40, kind=an_interaction_kind(contact=False))
    assert not first_touch.of(client).claims
    note.kind = an_interaction_kind()
    interactions.check(note, by=anna)
    session.commit()

    found = first_touch.of(client)
    assert found.claims[0].first_is_late
    assert found.verdict.says is FirstTouch.late
    written = note.recorded_at
    with clock.stopped_at(clock.now() + timedelta(days=3)):
        note.kind = an_interaction_kind()  # from one contact to another: it was one before
        interactions.check(note, by=anna)
    assert note.recorded_at == written


def test_everybody_who_ever_touched_the_client_has_a_claim_and_nobody_else(session):
    client, mailing = a_client(), an_interaction_kind(contact=False)
    spoke, present, curated = (a_user() for _ in range(3))
    spoken(client, spoke, 3, participants=[present])
    a_curator_period(client=client, curator=curated)
    spoken(client, a_user(), 9, kind=mailing)
    spoken(client, a_user(), 9, state=InteractionState.cancelled, cancel_reason="no")
    spoken(a_client(), a_user(), 9)

    claims = first_touch.of(client).claims

    assert [claim.person for claim in claims] == [spoke, curated, present]
    assert {claim.person: claim.present for claim in claims}[present] == 1
    assert {claim.person: len(claim.periods) for claim in claims}[curated] == 1


def test_the_verdict_follows_the_department_s_number_of_days(session):
    client, anna, boris = a_client(), a_user(), a_user()
    spoken(client, anna, 40)
    spoken(client, boris, 5)
    assert first_touch.of(client).holder is anna

    department.change(department.FIRST_TOUCH_DAYS, "30", by=a_user(Role.head))

    assert first_touch.of(client).holder is boris


def test_the_newest_decision_counts_and_the_ones_before_stay(session):
    client, anna, boris, head = a_client(), a_user(), a_user(), a_user(Role.head)
    spoken(client, anna, 4)
    spoken(client, boris, 3)
    first_touch.decide(client, anna.id, "She called", by=head)
    first_touch.decide(client, boris.id, "He was asked for by name", by=head)

    found = first_touch.of(client)

    assert found.decision is not None
    assert found.decision.person is boris
    assert [each.person for each in found.decisions] == [boris, anna]
    assert found.holder is anna, "the rule's own word stays visible"
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "first_touch_decided")).all()
    assert [entry.data["reason"][1] for entry in told] == ["She called", "He was asked for by name"]
    assert {entry.chain for entry in told} == {client.id}


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_only_the_head_decides(session, role):
    client, anna = a_client(), a_user()
    spoken(client, anna, 4)

    with pytest.raises(NotAllowed):
        first_touch.decide(client, anna.id, "mine", by=a_user(role))


def test_a_decision_names_somebody_with_a_claim_and_a_reason(session):
    client, anna, head = a_client(), a_user(), a_user(Role.head)
    spoken(client, anna, 4)

    for person, reason, field in ((None, "why", "person"), (a_user().id, "why", "person"),
                                  (anna.id, "  ", "reason"), (anna.id, "x" * 501, "reason")):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            first_touch.decide(client, person, reason, by=head)
        assert refused.value.field == field
    assert not session.scalars(select(FirstTouchDecision)).all()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 60), st.sampled_from([0, 0, 2]), st.booleans()),
        max_size=8,
    )
)
def test_what_is_read_from_the_database_is_what_the_rule_is_asked(session, history):
    """An oracle by hand: day by day, who would have held it."""
    department.change(department.FIRST_TOUCH_DAYS, "10", by=a_user(Role.admin))
    client, people = a_client(), [a_user() for _ in range(3)]
    kinds = {True: an_interaction_kind(), False: an_interaction_kind(contact=False)}
    for who, ago, written, contact in history:
        spoken(client, people[who], ago + 0.5, written=written, kind=kinds[contact])

    found = first_touch.of(client)

    everything = by_days([(60 - ago, who) for who, ago, _written, contact in history if contact])
    in_time = by_days([(60 - ago, who) for who, ago, written, contact in history if contact and not written])
    if everything != in_time:
        assert found.verdict.says is FirstTouch.late
    elif len(everything) == 1:
        assert found.holder is people[next(iter(everything))]
    else:
        assert found.holder is None


def by_days(touches: list[tuple[int, int]]) -> set[int]:
    """Who holds after day 60, where a hold lasts ten days after the last touch of its holder."""
    holders: set[int] = set()
    last = -100
    for day in range(61):
        spoke = {who for when, who in touches if when == day}
        if spoke and day - last >= 10:
            holders, last = spoke, day
        elif spoke & holders:
            last = day
    return holders if 60.5 - last < 10 else set()
