"""Handing over: one client, those that a list finds, or everything of a person, to one or to several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import handover as asked
from crmadmin.queries.bulk import Criteria
from crmadmin.services import bulk
from models import BulkAct, Client, ClientGroup, User
from models.kinds import BulkKind, BulkVerdict

REST = None
Heirs = Mapping[int | None, int | None]
"""To whom: by the number of a group, and under ``REST`` for all other groups. None: to nobody."""


class Part(NamedTuple):
    """What goes to one successor."""

    target_id: int | None
    found: Criteria


class GroupCount(NamedTuple):
    group: ClientGroup
    number: int


@dataclass
class Preview:
    """What would become of the clients: nothing is changed."""

    groups: list[GroupCount]
    counts: dict[BulkVerdict, int] = field(default_factory=dict[BulkVerdict, int])
    plans: int = 0
    promises: int = 0
    refused: dict[BulkVerdict, list[Client]] = field(default_factory=dict[BulkVerdict, list[Client]])

    @property
    def total(self) -> int:
        return sum(each.number for each in self.groups)


def groups_of(found: Criteria) -> list[GroupCount]:
    return [GroupCount(group, number) for group, number in db.execute(asked.by_group(found))]


def preview(found: Criteria, heirs: Heirs, *, by: User, most: int = 20) -> Preview:
    """How many clients by group, what becomes of them, how many plans go along, what is refused and why."""
    _may(by)
    answer = Preview(groups_of(found))
    for part in _parts(found, heirs, answer.groups):
        act = _act(part, "", "", "")
        for word, number in bulk.preview(act, part.found, by=by).items():
            answer.counts[word] = answer.counts.get(word, 0) + number
            if word not in {BulkVerdict.done, BulkVerdict.same}:
                answer.refused[word] = list(bulk.first_of(act, part.found, word, most, by=by))
        if part.target_id is not None:
            answer.plans += db.scalar(asked.plans_along(part.found, part.target_id)) or 0
            answer.promises += db.scalar(asked.promises_along(part.found, part.target_id)) or 0
    return answer


def begin(
    key: str,
    found: Criteria,
    heirs: Heirs,
    *,
    reason: str,
    address: str = "",
    shown: str | None = None,
    by: User,
) -> list[BulkAct]:
    """One act for each successor, begun; small ones are done at once. The same form sent twice is one.

    ``shown``: how many clients it was said to hand over, where that was said; another number begins nothing.
    """
    _may(by)
    known = db.scalars(asked.batch_of(key)).all()
    if known:
        if known[0].by_id != by.id:
            raise NotAllowed(_("This act is somebody else's."))
        return list(known)
    if not reason.strip():
        raise DomainError(_("Say why: the reason stands in the journal of each client."), field="reason")
    parts = _parts(found, heirs, groups_of(found))
    if not parts:
        raise DomainError(_("There is no client to hand over."))
    if len(parts) > asked.MOST_ACTS:
        limits = {"most": asked.MOST_ACTS, "given": len(parts)}
        raise DomainError(
            _("To %(most)s people at most in one go, not to %(given)s.", **limits), field="target"
        )
    acts = [
        bulk.begin(_act(part, reason, f"{key}-{number}", address), part.found, by=by)
        for number, part in enumerate(parts)
    ]
    if shown is not None:
        bulk.check_shown(acts, shown, by=by)
    if sum(act.left for act in acts) <= bulk.SLICE:
        acts = [bulk.go_on(act.id, by=by) for act in acts]
    return acts


def of_same_form(act: BulkAct) -> Sequence[BulkAct]:
    """The acts that were begun together with this one, itself among them."""
    batch, _line, number = act.key.rpartition("-")
    if not number.isdecimal():
        return [act]
    found = db.scalars(asked.batch_of(batch)).all()
    return found if act in found else [act]


def _may(by: User) -> None:
    if not allows(by.role, Permission.curators_change):
        raise NotAllowed(_("Only the head and the admin change a client's curator."))


def _parts(found: Criteria, heirs: Heirs, groups: Sequence[GroupCount]) -> list[Part]:
    """One for each successor who gets anything; a group that nobody is named for goes with the rest."""
    to: dict[int | None, list[int]] = {}
    for group, _number in groups:
        if group.id not in heirs and REST not in heirs:
            raise DomainError(_("Say to whom the clients of each group go."), field="target")
        to.setdefault(heirs.get(group.id, heirs.get(REST)), []).append(group.id)
    if len(to) == 1:
        return [Part(next(iter(to)), found)]
    return [Part(target, [*found, Client.group_id.in_(ids)]) for target, ids in to.items()]


def _act(part: Part, reason: str, key: str, address: str) -> BulkAct:
    nothing = {"nothing": True} if part.target_id is None else {}
    chosen = {"reason": reason, **nothing}
    return BulkAct(
        kind=BulkKind.curator, target_id=part.target_id, parameters=chosen, key=key, address=address
    )
