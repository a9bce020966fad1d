"""Recording, planning, holding and cancelling interactions, and the check every door runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import inspect

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
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
    return allows(by.role, Permission.every_row) or by.id in (before, interaction.recorded_by_id)


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
    if interaction.state is InteractionState.cancelled and not interaction.cancel_reason.strip():
        raise DomainError(_("Say why it is cancelled."), field="cancel_reason")


def _check_minutes(interaction: Interaction) -> None:
    if interaction.minutes is not None and not 0 <= interaction.minutes <= 1440:
        raise DomainError(_("From 0 to 1440: a day has no more minutes."), field="minutes")


def _check_time(interaction: Interaction, by: User, is_new: bool) -> None:
    now = clock.now()
    happened: datetime = interaction.happened_at
    if interaction.state is InteractionState.planned:
        interaction.planned_for = happened
        return
    if interaction.state is not InteractionState.held:
        return
    becomes_held = bool(inspect(interaction).attrs.state.history.deleted)
    if happened > now + CLOCKS_DIFFER:
        raise DomainError(
            _("What was held lies in the past: plan it, or set the right time."), field="happened_at"
        )
    if becomes_held:  # it becomes a fact now, and this is when the fact is written down
        interaction.recorded_at = now
    moved = is_new or becomes_held or inspect(interaction).attrs.happened_at.history.has_changes()
    early = happened < now - MANAGER_MAY_SET_BACK
    if moved and early and not allows(by.role, Permission.every_row):
        raise DomainError(_("A record may be set back by 14 days at most."), field="happened_at")
