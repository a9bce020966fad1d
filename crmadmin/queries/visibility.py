"""Which rows a person may see, change or take out: one criterion per entity, for every door alike."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import False_, True_

from crmadmin.core import clock
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.absences import in_ones_hands, plans_in_ones_hands, substituted_by
from crmadmin.rules.promises import TAKEN_BACK_WITHIN
from models import Client, ContactPerson, Interaction, Promise, User, Wish
from models.kinds import InteractionState, PromiseState, WishState


def client_visible_to(_viewer: User) -> ColumnElement[bool]:
    """Everybody signed in sees every client and its history: that is the point."""
    return true()


def client_changeable_by(viewer: User) -> ColumnElement[bool]:
    """A manager changes the clients he curates or substitutes for today; head and admin all; others none."""
    if not allows(viewer.role, Permission.clients_change):
        return false()
    if allows(viewer.role, Permission.every_row):
        return true()
    return or_(Client.curator_id == viewer.id, substituted_by(viewer, clock.now()))


def client_plannable_by(viewer: User) -> ColumnElement[bool]:
    """To plan is to record: whoever records does it with any client."""
    return true() if allows(viewer.role, Permission.interactions_record) else false()


def client_exportable_by(viewer: User) -> ColumnElement[bool]:
    if not allows(viewer.role, Permission.clients_export):
        return false()
    return true() if allows(viewer.role, Permission.every_row) else Client.curator_id == viewer.id


def _client_of(
    row: type[Interaction | ContactPerson | Promise | Wish], which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The row's client fits; said without a join where every client does."""
    return which if isinstance(which, True_ | False_) else row.client_id.in_(select(Client.id).where(which))


def interaction_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(Interaction, client_visible_to(viewer))


def interaction_correctable_by(viewer: User) -> ColumnElement[bool]:
    """Whoever spoke or wrote it down; of a plan, who has it now, and his substitute; head and admin any."""
    if not allows(viewer.role, Permission.interactions_correct):
        return false()
    if allows(viewer.role, Permission.every_row):
        return true()
    wrote = and_(Interaction.recorded_by_id == viewer.id, Interaction.state != InteractionState.planned)
    return or_(Interaction.person_id == viewer.id, wrote, plans_in_ones_hands(viewer, clock.now()))


def interaction_exportable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(Interaction, client_exportable_by(viewer))


def curator_exportable_by(viewer: User) -> ColumnElement[bool]:
    """What each of us does is for the head and the admin to take out: it is about people, not clients."""
    return true() if allows(viewer.role, Permission.curators_export) else false()


def contact_person_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_visible_to(viewer))


def contact_person_changeable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_changeable_by(viewer))


def contact_person_exportable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_exportable_by(viewer))


def _of_changeable_client(
    row: type[Interaction | Promise | Wish], viewer: User
) -> ColumnElement[bool]:  # fmt: skip
    """`client_changeable_by` of the row's client; his clients are read from indexes, not all there are."""
    if not allows(viewer.role, Permission.clients_change):
        return false()
    if allows(viewer.role, Permission.every_row):
        return true()
    substituted = select(Client.id).where(in_ones_hands(viewer, clock.now()))
    own = select(Client.id).where(Client.curator_id == viewer.id)
    return or_(row.client_id.in_(own), row.client_id.in_(substituted))


def promise_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(Promise, client_visible_to(viewer))


def promise_settleable_by(viewer: User) -> ColumnElement[bool]:
    """Open ones: by whoever answers for it, and by whoever may change the client's card."""
    return and_(Promise.state == PromiseState.open, _promise_in_charge_of(viewer))


def promise_reopenable_by(viewer: User) -> ColumnElement[bool]:
    """Settled ones: by whoever may settle it, some days long; by head and admin however late.

    One that was moved, while the one it was moved to is open and has another time.
    """
    settled: ColumnElement[bool] = Promise.state != PromiseState.open
    if not allows(viewer.role, Permission.every_row):
        settled = and_(settled, Promise.settled_at >= clock.now() - TAKEN_BACK_WITHIN)
    later = aliased(Promise)
    lives_on = (later.moved_from_id == Promise.id, later.state == PromiseState.open)
    another_time = exists().where(*lives_on, later.due_at != Promise.due_at).correlate(Promise)
    not_stuck = or_(Promise.state != PromiseState.moved, another_time)
    return and_(settled, not_stuck, _promise_in_charge_of(viewer))


def _promise_in_charge_of(viewer: User) -> ColumnElement[bool]:
    if not allows(viewer.role, Permission.promises_change):
        return false()
    return or_(Promise.person_id == viewer.id, _of_changeable_client(Promise, viewer))


def request_answerable_by(viewer: User) -> ColumnElement[bool]:
    """That no answer is needed says whoever may correct the record, or change the client's card."""
    if not allows(viewer.role, Permission.requests_answer):
        return false()
    return or_(interaction_correctable_by(viewer), _of_changeable_client(Interaction, viewer))


def wish_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(Wish, client_visible_to(viewer))


def wish_changeable_by(viewer: User) -> ColumnElement[bool]:
    """Open ones: by whoever wrote it down, and by whoever may change the client's card."""
    if not allows(viewer.role, Permission.wishes_change):
        return false()
    his = or_(Wish.made_by_id == viewer.id, _of_changeable_client(Wish, viewer))
    return and_(Wish.state == WishState.open, his)
