"""The first admin of a new installation, made through a link that works once. Only its hash is kept."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from crmadmin.services import people
from models import OneTimeLink, User
from models.kinds import Role

LIFETIME = timedelta(hours=24)


def new_link() -> str:
    """The secret part of a new link; every older one stops working."""
    for link in db.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None))):
        db.delete(link)
    token = secrets.token_urlsafe(24)
    db.add(OneTimeLink(token_hash=_hash(token), expires_at=clock.now() + LIFETIME))
    db.flush()
    return token


def link(token: str) -> OneTimeLink:
    """The link, locked until the transaction ends; NotFound once it is used, late, or there is an admin."""
    asked = select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)).with_for_update()
    found = db.scalar(asked.execution_options(populate_existing=True))
    if people.has_admin():
        raise NotFound(_("There is an administrator already: sign in, or ask him to add you."))
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise NotFound(_("This link is used or too old. Start the program again: it prints a new one."))
    return found


def use(token: str, *, name: str, login: str, password: str) -> User:
    """Make the first admin; the link is spent."""
    spent = link(token)
    admin = people.create(login, name=name, role=Role.admin, password=password, by=None)
    spent.used_at = clock.now()
    return admin


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
