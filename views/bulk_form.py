"""What an act on many clients asks for, kind by kind: read from a form, as an act to be checked."""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from crmadmin.core.db import db
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.services import once
from crmadmin.services.bulk_parameters import MAY_BE_NOTHING, TARGETS, WITH_REASON
from models import BulkAct, Channel, ClientGroup, InteractionKind, Tag, User
from models.kinds import BulkKind
from views.admin.filters import row_id
from views.fields import plain_text, read_moment

NOTHING = "none"
LONGEST_REASON = 500
LONGEST_NOTE = 2_000

_OFFERS: dict[BulkKind, Any] = {
    BulkKind.group: choices.in_use(ClientGroup),
    BulkKind.curator: choices.curators,
    BulkKind.tag: choices.in_use(Tag),
    BulkKind.untag: choices.every(Tag),
    BulkKind.channel: choices.in_use(Channel),
    BulkKind.plan: choices.in_use(InteractionKind),
}


class Target(NamedTuple):
    """What is chosen of: its name on the page, and what it is called to choose none."""

    title: Any
    nothing: Any = ""


TITLES = {
    BulkKind.group: Target(lazy("Group")),
    BulkKind.curator: Target(lazy("Curator"), lazy("nobody")),
    BulkKind.tag: Target(lazy("Tag")),
    BulkKind.untag: Target(lazy("Tag")),
    BulkKind.channel: Target(lazy("Channel"), lazy("none")),
    BulkKind.plan: Target(lazy("Kind")),
}


class BulkForm:
    """``values`` is what was typed; ``errors`` what is wrong with it, by the name of the field."""

    def __init__(self, kind: BulkKind, viewer: User) -> None:
        self.kind, self.viewer = kind, viewer
        self.values: dict[str, str] = {"key": secrets.token_urlsafe(24), "only_unplanned": "1", "whose": "me"}
        self.errors: dict[str, str] = {}
        self.asks_reason = kind in WITH_REASON
        self.asks_plan = kind is BulkKind.plan
        self.asks_whose = self.asks_plan and allows(viewer.role, Permission.every_row)
        self.target_id: int | None = None
        self.chosen: dict[str, Any] = {}

    @property
    def title(self) -> Any:
        return TITLES[self.kind].title if self.kind in TITLES else ""

    @property
    def options(self) -> list[tuple[str, Any]]:
        if self.kind not in TARGETS:
            return []
        rows: list[tuple[str, Any]] = [
            (str(row.id), row.name) for row in db.scalars(_OFFERS[self.kind](self.viewer))
        ]
        nothing = TITLES[self.kind].nothing
        return [(NOTHING, nothing), *rows] if nothing else rows

    @property
    def target_name(self) -> Any:
        """What is chosen, as it is called."""
        return dict(self.options).get(self.values.get("target", ""), "")

    @property
    def is_chosen(self) -> bool:
        """Enough is known to say whom the act is about."""
        return self.kind not in TARGETS or self.target_id is not None or self.values.get("target") == NOTHING

    def read(self, typed: Mapping[str, str]) -> None:
        names = ("target", "reason", "at", "note", "per_day", "whose", "only_unplanned", "key")
        self.values = {name: str(plain_text(typed.get(name, ""))) for name in names}
        self._read_target()
        if self.asks_reason:
            self.chosen["reason"] = self._short("reason", LONGEST_REASON)
        if self.asks_plan:
            self._read_plan()

    def _read_target(self) -> None:
        text = self.values["target"]
        if not text or self.kind not in TARGETS or (text == NOTHING and self.kind in MAY_BE_NOTHING):
            return
        try:
            self.target_id = row_id(text)
        except ValueError:
            self.errors["target"] = _("This is not among what you may choose.")

    def _short(self, name: str, most: int) -> str:
        text = self.values[name]
        if len(text) > most:
            self.errors[name] = _("No more than %(most)s signs fit in.", most=most)
        return text

    def _read_plan(self) -> None:
        self.chosen["note"] = self._short("note", LONGEST_NOTE)
        self.chosen["only_unplanned"] = self.values["only_unplanned"] == "1"
        self.chosen["whose"] = "curator" if self.asks_whose and self.values["whose"] == "curator" else "me"
        if text := self.values["at"]:
            try:
                self.chosen["at"] = read_moment(text).isoformat()
            except ValueError as error:
                self.errors["at"] = str(error)
        if text := self.values["per_day"]:
            if text.isascii() and text.isdecimal() and len(text) < 6:
                self.chosen["per_day"] = int(text)
            else:
                self.errors["per_day"] = _("This is no whole number.")

    def act(self, address: str, which: str = "") -> BulkAct:
        """As the form has it, not kept yet; sent with another choice, or for others, it is another act."""
        secret = self.values.get("key", "") or secrets.token_urlsafe(24)
        chosen = [(name, repr(value)) for name, value in self.chosen.items()]
        about = [("which", which), ("kind", self.kind.value), ("target", self.values.get("target", ""))]
        key = once.key_of(secret, [*about, *chosen], by=self.viewer)
        nothing = self.values.get("target") == NOTHING
        parameters = {**self.chosen, **({"nothing": True} if nothing else {})}
        return BulkAct(
            kind=self.kind, target_id=self.target_id, parameters=parameters, key=key, address=address
        )
