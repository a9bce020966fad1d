"""What an act on many clients makes of each of them, before it is done and when it is undone. None runs.

One answer for the preview, which counts it, and for the act, which does it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select

from crmadmin.core.db import Rows
from crmadmin.core.permissions import Permission, allows
from crmadmin.core.sql import among
from crmadmin.queries.bulk_touches import is_as_left
from crmadmin.queries.choices import CURATING
from crmadmin.queries.clients import is_archived
from crmadmin.queries.facts import ids_after
from crmadmin.queries.visibility import (
    client_changeable_by,
    client_plannable_by,
    interaction_correctable_by,
)
from models import BulkAct, BulkRow, Channel, Client, ClientGroup, Interaction, Tag, User
from models.clients import client_tag
from models.kinds import BulkKind, BulkVerdict, InteractionState

REFUSED = (
    BulkVerdict.not_yours,
    BulkVerdict.put_away,
    BulkVerdict.no_curator,
    BulkVerdict.curator_gone,
)
NOT_UNDONE = (BulkVerdict.done, BulkVerdict.touched, BulkVerdict.stays)
COLUMNS = {
    BulkKind.group: "group_id",
    BulkKind.rules: "group_id",
    BulkKind.curator: "curator_id",
    BulkKind.channel: "channel_id",
}

Criteria = Sequence[ColumnElement[bool]]


def has_tag(tag_id: int | None) -> ColumnElement[bool]:
    return exists().where(client_tag.c.client_id == Client.id, client_tag.c.tag_id == tag_id)


def standing(act: BulkAct) -> Any:
    """What the act is about to change, as it stands now; of a plan: who curates the client."""
    if act.kind in COLUMNS:
        return getattr(Client, COLUMNS[act.kind])
    if act.kind in {BulkKind.tag, BulkKind.untag}:
        return case((has_tag(act.target_id), 1), else_=0)
    return Client.curator_id if act.kind is BulkKind.plan else Client.archived_at


def verdict(act: BulkAct, viewer: User | None) -> ColumnElement[str]:
    """What becomes of a client: it is done, it is so already, or it is refused for a reason."""
    if act.kind is BulkKind.rules or viewer is None:
        return _by_rule(act)
    his = client_plannable_by(viewer) if act.kind is BulkKind.plan else client_changeable_by(viewer)
    ways = [
        (~his | his.is_(None), BulkVerdict.not_yours),
        *(_plan_refusals(act) if act.kind is BulkKind.plan else ()),
        *(_curator_refusals(act) if act.kind is BulkKind.curator else ()),
        (_is_so(act), BulkVerdict.same),
    ]
    return case(*((where, literal(word.value)) for where, word in ways), else_=BulkVerdict.done.value)


def _by_rule(act: BulkAct) -> ColumnElement[str]:
    """The rules move whoever's it is; what somebody has moved or put away in this very moment stays."""
    return case(
        (Client.group_id != BulkRow.before_id, BulkVerdict.same.value),
        (is_archived, BulkVerdict.put_away.value),
        else_=BulkVerdict.done.value,
    )


def _curator_refusals(act: BulkAct) -> list[tuple[ColumnElement[bool], BulkVerdict]]:
    """Whoever leaves while the act is under way gets no more clients."""
    if act.target_id is None:
        return []
    return [(~exists().where(User.id == act.target_id, looks_after_clients()), BulkVerdict.curator_gone)]


def looks_after_clients() -> ColumnElement[bool]:
    return and_(User.active, User.role.in_(CURATING))


def _plan_refusals(act: BulkAct) -> list[tuple[ColumnElement[bool], BulkVerdict]]:
    refusals: list[tuple[ColumnElement[bool], BulkVerdict]] = [(is_archived, BulkVerdict.put_away)]
    if act.parameters.get("whose") == "curator":
        refusals += [
            (Client.curator_id.is_(None), BulkVerdict.no_curator),
            (Client.curator_id.in_(select(User.id).where(~User.active)), BulkVerdict.curator_gone),
        ]
    return refusals


def _is_so(act: BulkAct) -> ColumnElement[bool]:
    """Nothing is left to do: the client stands as the act would have it."""
    if act.kind is BulkKind.plan:
        return Client.next_contact_at.is_not(None) if act.parameters.get("only_unplanned") else false()
    if act.kind is BulkKind.rules:
        return Client.group_id == BulkRow.given_id
    if act.kind in COLUMNS:
        return standing(act).is_not_distinct_from(act.target_id)
    return {
        BulkKind.tag: has_tag(act.target_id),
        BulkKind.untag: ~has_tag(act.target_id),
        BulkKind.archive: is_archived,
        BulkKind.restore: ~is_archived,
    }[act.kind]


def undo_verdict(act: BulkAct, viewer: User) -> ColumnElement[str]:
    """What becomes of a client when the act is undone; for a question over the act's rows and clients."""
    still = is_as_left(act)
    if act.kind is BulkKind.archive:
        still &= Client.archived_at == BulkRow.archived_at
    elif act.kind is not BulkKind.plan:
        still &= _is_so(act)
    changeable = _plan_correctable(viewer) if act.kind is BulkKind.plan else client_changeable_by(viewer)
    stays = [~changeable, changeable.is_(None), *_out_of_use(act)]
    forced = and_(BulkRow.picked, _may_be_forced(act)) if act.undo_at and not act.undone_at else false()
    return case(
        (or_(*stays), BulkVerdict.stays.value),
        (or_(still, forced), BulkVerdict.undone.value),
        else_=BulkVerdict.touched.value,
    )


