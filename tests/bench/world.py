"""Who and what the rows point at: the reference lists every installation begins with, and sixty people."""

from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.services import passwords
from models import Channel, ClientGroup, Industry, InteractionKind, Region, Result, User
from models.kinds import Role
from seeds import reference
from tests.bench import words
from tests.bench.chains import Field, Signer, canonical, pointed
from tests.bench.plan import BEGINNING, GROUPS

PASSWORD = "bench on two cores"
ADMIN, HEAD, MANAGER = "admin", "head", "manager1"  # logins
HEADS, COLLEAGUES = 3, 10

USUAL = {
    "call": 45, "letter": 20, "meeting": 8, "negotiation": 5, "proposal": 6, "visit": 3, "message": 8,
    "presentation": 1, "exhibition": 1, "mailing": 2, "note": 1,
}  # fmt: skip


class Pointed(NamedTuple):
    """A row of a short list, with what the journal says of a pointer at it."""

    id: int
    code: str
    name: str
    field: Field


class Kind(NamedTuple):
    id: int
    contact: bool
    field: Field


class Colleague(NamedTuple):
    """One of ours: as a signer, and as the pointers of an interaction and of a curator period."""

    signer: Signer
    person: Field
    recorded_by: Field
    curator: bytes


@dataclass(frozen=True)
class World:
    managers: list[Colleague]
    head: Colleague
    groups: list[Pointed]
    industries: list[Pointed]
    regions: list[Pointed]
    channels: list[Pointed]
    results: list[Pointed]
    kinds: list[Kind]  # a hundred, the usual ones oftener


def begin(people: int) -> World:
    """Fill what is small through the program's own services, and read it back."""
    with clock.stopped_at(BEGINNING), transaction() as session:
        reference.load(session)
        session.add_all(_people(people))
    managers = select(User).where(User.role == Role.manager).order_by(User.id)
    head = db.scalars(select(User).where(User.login == HEAD)).one()
    groups = {group.code: group for group in _listed(ClientGroup, "group_id")}
    return World(
        managers=[_colleague(each) for each in db.scalars(managers)],
        head=_colleague(head),
        groups=[groups[code] for code, *_rest in GROUPS],
        industries=_listed(Industry, "industry_id"),
        regions=[region for region in _listed(Region, "region_id") if region.code.isdecimal()],
        channels=_listed(Channel, "channel_id"),
        results=_listed(Result, "result_id"),
        kinds=_kinds(),
    )


def _people(count: int) -> list[User]:
    dice, secret = Random(7), passwords.hashed(PASSWORD)
    roles = [Role.admin, *[Role.head] * HEADS, *[Role.colleague] * COLLEAGUES]
    roles += [Role.manager] * (count - len(roles))
    numbers = dict.fromkeys(Role, 0)
    found: list[User] = []
    for role in roles:
        numbers[role] += 1
        alone = role is Role.admin or (role is Role.head and numbers[role] == 1)
        login = role.value if alone else f"{role.value}{numbers[role]}"
        name = " ".join(words.person(dice).split()[:2])
        found.append(User(name=name, login=login, role=role, password_hash=secret, created_at=clock.now()))
    return found


def _colleague(user: User) -> Colleague:
    who = {"id": user.id, "name": user.name}
    return Colleague(
        Signer(user.id, user.name, canonical(user.name).decode()),
        pointed("person_id", user.id, user.name),
        pointed("recorded_by_id", user.id, user.name),
        canonical(who),
    )


def _listed(table: type[Any], field: str) -> list[Pointed]:
    rows = db.scalars(select(table).order_by(table.id))
    return [Pointed(row.id, row.code, row.name_ru, pointed(field, row.id, row.name_ru)) for row in rows]


def _kinds() -> list[Kind]:
    known = {kind.code: kind for kind in db.scalars(select(InteractionKind))}
    return [
        Kind(known[code].id, known[code].contact, pointed("kind_id", known[code].id, known[code].name_ru))
        for code, share in USUAL.items()
        for _ in range(share)
    ]
