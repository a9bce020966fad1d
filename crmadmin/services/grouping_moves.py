"""Which clients of a slice the rules of groups move, and why: rows of an act that ``services.bulk`` does.

By the very rules the act was begun with; where somebody has changed these meanwhile, the rest stays.
"""

from collections.abc import Sequence
from typing import Any

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.many_rows import insert_rows
from crmadmin.queries.facts import FACTS
from crmadmin.rules.grouping import FactKind, Facts, Rule, facts_of
from crmadmin.services.grouping import Sorter, seen
from models import BulkAct, BulkRow
from models.kinds import BulkVerdict

_ROW: Any = BulkRow.__table__


def pick(act: BulkAct, client_ids: Sequence[int]) -> list[int]:
    """Those whom the rules move become rows of the act, each with its group and the reason; their numbers."""
    sorter = Sorter.now()
    if sorter.mark != act.parameters.get("rules"):
        raise DomainError(_("The rules were changed meanwhile: what is left stays where it is."))
    rows: list[dict[str, Any]] = []
    for each in sorter.decide(client_ids):
        rule = each.decision.rule
        if rule is None:
            continue
        facts = sorter.facts(each.subject)
        rows.append(
            {
                "act_id": act.id,
                "client_id": each.subject.id,
                "verdict": BulkVerdict.waiting,
                "before_id": each.subject.group_id,
                "given_id": rule.group_id,
                "given": _given(rule, facts),
            }
        )
    insert_rows(db(), _ROW, rows)
    return [row["client_id"] for row in rows]


def _given(rule: Rule, facts: Facts) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "version": rule.version,
        "name": rule.name,
        "facts": seen(facts, rule),
        "said": said(rule, facts),
    }


def said(rule: Rule, facts: Facts) -> str:
    """Why, in a sentence that is evidence later: the rule, its version, and the numbers it went by."""
    numbers = [
        f"{_inside(str(FACTS[code].title))} {facts[code]:g}"
        for code in FACTS
        if code in facts_of(rule.conditions)
        and FACTS[code].kind is FactKind.number
        and facts.get(code) is not None
    ]
    sentence = _("rule “%(name)s”, version %(version)s", name=rule.name, version=rule.version)
    return f"{sentence}: {'; '.join(numbers)}" if numbers else sentence


def _inside(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]
