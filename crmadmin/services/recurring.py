"""Contacts that come again: only the next one is a plan, and when it is held or called off the next follows.

So nobody's year is strewn with plans that will never be; what comes later is computed where it is shown.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _, local, today, zone
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import recurring as asked
from crmadmin.rules import recurring
from crmadmin.services import interactions
from models import Client, Interaction, InteractionKind, RecurringPlan, User
from models.kinds import InteractionState

FARTHEST = timedelta(days=3 * 366)
MOST = 5  # that go on with one client
LONGEST = 2_000


def begin(
    client: Client, kind: InteractionKind | None, rule: str, starts_on: date | None, minute: int | None,
    *, until_on: date | None = None, note: str = "", person: User | None = None, by: User,
) -> RecurringPlan:  # fmt: skip
    """Plan a contact again and again, from a day on at a time of day; the first one is planned at once."""
    if not allows(by.role, Permission.interactions_record):
        raise NotAllowed(_("Recording interactions is not yours to do."))
    if starts_on is None or not today() <= starts_on <= today() + FARTHEST:
        raise DomainError(_("The first day lies ahead: choose one from today on."), field="starts_on")
    if minute is None:
        raise DomainError(_("Choose a time of day."), field="time")
    if until_on is not None and until_on < starts_on:
        raise DomainError(_("It ends before it begins."), field="until_on")
    if len(note) > LONGEST:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST), field="note")
    if len(db.scalars(asked.of_client(client.id)).all()) >= MOST:
        raise DomainError(_("Enough comes again with this client: stop something first."), field="rule")
    series = RecurringPlan(
        client=client, kind=kind, person=person or by, rule=rule, starts_on=starts_on, minute=minute,
        until_on=until_on, note=note.strip(), made_at=clock.now(), made_by=by,
    )  # fmt: skip
    first = _first(series)
    if kind is None or first is None:
        raise DomainError(_("Choose what it was: a call, a meeting, a letter…"), field="kind")
    db.add(series)
    db.flush()
    plan = _planned(series, first)
    interactions.check(plan, by=by, is_new=True)
    db.add(plan)
    db.flush()
    return series


def may_stop(series: RecurringPlan, by: User) -> bool:
    """Whose it is, whoever made it, the client's curator, the head and the admin."""
    mine = by.id in (series.person_id, series.made_by_id, series.client.curator_id)
    return allows(by.role, Permission.interactions_record) and (mine or allows(by.role, Permission.every_row))


def stop(series: RecurringPlan, *, reason: str, by: User) -> None:
    """It comes no more: the plan that stands is called off, for the reason."""
    if not may_stop(series, by):
        raise NotAllowed(_("This is not yours to stop."))
    if series.stopped_at is not None:
        raise DomainError(_("This has been stopped already."))
    if not reason.strip():
        raise DomainError(_("Say why it comes no more."), field="reason")
    series.stopped_at, series.stopped_by = clock.now(), by
    db.flush()
    plan = db.scalar(asked.plan_of(series.id))
    if plan is not None and interactions.may_correct(plan, by):
        interactions.cancel(plan, reason=reason, by=by)


def moment_on(series: RecurringPlan, day: date) -> datetime:
    """Its time of that day, in the installation's zone; an hour that clocks skip is the next one."""
    return datetime.combine(day, time(*divmod(series.minute, 60)), zone()).astimezone(UTC)


def _first(series: RecurringPlan) -> date | None:
    return next(recurring.days(series.rule, series.starts_on, series.until_on), None)


def _planned(series: RecurringPlan, day: date) -> Interaction:
    return Interaction(
        client=series.client,
        kind=series.kind,
        person=series.person,
        state=InteractionState.planned,
        happened_at=moment_on(series, day),
        note=series.note,
        series_id=series.id,
        series_on=day,
    )


# The next one follows


@event.listens_for(Session, "before_flush")
def _follow(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """When the plan of a series is settled, whatever door that came by, the next one is planned."""
    settled = [row for row in session.dirty if isinstance(row, Interaction) and _was_planned(row)]
    for row in settled:
        with session.no_autoflush:
            series = session.get(RecurringPlan, row.series_id)
            goes_on = series is not None and series.stopped_at is None and not row.client.archived
            if series is not None and goes_on and not _stands(session, series, settled):
                _plan_next(session, series, row)


def _stands(session: Session, series: RecurringPlan, settled: Sequence[Interaction]) -> bool:
    """Whether more of it is planned than what is settled now: one that was called off may be back."""
    rows = [row for row in (*session.dirty, *session.new) if isinstance(row, Interaction)]
    if any(row.series_id == series.id and row.state is InteractionState.planned for row in rows):
        return True
    other = asked.plan_of(series.id).where(Interaction.id.not_in([row.id for row in settled]))
    return session.scalar(other) is not None


def go_on_with(client: Client, *, by: User) -> None:
    """With a client that is brought back: what comes again and has nothing planned is planned anew."""
    for series in db.scalars(asked.of_client(client.id)).all():
        day = recurring.after(series.rule, series.starts_on, series.until_on, today() - timedelta(days=1))
        if day is None or db.scalar(asked.plan_of(series.id)) is not None:
            continue
        plan = _planned(series, day)
        interactions.check(plan, by=by, is_new=True)
        db.add(plan)
    db.flush()


def _was_planned(row: Interaction) -> bool:
    before = inspect(row).attrs.state.history.deleted
    is_settled = row.state is not InteractionState.planned
    return row.series_id is not None and is_settled and InteractionState.planned in before


def _plan_next(session: Session, series: RecurringPlan, row: Interaction) -> None:
    """On the first day of the rule after the one it stood for, wherever it was moved, and after today."""
    planned = local(row.planned_for or row.happened_at).date()
    last = max(planned, row.series_on or planned, today())
    day = recurring.after(series.rule, series.starts_on, series.until_on, last)
    if day is None:
        return
    person = row.client.curator if row.person_id == row.client.curator_id else row.person
    series.person = person or series.person
    plan = _planned(series, day)
    plan.recorded_at, plan.recorded_by = clock.now(), row.recorded_by
    plan.planned_for, plan.direction = plan.happened_at, row.direction
    session.add(plan)
