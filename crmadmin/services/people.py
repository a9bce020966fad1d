"""Acts on the people who sign in, and the check every door runs before one is kept.

``by`` is the person who acts, or None where the program itself was told to at its command line.
"""

import re
from functools import partial
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import About, DomainError, NotAllowed, NotFound, all_hold
from crmadmin.core.i18n import _, plural
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.absences import substitution_by
from crmadmin.queries.choices import CURATING
from crmadmin.queries.curators import count_of_all_clients
from crmadmin.queries.handover import left_with_others
from crmadmin.rules import passwords as rule
from crmadmin.rules.emails import email
from crmadmin.services import gaps, passwords, sign_in_sessions
from models import User
from models.kinds import Role

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,98}[a-z0-9]")


def check(user: User, *, by: User | None, is_new: bool = False) -> None:
    """What must hold whoever saves a person: form, command or seed. Fills what a new one starts with."""
    with db.no_autoflush:
        if not _manages(by):
            raise NotAllowed(_("Only the admin changes people."))
        if is_new:
            user.created_at = clock.now()
        user.name = " ".join((user.name or "").split())
        all_hold(partial(_check_name, user), partial(_check_login, user), partial(_check_email, user))
        user.telephone = " ".join((user.telephone or "").split())
        _keep_an_admin(db())
        _keep_clients_in_hand(db())
        _keep_answerable(db())


def create(login: str, *, name: str, role: Role, password: str = "", by: User | None) -> User:
    """Somebody new; without a password he cannot sign in yet."""
    user = User(login=login, name=name, role=role, active=True)
    checks = [partial(check, user, by=by, is_new=True)]
    if password:
        checks.append(partial(_keep_password, user, password))
    all_hold(*checks)
    db.add(user)
    db.flush()
    return user


def set_password(user: User, password: str, *, by: User | None) -> None:
    """Give somebody a new password: whoever is signed in under the old one is signed out."""
    if by is not user and not _manages(by):
        raise NotAllowed(_("Only the admin sets somebody else's password."))
    _keep_password(user, password)


def by_login(login: str) -> User:
    user = known(login)
    if user is None:
        raise NotFound(_("There is nobody with the login %(login)s.", login=login))
    return user


def known(login: str) -> User | None:
    """Whoever signs in by this login, typed in whatever case; None where it can be nobody's."""
    login = login.strip().lower()
    return db.scalar(select(User).where(User.login == login)) if _LOGIN.fullmatch(login) else None


def has_admin() -> bool:
    return db.scalar(select(User.id).where(User.role == Role.admin, User.active).limit(1)) is not None


def _manages(by: User | None) -> bool:
    """By the role he had until now: nobody makes himself admin, and an admin may step down."""
    return by is None or allows(_was(by, "role"), Permission.people_manage)


def _keep_password(user: User, password: str) -> None:
    rule.check(password, login=user.login, name=user.name)
    user.password_hash = passwords.hashed(password)
    user.session_epoch = (user.session_epoch or 0) + 1


def _check_name(user: User) -> None:
    if not user.name:
        raise DomainError(_("A person needs a name."), field="name")


def _check_login(user: User) -> None:
    user.login = (user.login or "").strip().lower()
    if not _LOGIN.fullmatch(user.login):
        raise DomainError(
            _("A login is of Latin letters, digits, dots and dashes: two characters at least."), field="login"
        )
    if not inspect(user).attrs.login.history.has_changes():
        return
    other = db.scalar(select(User).where(User.login == user.login))
    if other is not None and other is not user:
        raise DomainError(_("%(name)s signs in by this login already.", name=other.name), field="login")


def _check_email(user: User) -> None:
    try:
        user.email = email(user.email) if (user.email or "").strip() else ""
    except DomainError as refusal:
        raise DomainError(str(refusal), field="email") from refusal


def _was(user: User, column: str) -> Any:
    """The value in the database, before what this session is about to write."""
    history = inspect(user).attrs[column].history
    return history.deleted[0] if history.deleted else getattr(user, column)


