"""Which rows a person may see, change or take out: one criterion per entity, for every door alike."""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.sql.elements import False_, True_

from crmadmin.core.permissions import Permission, allows
from models import Client, ContactPerson, Interaction, User


def client_visible_to(_viewer: User) -> ColumnElement[bool]:
    """Everybody signed in sees every client and its history: that is the point."""
    return true()


def client_changeable_by(viewer: User) -> ColumnElement[bool]:
    """A manager changes the clients he curates; head and admin change all; a colleague none."""
    if not allows(viewer.role, Permission.clients_change):
        return false()
    return true() if allows(viewer.role, Permission.every_row) else Client.curator_id == viewer.id


def client_exportable_by(viewer: User) -> ColumnElement[bool]:
    if not allows(viewer.role, Permission.clients_export):
        return false()
    return true() if allows(viewer.role, Permission.every_row) else Client.curator_id == viewer.id


def _client_of(
    row: type[Interaction] | type[ContactPerson], which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The row's client fits; said without a join where every client does."""
    return which if isinstance(which, True_ | False_) else row.client_id.in_(select(Client.id).where(which))


def interaction_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(Interaction, client_visible_to(viewer))


def interaction_correctable_by(viewer: User) -> ColumnElement[bool]:
    """Whoever spoke or wrote it down may correct it; head and admin may correct any."""
    if allows(viewer.role, Permission.every_row):
        return true()
    return or_(Interaction.person_id == viewer.id, Interaction.recorded_by_id == viewer.id)


def interaction_exportable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(Interaction, client_exportable_by(viewer))


def contact_person_visible_to(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_visible_to(viewer))


def contact_person_changeable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_changeable_by(viewer))


def contact_person_exportable_by(viewer: User) -> ColumnElement[bool]:
    return _client_of(ContactPerson, client_exportable_by(viewer))
