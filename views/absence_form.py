"""What an absence asks for: who, from which day to which, who acts with which clients."""

from collections.abc import Mapping, Sequence
from datetime import date

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, local
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.services.absence_checks import REST, acting, field_of
from crmadmin.services.absences import mark_of
from models import Absence, ClientGroup, User
from views.admin.filters import row_id
from views.fields import plain_text

LONGEST_REASON = 500


class AbsenceForm:
    """``values`` is what was typed; ``errors`` what is wrong with it, by the name of the field."""

    def __init__(self, viewer: User, absence: Absence | None = None) -> None:
        self.viewer = viewer
        self.groups = db.scalars(choices.in_use(ClientGroup)(viewer)).all()
        self.may_choose = absence is None and allows(viewer.role, Permission.every_row)
        self.people = db.scalars(choices.colleagues(viewer)).all() if self.may_choose else []
        self.person: User | None = absence.person if absence else None if self.may_choose else viewer
        curators = db.scalars(choices.curators(viewer)).all()
        self.curators = [each for each in curators if each is not self.person]
        self.first: date | None = None
        self.back: date | None = None
        self.who: dict[int | None, User] = {}
        self.errors: dict[str, str] = {}
        self.values: dict[str, str] = dict.fromkeys(self._names(), "")
        self.mark = mark_of(absence) if absence else ""  # of what it shows
        if absence is not None:
            self._show(absence)

    @property
    def shows_groups(self) -> bool:
        """Open where some group has somebody of its own, or something is wrong with it."""
        names = [field_of(group.id) for group in self.groups]
        return any(self.values.get(name) or name in self.errors for name in names)

    def _names(self) -> list[str]:
        return ["person", "first", "back", "reason", "rest", *(field_of(group.id) for group in self.groups)]

    def _show(self, absence: Absence) -> None:
        self.first = local(absence.starts_at).date()
        self.values |= {
            "first": self.first.isoformat(),
            "back": local(absence.ends_at).date().isoformat(),
            "reason": absence.reason,
            **{field_of(group): str(id) for group, id in acting(absence).items()},
        }

    def read(self, typed: Mapping[str, str]) -> None:
        shown = self.first
        self.values = {name: str(plain_text(typed.get(name, ""))) for name in self._names()}
        self.first, self.back = self._day("first") if typed.get("first") else shown, self._day("back")
        if self.first is None and "first" not in self.errors:
            self.errors["first"] = _("Say which day.")
        if self.may_choose:
            self.person = self._one("person", self.people)
            if self.person is None and "person" not in self.errors:
                self.errors["person"] = _("Choose one.")
        self.who = {
            group: each
            for group in (REST, *(group.id for group in self.groups))
            if (each := self._one(field_of(group), self.curators)) is not None
        }
        if len(self.values["reason"]) > LONGEST_REASON:
            self.errors["reason"] = _("No more than %(most)s signs fit in.", most=LONGEST_REASON)

    def _day(self, name: str) -> date | None:
        text = self.values[name]
        try:
            found = date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _("Say which day.")
            return None
        if not 2000 <= found.year <= 2200:
            self.errors[name] = _("The year lies between 1900 and 2200.")
            return None
        return found

    def _one(self, name: str, offered: Sequence[User]) -> User | None:
        text = self.values[name]
        if not text:
            return None
        try:
            chosen = row_id(text)
        except ValueError:
            chosen = 0
        found = next((each for each in offered if each.id == chosen), None)
        if found is None:
            self.errors[name] = _("This is not among what you may choose.")
        return found

    def refused(self, refusal: DomainError) -> None:
        for part in refusal.parts:
            self.errors[part.field or ""] = str(part)