def _leaves_the_admins(user: User) -> bool:
    was = _was(user, "role") == Role.admin and _was(user, "active")
    return was and not (user.role == Role.admin and user.active)


def _keep_an_admin(session: Session) -> None:
    """The admins' rows are locked first: of two admins who demote each other, the second is refused."""
    leaving = [row for row in session.dirty if isinstance(row, User) and _leaves_the_admins(row)]
    if not leaving:
        return
    admins = select(User.id).where(User.role == Role.admin, User.active).order_by(User.id).with_for_update()
    with session.no_autoflush:
        left = set(session.scalars(admins)) - {row.id for row in leaving}
    if not left:
        raise DomainError(
            _("This is the last active admin: make somebody else admin first."),
            field="role" if leaving[0].role != Role.admin else "active",
        )


def _stops_answering(user: User) -> bool:
    """He leaves, or becomes somebody who may not change clients."""
    answered = bool(_was(user, "active")) and _was(user, "role") in CURATING
    return answered and not (user.active and user.role in CURATING)


def _begins_answering(user: User) -> bool:
    """He comes to be somebody who may be given clients."""
    answered = bool(_was(user, "active")) and _was(user, "role") in CURATING
    return not answered and bool(user.active) and user.role in CURATING


def _keep_answerable(session: Session) -> None:
    """Nobody who is away without a substitute comes to be one who may have clients. His row is locked: he
    does not go away now."""
    beginning = [row for row in session.dirty if isinstance(row, User) and _begins_answering(row)]
    for user in sorted(beginning, key=lambda row: row.id):
        with session.no_autoflush:
            session.execute(select(User.id).where(User.id == user.id).with_for_update()).all()
            if told := gaps.told_of(session, user):
                raise DomainError(told, field="role")


def _keep_clients_in_hand(session: Session) -> None:
    """Nobody leaves clients behind, nor those he acts for. His row is locked: nobody gives him one now."""
    leaving = [row for row in session.dirty if isinstance(row, User) and _stops_answering(row)]
    for user in sorted(leaving, key=lambda row: row.id):
        with session.no_autoflush:
            session.execute(select(User.id).where(User.id == user.id).with_for_update()).all()
            if told := _what_hinders(session, user):
                field = "active" if not user.active else "role"
                raise DomainError(told, field=field, about=About("person", user.id, user.name))


def _what_hinders(session: Session, user: User) -> str:
    if clients := session.scalar(count_of_all_clients(user.id)):
        number = plural("%(num)d client", "%(num)d clients", clients)
        return _("%(name)s still curates %(number)s: hand them over first.", name=user.name, number=number)
    if not user.active and (left := session.scalar(left_with_others(user.id))):
        number = plural("%(num)d plan or promise", "%(num)d plans and promises", left)
        return _(
            "%(name)s still has %(number)s with clients of others: hand them over first.",
            name=user.name,
            number=number,
        )
    absence = session.scalar(substitution_by(user.id, clock.now()).limit(1))
    if absence is None:
        return ""
    names = {"name": user.name, "other": absence.person.name}
    return _("%(name)s substitutes for %(other)s: name somebody else first.", **names)


@event.listens_for(Session, "before_flush")
def _whatever_the_door(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Deactivation ends all sessions at once, and the last admin stays, also for doors that forgot to ask."""
    _keep_an_admin(session)
    _keep_clients_in_hand(session)
    _keep_answerable(session)
    for row in session.dirty:
        if isinstance(row, User) and not row.active and _was(row, "active"):
            row.session_epoch += 1
        if isinstance(row, User) and inspect(row).attrs.active.history.has_changes():
            row.left_at = None if row.active else clock.now()
    leaving = [row.id for row in session.dirty if isinstance(row, User) and _has_a_new_epoch(row)]
    if leaving:
        with session.no_autoflush:
            sign_in_sessions.end_all(session, leaving)


def _has_a_new_epoch(user: User) -> bool:
    return inspect(user).attrs.session_epoch.history.has_changes()
