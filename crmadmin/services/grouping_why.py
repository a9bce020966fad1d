"""Why a client is where it is, as it was decided and as it would be decided now."""

from dataclasses import dataclass, field
from typing import Any

from crmadmin.rules.grouping import Decision, Part, Rule, told
from crmadmin.services.grouping import Sorter, kept
from models import Client, GroupStanding


@dataclass
class Why:
    """``then`` and ``now``: values of what the rule asks for; ``holds``: each condition as it is by now.

    ``next``: what the rules say now; a rule, where they would move the client.
    """

    rule: Rule | None = None
    then: dict[str, Any] = field(default_factory=dict[str, Any])
    now: dict[str, Any] = field(default_factory=dict[str, Any])
    holds: Part | None = None
    next: Decision = field(default_factory=Decision)


def why(client: Client, standing: GroupStanding | None) -> Why:
    row = standing.rule if standing else None
    rule = row and Rule(row.id, row.name, row.version, row.group_id, row.conditions, row.stay_days)
    sorter = Sorter.now(only=rule)
    found = Why(rule, dict(standing.facts) if standing else {})
    for each in sorter.decide([client.id]):
        facts = sorter.facts(each.subject)
        found.next = each.decision
        judged = rule or each.decision.rule
        if judged is not None:
            found.holds = told(judged.conditions, facts, judged.group_id == client.group_id)
        found.now = {code: kept(facts.get(code)) for code in found.then}
    return found
