"""Signing in: one sentence for every wrong pair, and longer and longer waits for whoever keeps guessing.

A refusal is returned, not raised, so that the transaction keeps what was counted about it.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, and_, delete, func, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, plural
from crmadmin.core.turns import take_turns
from crmadmin.services import passwords, people
from models import SignInAttempt, User

WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many refusals are free; each further one doubles the wait, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta


TOGETHER = Limit(5, timedelta(seconds=30), timedelta(minutes=15))  # of one account from one address
ADDRESS = Limit(20, timedelta(seconds=30), timedelta(minutes=15))  # many people share that of one office
ACCOUNT = Limit(30, timedelta(seconds=5), timedelta(minutes=1))
"""Of one account, wherever from. One address never comes so far by itself: nobody keeps another out by
guessing at him. Whoever has many addresses gets one guess a minute."""


class Refused(DomainError):
    """Nobody is let in: the same words whether the login, the password or both are wrong."""


class TooMany(DomainError):
    """Too many wrong ones: nothing is looked at until the wait is over."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        super().__init__(_("Too many attempts. Try again in %(time)s.", time=_spoken(self.seconds)))


@dataclass(frozen=True)
class Door:
    """What is counted together: the account that was tried and the address it was tried from."""

    account: str
    address: str


def sign_in(login: str, password: str, address: str) -> User | DomainError:
    """The person who has this login and this password; or why nobody is let in."""
    user = people.known(login)
    door = Door(user.login if user else _masked(login), _place(address))
    refusal = _tried(user, password, door)
    if refusal or user is None:
        return refusal or _wrong()
    user.last_seen_at = clock.now()
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def change_password(user: User, old: str, new: str, address: str) -> DomainError | None:
    """Somebody's own password, who must know the old one; all his other sessions end. None: it is done."""
    refusal = _tried(user, old, Door(user.login, _place(address)))
    if isinstance(refusal, Refused):
        return Refused(_("This is not your present password."), field="old")
    if refusal is None:
        people.set_password(user, new, by=user)
    return refusal


def _tried(user: User | None, password: str, door: Door) -> DomainError | None:
    take_turns(f"sign-in as {door.account}", f"sign-in from {door.address}")  # or many at once pass uncounted
    wait = _wait(door)
    if wait > timedelta():
        return TooMany(wait)
    right = passwords.is_right(password, user.password_hash if user else "")
    if right and user is not None and user.active:
        for attempt in db.scalars(select(SignInAttempt).where(_by(door))):
            db.delete(attempt)
        return None
    old = delete(SignInAttempt).where(SignInAttempt.at < clock.now() - KEPT)
    db.execute(old.execution_options(told=True))  # the journal has them for ever
    db.add(SignInAttempt(login=door.account, address=door.address, at=clock.now()))
    return _wrong()


def _wrong() -> Refused:
    return Refused(_("Wrong login or password."), field="password")


def _by(door: Door) -> ColumnElement[bool]:
    return and_(SignInAttempt.login == door.account, SignInAttempt.address == door.address)


def _wait(door: Door) -> timedelta:
    """How long nobody is let in yet: by account and address together, by each alone, whichever is longest."""
    return max(
        _left(_by(door), TOGETHER),
        _left(SignInAttempt.address == door.address, ADDRESS),
        _left(SignInAttempt.login == door.account, ACCOUNT),
    )


def _left(which: ColumnElement[bool], limit: Limit) -> timedelta:
    now = clock.now()
    asked = select(func.count(), func.max(SignInAttempt.at))
    count, last = db.execute(asked.where(which, SignInAttempt.at > now - WINDOW)).one()
    if count < limit.free:  # so there is a last one
        return timedelta()
    return min(limit.longest, limit.first * 2 ** min(count - limit.free, 10)) - (now - last)


def _masked(login: str) -> str:
    """Of a login that nobody has: some type a password there, and the journal forgets nothing."""
    return f"unknown:{sha256(login.strip().lower().encode()).hexdigest()[:16]}"


def _place(address: str) -> str:
    """The address; of IPv6 the network, for one machine has a whole one to itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:60]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(found)


def _spoken(seconds: int) -> str:
    if seconds < 60:
        return plural("%(num)d second", "%(num)d seconds", seconds)
    return plural("%(num)d minute", "%(num)d minutes", -(-seconds // 60))
