"""Conditions of the rules of groups in words, and what may be chosen for each fact."""

from collections.abc import Iterable
from typing import Any

from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.queries import choices
from crmadmin.queries.facts import FACTS
from crmadmin.rules.grouping import FactKind, Tree
from models import Region
from models.base import Reference
from models.kinds import Comparison
from views.base import me
from views.labels import label

_NOTHING = "—"


class Choices:
    """What each choice is made of; every list is asked for once, when it is first needed."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def of(self, code: str) -> dict[str, str]:
        """Names by what stands in the form."""
        if code not in self._known:
            self._known[code] = self._asked(FACTS[code].of)
        return self._known[code]

    def value(self, code: str, typed: str) -> Any:
        """What a condition keeps of a choice; None where it is not on offer."""
        if typed not in self.of(code):
            return None
        return int(typed) if issubclass(FACTS[code].of, Reference) else typed

    def _asked(self, entity: Any) -> dict[str, str]:
        if not issubclass(entity, Reference):
            return {each.value: str(label(each)) for each in entity}
        rows = db.scalars(choices.every(entity)(me())).all()
        return dict(choices.in_tree(rows)) if entity is Region else {str(row.id): row.name for row in rows}


def title(code: str) -> str:
    return str(FACTS[code].title) if code in FACTS else code


def value_words(code: str, value: Any, offered: Choices) -> str:
    """A fact's value, or a bound, as people read it."""
    if value is None:
        return _NOTHING
    if isinstance(value, list | tuple | set | frozenset):
        names = offered.of(code) if code in FACTS else {}
        return (
            ", ".join(names.get(str(each), str(each)).strip() for each in sorted(value, key=str)) or _NOTHING
        )
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def sentence(condition: Tree, offered: Choices) -> str:
    """«Contacts in 90 days: at least 6, to stay 4»."""
    code, word = condition["fact"], label(Comparison(condition["is"]))
    said = f"{title(code)}: {word} {value_words(code, condition['value'], offered)}"
    stay = condition.get("stay")
    return said if stay is None else _("%(condition)s, to stay %(bound)s", condition=said, bound=f"{stay:g}")


def facts_for(of_points: bool) -> list[tuple[str, str]]:
    """What may be asked for, as a form offers it."""
    return [(code, str(fact.title)) for code, fact in FACTS.items() if not (of_points and fact.of_points)]


def values(facts: dict[str, Any], offered: Choices) -> list[tuple[str, str]]:
    """Kept values, in the order of the catalogue."""
    return [(title(code), value_words(code, facts[code], offered)) for code in _in_order(facts)]


def _in_order(codes: Iterable[str]) -> list[str]:
    order = list(FACTS)
    return sorted(codes, key=lambda code: order.index(code) if code in FACTS else len(order))


def is_number(code: str) -> bool:
    return code not in FACTS or FACTS[code].kind is FactKind.number
