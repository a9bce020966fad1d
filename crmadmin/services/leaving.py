"""Somebody leaves: everything of his is handed over in one go, and then he is switched off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import handover as asked
from crmadmin.queries.absences import substitution_by
from crmadmin.queries.recurring import told
from crmadmin.services import handover, notices, offers, people
from crmadmin.services.handover import GroupCount
from models import Absence, BulkAct, Client, HandoverOffer, Interaction, Promise, User
from models.kinds import NoticeKind, Role


@dataclass
class Left:
    """What is still his; nothing hinders his going once clients and substitutions are with others."""

    groups: list[GroupCount]
    plans: Sequence[Interaction]
    promises: Sequence[Promise]
    substitutions: Sequence[Absence]
    offers: Sequence[HandoverOffer]

    @property
    def clients(self) -> int:
        return sum(each.number for each in self.groups)

    @property
    def nothing(self) -> bool:
        return not (self.clients or self.plans or self.promises or self.substitutions or self.offers)

    @property
    def may_go(self) -> bool:
        return not (self.clients or self.substitutions)


def left_of(person: User) -> Left:
    return Left(
        groups=handover.groups_of([Client.curator_id == person.id]),
        plans=db.scalars(asked.plans_with_others(person.id)).all(),
        promises=db.scalars(asked.promises_with_others(person.id)).all(),
        substitutions=db.scalars(substitution_by(person.id, clock.now())).unique().all(),
        offers=db.scalars(asked.offers_of_person(person.id)).all(),
    )


def hand_over(
    key: str, person: User, heirs: handover.Heirs, *, reason: str, address: str = "", by: User
) -> list[BulkAct]:
    """All his clients, to one or by group to several; other plans of his go to ``heirs_of_plans``, and so
    do promises to others' clients."""
    _may(by)
    if any(heir is None or heir == person.id for heir in heirs.values()):
        raise DomainError(_("Choose somebody else."), field="target")
    acts = handover.begin(key, [Client.curator_id == person.id], heirs, reason=reason, address=address, by=by)
    offers.withdraw_all_of(person, by=by)
    _give_what_is_left(person, by)
    return acts


def heirs_of_plans(
    plans: Sequence[Interaction | Promise], person: User, *, by: User
) -> dict[int, User]:  # fmt: skip
    """To whom the leaver's plans with others' clients go, by their ids: to the curators of the clients; where
    there is none, or he has left too, to the head; to whoever hands over, where there is no head."""
    stays = (User.active, User.role == Role.head, User.id != person.id)
    head = db.scalar(select(User).where(*stays).order_by(User.id).limit(1)) if plans else None
    heirs: dict[int, User] = {}
    for row in plans:
        curator: User | None = row.client.curator
        heirs[row.id] = curator if curator is not None and curator.active else head or by
    return heirs


def _give_what_is_left(person: User, by: User) -> None:
    """Each receiver is told once of all the plans that he gets."""
    owed = db.scalars(asked.promises_with_others(person.id)).all()
    takers = heirs_of_plans(owed, person, by=by)
    for promise in owed:
        promise.person = takers[promise.id]
    rows = db.scalars(asked.plans_with_others(person.id)).all()
    heirs = heirs_of_plans(rows, person, by=by)
    asked_of = {row.series_id for row in rows if row.series_id is not None}
    series = {each.id: each for each in db.scalars(told(asked_of)) if each.person_id == person.id}
    given: dict[User, list[Interaction]] = defaultdict(list)
    for row in rows:
        row.person = heirs[row.id]
        if row.series_id in series:
            series[row.series_id].person = row.person
        given[row.person].append(row)
    db.flush()
    for heir, plans in given.items():
        one = plans[0] if len(plans) == 1 else None
        notices.tell(
            [heir],
            NoticeKind.plans_given,
            f"plans-of-{person.id}-{plans[0].id}",
            by=by,
            client=one and one.client,
            subject="interaction" if one else "",
            subject_id=one and one.id,
            data={"from": person.name, "number": len(plans)},
        )


def tidy_up(person: User, *, by: User) -> None:
    """What stays when there are no clients: plans with others' clients, promises to them, and offers."""
    _may(by)
    offers.withdraw_all_of(person, by=by)
    _give_what_is_left(person, by)


def deactivate(person: User, *, by: User) -> None:
    """Nothing is left: he signs in no more."""
    tidy_up(person, by=by)
    person.active = False
    people.check(person, by=by)
    db.flush()


def _may(by: User) -> None:
    if not (allows(by.role, Permission.people_manage) and allows(by.role, Permission.curators_change)):
        raise NotAllowed(_("Only the admin changes people."))