def _plan_correctable(viewer: User) -> ColumnElement[bool]:
    """Whoever may call it off by its form, whoever the client's curator is by now."""
    return exists().where(Interaction.id == BulkRow.made_id, interaction_correctable_by(viewer))


def _out_of_use(act: BulkAct) -> list[ColumnElement[bool]]:
    """What an act may not give, its undoing does not give back."""
    if act.kind is BulkKind.curator:
        return [BulkRow.before_id.in_(select(User.id).where(~looks_after_clients()))]
    if act.kind is BulkKind.untag:
        return [exists().where(Tag.id == act.target_id, ~Tag.active)]
    groups = {BulkKind.group: ClientGroup, BulkKind.rules: ClientGroup}
    table = {**groups, BulkKind.channel: Channel}.get(act.kind)
    return [BulkRow.before_id.in_(select(table.id).where(~table.active))] if table else []


def _may_be_forced(act: BulkAct) -> ColumnElement[bool]:
    """What was held or called off since is no plan that could be called off."""
    if act.kind is not BulkKind.plan:
        return literal(True)
    planned = Interaction.state == InteractionState.planned
    return exists().where(Interaction.id == BulkRow.made_id, planned)


def counted(act: BulkAct, viewer: User, found: Criteria) -> Select[str, int]:
    """(verdict, how many) over the clients that are found."""
    return _by_word(select(verdict(act, viewer).label("said")).select_from(Client).where(*found))


def _by_word(asked: Select[str]) -> Select[str, int]:
    said = asked.subquery()
    return select(said.c.said, func.count()).group_by(said.c.said)


def named(act: BulkAct, viewer: User, found: Criteria, word: BulkVerdict, most: int) -> Select[Client]:
    """The first clients of one verdict."""
    meant = (*found, verdict(act, viewer) == word.value)
    return select(Client).where(*meant).order_by(Client.name_fold, Client.id).limit(most)


def undo_counted(act: BulkAct, viewer: User) -> Select[str, int]:
    return _by_word(_to_undo(act, select(undo_verdict(act, viewer).label("said"))))


def undo_named(act: BulkAct, viewer: User, word: BulkVerdict, most: int) -> Rows:
    asked = _to_undo(act, select(BulkRow, Client)).where(undo_verdict(act, viewer) == word.value)
    return asked.order_by(BulkRow.client_id).limit(most)


def _to_undo(act: BulkAct, asked: Any) -> Any:
    joined = asked.select_from(BulkRow).join(Client, Client.id == BulkRow.client_id)
    return joined.where(BulkRow.act_id == act.id, BulkRow.verdict.in_(NOT_UNDONE))


def waiting(act: BulkAct, most: int) -> Select[int]:
    """The clients of the next slice; of the rules, those that are to be looked at."""
    if act.kind is BulkKind.rules and not act.undo_at:
        return ids_after(act.reached, most)
    words = NOT_UNDONE if act.undo_at else (BulkVerdict.waiting,)
    where = (BulkRow.act_id == act.id, BulkRow.client_id > act.reached, BulkRow.verdict.in_(words))
    return select(BulkRow.client_id).where(*where).order_by(BulkRow.client_id).limit(most)


def slice_of(act: BulkAct, viewer: User | None, ids: Sequence[int]) -> Rows:
    """(the act's row, the verdict, how the client stands) of these clients, in order."""
    said = undo_verdict(act, viewer) if act.undo_at and viewer else verdict(act, viewer)
    asked = select(
        BulkRow.id, BulkRow.client_id, BulkRow.before_id, BulkRow.archived_at, BulkRow.made_id,
        BulkRow.carried, BulkRow.promised, BulkRow.given_id, BulkRow.given, BulkRow.verdict.label("was"),
        said.label("verdict"), standing(act).label("standing"),
    )  # fmt: skip
    joined = asked.select_from(BulkRow).join(Client, Client.id == BulkRow.client_id)
    return joined.where(BulkRow.act_id == act.id, among(BulkRow.client_id, ids)).order_by(BulkRow.client_id)


def rows_of(act: BulkAct, words: Sequence[BulkVerdict], most: int) -> Rows:
    asked = select(BulkRow, Client).join(Client, Client.id == BulkRow.client_id)
    return (
        asked.where(BulkRow.act_id == act.id, BulkRow.verdict.in_(words))
        .order_by(BulkRow.verdict, BulkRow.client_id)
        .limit(most)
    )


def acts_seen_by(viewer: User) -> Select[BulkAct]:
    """One's own; the head and the admin see everybody's. The newest first."""
    asked = select(BulkAct).order_by(BulkAct.id.desc())
    return asked if allows(viewer.role, Permission.every_row) else asked.where(BulkAct.by_id == viewer.id)
