"""Acts on clients, and the check every door runs before a client is kept."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import inspect, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import About, DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules import registration
from crmadmin.rules.sites import is_site
from crmadmin.services import recurring
from crmadmin.services.absences import acts_for
from crmadmin.services.assignment import curator_before, must_be_here
from models import Client, ClientGroup, User
from models.kinds import ClientKind


def check(client: Client, *, by: User, is_new: bool = False, is_only_one: bool = False) -> None:
    """What must hold whoever saves the client, by whatever door. Fills what a new one starts with.

    ``is_only_one``: the caller has seen that nobody else has this INN, as an import does for many at once.
    """
    with db.no_autoflush:
        if is_new:
            _begin(client, by)
        _may(client, by, is_new, is_only_one)
        client.name = " ".join((client.name or "").split())
        checks = [partial(_check_name, client), *_number_checks(client), partial(_check_site, client)]
        if not is_only_one:
            checks.append(partial(_check_unique, client))
        if not is_new:
            checks.append(partial(_check_reasons, client))
        all_hold(*checks, partial(_check_recommended, client))


def may_change(client: Client, by: User) -> bool:
    """The row rule of ``client_changeable_by``, for a row in hand, as it was before this change."""
    if not allows(by.role, Permission.clients_change):
        return False
    if allows(by.role, Permission.every_row):
        return True
    curator_id = curator_before(client)
    return curator_id == by.id or acts_for(by, curator_id, _group_before(client))


def _group_before(client: Client) -> int | None:
    with db.no_autoflush:
        history = inspect(client).attrs.group_id.history
        by_row = inspect(client).attrs.group.history
    if by_row.deleted and by_row.deleted[0]:
        return by_row.deleted[0].id
    return history.deleted[0] if history.deleted else client.group_id


def archive(client: Client, *, by: User) -> None:
    """Put a client away: it keeps its history and can be brought back."""
    if not may_change(client, by):
        raise NotAllowed(_("This client is not yours to put away."))
    if client.archived_at is None:
        client.archived_at = clock.now()


def restore(client: Client, *, by: User) -> None:
    if not may_change(client, by):
        raise NotAllowed(_("This client is not yours to bring back."))
    client.archived_at = None
    recurring.go_on_with(client, by=by)


def _begin(client: Client, by: User) -> None:
    client.created_at = clock.now()
    client.kind = client.kind or ClientKind.company
    if client.group is None and client.group_id is None:  # pyright: ignore[reportUnnecessaryComparison]
        client.group = first_group()
    if (
        client.curator is None
        and client.curator_id is None
        and not allows(by.role, Permission.curators_change)
    ):
        client.curator = by


def first_group() -> ClientGroup:
    """Where a client starts: «potential»; else the first group there is."""
    asked = (
        select(ClientGroup)
        .where(ClientGroup.active)
        .order_by(ClientGroup.code != "potential", ClientGroup.position)
    )
    group = db.scalar(asked.limit(1))
    if group is None:
        raise DomainError(_("There is no group to put a client in: make one first."), field="group")
    return group


def _may(client: Client, by: User, is_new: bool, is_only_one: bool) -> None:
    if is_new:
        if not allows(by.role, Permission.clients_create):
            raise NotAllowed(_("Adding clients is not yours to do."))
        if (client.curator or by) is not by and not allows(by.role, Permission.curators_change):
            raise NotAllowed(_("Only the head and the admin give a client to somebody else."))
    elif not may_change(client, by):
        raise NotAllowed(
            _("This client is somebody else's: only its curator, the head and the admin change it.")
        )
    elif _curator_changes(client) and not allows(by.role, Permission.curators_change):
        raise NotAllowed(_("Only the head and the admin change a client's curator."))
    if client.curator is not None and _curator_changes(client):
        must_be_here(client.curator, at_once=not is_only_one)


def _check_name(client: Client) -> None:
    if not client.name:
        raise DomainError(_("A client needs a name."), field="name")


def _check_recommended(client: Client) -> None:
    if client.recommended_by is client:
        raise DomainError(_("A client cannot have recommended itself."), field="recommended_by")


def _check_site(client: Client) -> None:
    """What stands there already, an import's or an older one's, hinders no other change."""
    client.site = (client.site or "").strip()
    if client.site and inspect(client).attrs.site.history.has_changes() and not is_site(client.site):
        raise DomainError(_("This is no address of a site: %(typed)s", typed=client.site), field="site")


def _check_reasons(client: Client) -> None:
    """Whoever moves a client or gives it to somebody says why: the next one will ask."""
    attrs = inspect(client).attrs
    moved = attrs.group_id.history.has_changes() or attrs.group.history.has_changes()
    why_moved, why_given = _("Say why the client moves to another group."), _("Say why the curator changes.")
    all_hold(
        partial(_reason, moved, client.group_reason, why_moved, "group_reason"),
        partial(_reason, _curator_changes(client), client.curator_reason, why_given, "curator_reason"),
    )


def _reason(is_asked: bool, said: str, sentence: str, field: str) -> None:
    if is_asked and not (said or "").strip():
        raise DomainError(sentence, field=field)


def _curator_changes(client: Client) -> bool:
    attrs = inspect(client).attrs
    return attrs.curator_id.history.has_changes() or attrs.curator.history.has_changes()


def _number_checks(client: Client) -> list[Callable[[], None]]:
    return [partial(_check_number, client, field, rule) for field, rule in _RULES.items()]


def _check_number(client: Client, field: str, rule: Callable[[str], str]) -> None:
    typed = getattr(client, field) or ""
    try:
        setattr(client, field, rule(typed) if typed.strip() else "")
    except DomainError as refusal:
        raise DomainError(str(refusal), field=field) from refusal
    if field == "kpp" and client.kpp and registration.is_of_person(client.inn or ""):
        raise DomainError(_("A person has no KPP."), field="kpp")


_RULES: dict[str, Callable[[str], str]] = {
    "inn": registration.inn,
    "kpp": registration.kpp,
    "ogrn": registration.ogrn,
}


def _check_unique(client: Client) -> None:
    """One INN is one client, unless both have a KPP and these differ: then they are branches."""
    attrs = inspect(client).attrs
    if not client.inn or not (attrs.inn.history.has_changes() or attrs.kpp.history.has_changes()):
        return
    asked = select(Client.id, Client.name, User.name).outerjoin(User, User.id == Client.curator_id)
    asked = asked.where(Client.inn == client.inn)
    if client.kpp:
        asked = asked.where(Client.kpp.in_(("", client.kpp)))
    if client.id:
        asked = asked.where(Client.id != client.id)
    other = db.execute(asked.order_by(Client.id).limit(1)).one_or_none()
    if other is None:
        return
    id, name, curator = other
    sentence = (
        _("There is such a client already: %(name)s, curator %(curator)s.", name=name, curator=curator)
        if curator
        else _("There is such a client already: %(name)s, without a curator.", name=name)
    )
    raise DomainError(sentence, field="inn", about=About("client", id, name))
