"""What is kept of people's numbers is what a plain reader of the rows counts, whatever becomes of them."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.services import doctor, kpi_marks, kpi_touches
from models import Interaction, KpiMark
from models.kinds import InteractionState
from tests import factories as make
from tests.services.kpi_world import (
    BEGAN,
    DAY,
    NOW,
    World,
    a_world,
    hand_over,
    plainly,
    promise,
    spans_of,
)


@pytest.fixture
def world(session, request) -> World:
    return a_world(session, getattr(request, "param", 1))


def agree(spans: list[kpi_marks.Span]) -> None:
    kpi_touches.settle(db())
    db.expire_all()
    found = kpi_marks.figures(spans)
    for span in spans:
        true = plainly(span)
        assert found[span].keys() == true.keys()
        for key, value in true.items():
            told = value if value is None else pytest.approx(value, rel=1e-6)
            assert found[span][key] == told, (span, key)


# What happens to the rows


def correct(world: World) -> None:
    row = db.scalars(select(Interaction).order_by(Interaction.id)).all()[world.dice.randrange(100)]
    row.happened_at = world.moment()
    row.minutes = world.dice.choice([None, 45])
    row.person = world.some(world.people)


def cancel(world: World) -> None:
    row = db.scalars(select(Interaction).where(Interaction.state == InteractionState.held)).all()
    chosen = world.some(list(row))
    chosen.state, chosen.cancel_reason = InteractionState.cancelled, "ошибка"


def go_on(world: World) -> None:
    held = db.scalars(select(Interaction).where(Interaction.state == InteractionState.held)).all()
    before = world.some(list(held))
    make.an_interaction(
        client=before.client, kind=world.kinds[0], person=world.some(world.people), follows_id=before.id,
        state=InteractionState.planned, happened_at=NOW + DAY,
    )  # fmt: skip


def regroup(world: World) -> None:
    client = world.some(world.clients)
    client.group, client.rhythm_days = world.some(world.groups), world.dice.choice([None, 5])


def archive(world: World) -> None:
    client = world.some(world.clients)
    client.archived_at = None if client.archived_at else world.moment()


def turn_a_kind(world: World) -> None:
    kind = world.some(world.kinds)
    kind.contact, kind.usual_minutes = not kind.contact, kind.usual_minutes + 7


def change_a_rhythm(world: World) -> None:
    world.groups[0].rhythm_days += 3


ACTS = [
    World.record,
    correct,
    cancel,
    go_on,
    hand_over,
    regroup,
    archive,
    turn_a_kind,
    change_a_rhythm,
    promise,
]


@pytest.mark.parametrize("world", range(4), indirect=True)
def test_every_figure_is_what_a_plain_reader_counts(world):
    with clock.stopped_at(NOW):
        agree(spans_of(world))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_is_kept_is_no_longer_shown_once_it_does_not_hold(world, act):
    spans = spans_of(world)
    with clock.stopped_at(NOW):
        agree(spans)
        for _n in range(3):
            act(world)
            db.flush()
            agree(spans)


def test_what_still_holds_is_not_counted_again(world, queries):
    spans = spans_of(world)
    with clock.stopped_at(NOW):
        kpi_marks.figures(spans)
        long_ago = [span for span in spans if span.ends_at < NOW - 30 * DAY]
        make.an_interaction(client=world.clients[0], person=world.people[0], kind=world.kinds[0])
        with queries().counting() as seen:
            kpi_marks.figures(long_ago)

    assert len(seen) == 2  # what is kept, and the promises, which change by time alone


def test_a_figure_somebody_touches_while_it_is_counted_is_not_kept(world, session, monkeypatch):
    person = world.people[0]
    span = kpi_marks.work(person.id, BEGAN, NOW)
    counted_of = kpi_marks.counted_of

    def interrupted(*asked: Any) -> Any:
        found = counted_of(*asked)
        monkeypatch.undo()
        make.an_interaction(
            client=world.clients[0], person=person, kind=world.kinds[0], happened_at=NOW - DAY
        )
        return found

    monkeypatch.setattr(kpi_marks, "counted_of", interrupted)
    with clock.stopped_at(NOW):
        kpi_marks.figures([span])
        agree([span])


def test_doctor_finds_a_figure_that_was_rewritten_and_counts_it_again(world, session):
    span = kpi_marks.work(world.people[0].id, BEGAN, NOW)
    with clock.stopped_at(NOW):
        kpi_marks.figures([span])
        mark = session.scalars(select(KpiMark)).one()
        mark.figures = {**mark.figures, "contacts": 1000}
        session.flush()

        told = [
            fault
            for fault in doctor.faults(session, repair=True)
            if "person" in fault or "сотрудник" in fault
        ]
        assert len(told) == 1
        agree([span])


def test_what_is_recorded_while_the_doctor_looks_is_no_fault(world, session, monkeypatch):
    person, counted_of = world.people[0], kpi_marks.counted_of
    with clock.stopped_at(NOW):
        kpi_marks.figures([kpi_marks.work(person.id, BEGAN, NOW)])

        def interrupted(*asked: Any) -> Any:
            monkeypatch.undo()
            at = {"happened_at": NOW - DAY, "recorded_at": NOW}
            make.an_interaction(client=world.clients[0], person=person, kind=world.kinds[0], **at)
            return counted_of(*asked)

        monkeypatch.setattr(kpi_marks, "counted_of", interrupted)
        assert list(kpi_marks.wrong(session(), repair=True)) == []


def test_what_nobody_asks_for_is_dropped_and_counted_anew_when_somebody_does(world, session):
    spans = spans_of(world, 3)
    with clock.stopped_at(NOW):
        kpi_marks.figures(spans)
        kept = set(spans[:2])
        _missing, others = kpi_marks.differing(session(), kept)
        kpi_marks.forget(others)

        assert len(others) == len(set(spans)) - 2
        assert kpi_marks.differing(session(), kept) == ([], [])
        agree(spans)
    session.execute(delete(KpiMark))
