"""Recording, planning, holding and cancelling interactions, and the check every door runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import inspect

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import interactions as asked
from crmadmin.services.absences import acts_for
from models import Client, Interaction, User
from models.kinds import Direction, InteractionState

MANAGER_MAY_SET_BACK = timedelta(days=14)
CLOCKS_DIFFER = timedelta(minutes=2)  # between a browser and the server


def check(interaction: Interaction, *, by: User, is_new: bool = False) -> None:
    """What must hold whoever saves an interaction. Fills what a new one starts with."""
    with db.no_autoflush:
        if is_new:
            _begin(interaction, by)
        _may(interaction, by, is_new)
        all_hold(
            *_part_checks(interaction, is_new),
            partial(_check_time, interaction, by, is_new),
            partial(_check_rest, interaction),
        )


def may_correct(interaction: Interaction, by: User) -> bool:
    """The row rule of ``interaction_correctable_by``, for a row in hand."""
    if not allows(by.role, Permission.interactions_correct):
        return False
    spoke = inspect(interaction).attrs.person_id.history
    before = spoke.deleted[0] if spoke.deleted else interaction.person_id
    if allows(by.role, Permission.every_row) or by.id == before:
        return True
    if not _was_planned(interaction):
        return by.id == interaction.recorded_by_id
    return _acts_in_his_place(before, interaction.client, by)  # a plan that went to another is his now


def _was_planned(interaction: Interaction) -> bool:
    changed = inspect(interaction).attrs.state.history.deleted
    return (changed[0] if changed else interaction.state) is InteractionState.planned


def _acts_in_his_place(person_id: int | None, client: Client, by: User) -> bool:
    """The plan is the client's absent curator's, and this one acts for him."""
    return person_id == client.curator_id and acts_for(by, person_id, client.group_id)


def cancel(interaction: Interaction, *, reason: str, by: User) -> None:
    """Call off a plan, or withdraw a record: the row stays, with the reason."""
    interaction.state = InteractionState.cancelled
    interaction.cancel_reason = reason.strip()
    check(interaction, by=by)


def _begin(interaction: Interaction, by: User) -> None:
    interaction.recorded_at = clock.now()
    interaction.recorded_by = by
    interaction.state = interaction.state or InteractionState.held
    interaction.direction = interaction.direction or Direction.outgoing
    if interaction.person is None and interaction.person_id is None:  # pyright: ignore[reportUnnecessaryComparison]
        interaction.person = by
    interaction.happened_at = interaction.happened_at or clock.now()
    interaction.cancel_reason = interaction.cancel_reason or ""


def _may(interaction: Interaction, by: User, is_new: bool) -> None:
    if is_new and not allows(by.role, Permission.interactions_record):
        raise NotAllowed(_("Recording interactions is not yours to do."))
    if not is_new and not may_correct(interaction, by):
        raise NotAllowed(_("Only whoever spoke or wrote it down, the head and the admin correct a record."))
    person: User | None = interaction.person
    whose = person.id if person else interaction.person_id
    changed = is_new or inspect(interaction).attrs.person.history.has_changes()
    if changed and whose != by.id and not allows(by.role, Permission.every_row):
        raise NotAllowed(_("You record what you did yourself; the head and the admin may record for others."))


def _part_checks(interaction: Interaction, is_new: bool) -> list[Callable[[], None]]:
    return [
        partial(_check_client, interaction, is_new),
        partial(_check_kind, interaction),
        partial(_check_contact_persons, interaction),
    ]


def _check_client(interaction: Interaction, is_new: bool) -> None:
    if interaction.client is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise DomainError(_("Choose the client."), field="client")
    if not is_new and inspect(interaction).attrs.client.history.deleted:
        raise DomainError(_("A record stays with its client: cancel it and record anew."), field="client")


def _check_kind(interaction: Interaction) -> None:
    if interaction.kind is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise DomainError(_("Choose what it was: a call, a meeting, a letter…"), field="kind")


def _check_contact_persons(interaction: Interaction) -> None:
    client: Client | None = interaction.client
    strangers = [each.name for each in interaction.contact_persons if client and each.client_id != client.id]
    if strangers:
        raise DomainError(
            _("%(names)s: not at this client.", names=", ".join(strangers)), field="contact_persons"
        )


def _check_rest(interaction: Interaction) -> None:
    all_hold(partial(_check_reason, interaction), partial(_check_minutes, interaction))


def _check_reason(interaction: Interaction) -> None:
    if interaction.state is not InteractionState.cancelled:
        interaction.cancel_reason = ""  # it is cancelled no more
    elif not interaction.cancel_reason.strip():
        raise DomainError(_("Say why it is cancelled."), field="cancel_reason")


def _check_minutes(interaction: Interaction) -> None:
    if interaction.minutes is not None and not 0 <= interaction.minutes <= 1440:
        raise DomainError(_("From 0 to 1440: a day has no more minutes."), field="minutes")


def _check_time(interaction: Interaction, by: User, is_new: bool) -> None:
    if interaction.state is InteractionState.planned:
        _check_plan(interaction, is_new)
    elif interaction.state is InteractionState.held:
        _check_fact(interaction, by, is_new)


def _check_plan(interaction: Interaction, is_new: bool) -> None:
    """What is planned anew, or for another moment, is checked as a new plan; an overdue one may stay."""
    begins = is_new or was(interaction, "state") is not InteractionState.planned
    if begins and not is_new and _was_held(interaction):
        raise DomainError(_("What has taken place becomes no plan: cancel it and plan anew."), field="state")
    if begins or inspect(interaction).attrs.happened_at.history.has_changes():
        all_hold(
            partial(check_moment, interaction.happened_at),
            partial(_check_is_in_use, interaction.client),
        )
    interaction.planned_for = interaction.happened_at


def check_moment(at: datetime, *, field: str = "happened_at") -> None:
    """When something may be planned for, by whatever door."""
    if at < i18n.start_of(i18n.today()):
        raise DomainError(_("A plan lies ahead: choose a day from today on."), field=field)


def _check_is_in_use(client: Client | None) -> None:
    if client is not None and client.archived:
        raise DomainError(_("This client is put away: bring it back before planning."), field="client")


def _check_fact(interaction: Interaction, by: User, is_new: bool) -> None:
    now = clock.now()
    happened: datetime = interaction.happened_at
    if happened > now + CLOCKS_DIFFER:
        raise DomainError(
            _("What was held lies in the past: plan it, or set the right time."), field="happened_at"
        )
    becomes_held = not is_new and was(interaction, "state") is not InteractionState.held
    is_moved = not is_new and inspect(interaction).attrs.happened_at.history.has_changes()
    becomes_contact = not is_new and _becomes_contact(interaction)
    if becomes_held and not _was_held(interaction):
        _write_down(interaction, by, now)
    elif becomes_contact or (is_moved and happened > interaction.recorded_at):
        interaction.recorded_at = now  # it is written down now: nobody wrote down what was yet to come
    if happened >= now - MANAGER_MAY_SET_BACK or allows(by.role, Permission.every_row):
        return
    if is_new or becomes_held or is_moved:
        raise DomainError(_("A record may be set back by 14 days at most."), field="happened_at")
    if becomes_contact:
        raise DomainError(_("After 14 days only the head makes a contact of what was none."), field="kind")


def _write_down(interaction: Interaction, by: User, now: datetime) -> None:
    """A plan becomes a fact: written down now, by this one, who spoke unless he may record for others."""
    interaction.recorded_at, interaction.recorded_by = now, by
    if not allows(by.role, Permission.every_row):
        interaction.person = by


def was(interaction: Interaction, column: str) -> Any:
    """The value in the database, before what this session is about to write."""
    history = inspect(interaction).attrs[column].history
    return history.deleted[0] if history.deleted else getattr(interaction, column)


def _becomes_contact(interaction: Interaction) -> bool:
    """It was of a kind that is none: else somebody was first by a note that he calls a call today."""
    row = inspect(interaction)
    if not interaction.kind.contact or not (row.attrs.kind.history.added or row.attrs.kind_id.history.added):
        return False
    return not db.scalar(asked.is_of_contact_kind(interaction.id))


def _was_held(interaction: Interaction) -> bool:
    """It has been a fact before, though it may have been cancelled since: then only the journal knows."""
    before = was(interaction, "state")
    if before is not InteractionState.cancelled:
        return before is InteractionState.held
    return db.scalar(asked.was_held(interaction.id)) or False
