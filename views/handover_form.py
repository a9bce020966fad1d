"""What handing over asks for: to whom, for each group of clients or for all, and why."""

import secrets
from collections.abc import Mapping, Sequence

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.queries import choices
from crmadmin.services.handover import REST, GroupCount
from models import User
from views.admin.filters import row_id
from views.fields import plain_text

NOBODY = "none"
LONGEST_REASON = 500
LONGEST_KEY = 56


class HandoverForm:
    """``values`` is what was typed; ``errors`` what is wrong with it, by the name of the field."""

    def __init__(self, viewer: User, groups: Sequence[GroupCount], *, but: User | None = None) -> None:
        self.groups = groups
        self.may_be_nobody = but is None
        self.people = [each for each in db.scalars(choices.curators(viewer)) if each is not but]
        self.values: dict[str, str] = {"key": secrets.token_urlsafe(24)}
        self.errors: dict[str, str] = {}
        self.heirs: dict[int | None, int | None] = {}
        self.reason = ""

    @property
    def key(self) -> str:
        return self.values.get("key", "")[:LONGEST_KEY] or secrets.token_urlsafe(24)

    @property
    def options(self) -> list[tuple[str, str]]:
        """For all; last of all nobody, where that may be."""
        people = [(str(each.id), each.name) for each in self.people]
        return [*people, (NOBODY, _("nobody"))] if self.may_be_nobody else people

    @property
    def is_chosen(self) -> bool:
        """Every client goes somewhere."""
        return bool(self.heirs) and (
            REST in self.heirs or all(group.id in self.heirs for group, _number in self.groups)
        )

    @staticmethod
    def field_of(group_id: int) -> str:
        return f"to-{group_id}"

    def read(self, typed: Mapping[str, str]) -> None:
        names = ["target", "reason", "key", *(self.field_of(group.id) for group, _number in self.groups)]
        self.values = {name: str(plain_text(typed.get(name, ""))) for name in names}
        self._choose(REST, "target")
        for group, _number in self.groups:
            self._choose(group.id, self.field_of(group.id))
        self.reason = self.values["reason"]
        if len(self.reason) > LONGEST_REASON:
            self.errors["reason"] = _("No more than %(most)s signs fit in.", most=LONGEST_REASON)

    def _choose(self, group: int | None, name: str) -> None:
        text = self.values[name]
        if not text:
            return
        if text == NOBODY and self.may_be_nobody:
            self.heirs[group] = None
            return
        try:
            chosen = row_id(text)
        except ValueError:
            chosen = 0
        if chosen not in {each.id for each in self.people}:
            self.errors[name] = _("This is not among what you may choose.")
        else:
            self.heirs[group] = chosen

    def refused(self, refusal: DomainError) -> None:
        for part in refusal.parts:
            self.errors[part.field or ""] = str(part)
