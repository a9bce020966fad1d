"""What a norm asks for: of which number, whose, its bounds as people write them, and its days."""

from collections.abc import Mapping
from datetime import date

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import LazyString, _, today
from crmadmin.queries import choices
from crmadmin.reports.indicators import INDICATORS, Shown
from crmadmin.services import norms
from models import Norm, User
from models.kinds import Role
from views.admin.filters import row_id
from views.fields import plain_text
from views.labels import label

NAMES = ("indicator", "whose", "low", "high", "first", "last", "ends_earlier")


class NormForm:
    """``values`` is what was typed; ``errors`` what is wrong with it, by the name of the field."""

    def __init__(self, viewer: User, norm: Norm | None = None) -> None:
        self.people = list(db.scalars(choices.colleagues(viewer)))
        if norm is not None and norm.person is not None and norm.person not in self.people:
            self.people.append(norm.person)
        self.values: dict[str, str] = dict.fromkeys(NAMES, "")
        self.errors: dict[str, str] = {}
        self.may_end_earlier = False
        if norm is not None:
            self._show(norm)

    @property
    def indicators(self) -> list[tuple[str, LazyString]]:
        return [(each.key, each.title) for each in INDICATORS.values()]

    @property
    def whose(self) -> list[tuple[str, str]]:
        roles = [(role.value, _("role: %(role)s", role=str(label(role)).lower())) for role in norms.ROLES]
        return [*roles, *((str(person.id), person.name) for person in self.people)]

    def offer(self, said: Mapping[str, str]) -> None:
        """A new one, of what an address names: an indicator, a person or a role; from today on."""
        self.values |= {"first": today().isoformat()}
        if said.get("indicator") in INDICATORS:
            self.values["indicator"] = said["indicator"]
        if said.get("whose", "") in {value for value, _text in self.whose}:
            self.values["whose"] = said["whose"]

    def _show(self, norm: Norm) -> None:
        last = norm.valid_until and date.fromordinal(norm.valid_until.toordinal() - 1)
        self.values |= {
            "indicator": norm.indicator,
            "whose": norm.role.value if norm.role else str(norm.person_id),
            "low": _typed(norm.indicator, norm.low),
            "high": _typed(norm.indicator, norm.high),
            "first": norm.valid_from.isoformat(),
            "last": last.isoformat() if last else "",
        }

    def read(self, typed: Mapping[str, str]) -> None:
        self.values = {name: str(plain_text(typed.get(name, "")))[:100] for name in NAMES}

    def wanted(self) -> norms.Wanted | None:
        """None where something is no number or no day; the rest says the service."""
        role, person = self._whose()
        found = norms.Wanted(
            self.values["indicator"],
            person,
            role,
            self._bound("low"),
            self._bound("high"),
            self._day("first"),
            self._day("last"),
        )
        return None if self.errors else found

    def _whose(self) -> tuple[Role | None, User | None]:
        text = self.values["whose"]
        if text in set(norms.ROLES):
            return Role(text), None
        try:
            chosen = row_id(text)
        except ValueError:
            return None, None
        return None, next((each for each in self.people if each.id == chosen), None)

    def _bound(self, name: str) -> float | None:
        text = self.values[name].replace(",", ".").replace("\u00a0", "").replace(" ", "").removesuffix("%")
        if not text:
            return None
        if not text.isascii() or text.count(".") > 1 or not text.replace(".", "").isdigit():
            self.errors[name] = _("This is no number.")
            return None
        each = INDICATORS.get(self.values["indicator"])
        return float(text) / 100 if each and each.shown is Shown.share else float(text)

    def _day(self, name: str) -> date | None:
        if not self.values[name]:
            return None
        try:
            return date.fromisoformat(self.values[name])
        except ValueError:
            self.errors[name] = _("This is no date.")
            return None

    def refused(self, refusal: DomainError) -> None:
        for part in refusal.parts:
            self.errors[part.field or ""] = str(part)
            self.may_end_earlier |= isinstance(part, norms.Overlap) and part.may_end


def _typed(key: str, bound: float | None) -> str:
    if bound is None:
        return ""
    each = INDICATORS.get(key)
    shown = bound * 100 if each and each.shown is Shown.share else bound
    return f"{round(shown, 4):g}" if shown < 100_000 else f"{shown:.0f}"
