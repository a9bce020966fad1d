"""The managers' numbers."""

from datetime import date
from typing import Any

from crmadmin.core import clock
from models import Alarm, KpiMark, Norm, RecordCost, ReportLetter
from models.kinds import AlarmKind, Every, KpiPart, Saving
from tests import factories as make
from tests.factories.keeping import kept, number


def a_norm(**given: Any) -> Norm:
    given["set_by"] = given.get("set_by") or make.a_user()
    if "role" not in given:
        given["person"] = given.get("person") or make.a_user()
    start = {"indicator": "contacts", "low": 20.0, "high": 60.0, "valid_from": date(2026, 1, 1)}
    return kept(Norm(**start | {"set_at": clock.now()} | given))


def a_kpi_mark(**given: Any) -> KpiMark:
    person = given.pop("person", None) or make.a_user()
    start = {"person_id": person.id, "part": KpiPart.work, "starts_at": clock.now(), "ends_at": clock.now()}
    return kept(KpiMark(**start | given))


def an_alarm(**given: Any) -> Alarm:
    """Too few contacts in the last week, by the norm."""
    given["person"] = given.get("person") or make.a_user()
    facts = {"why": "norm", "value": 5, "low": 20.0, "high": 60.0, "middle": None, "weeks": 1}
    start = {"kind": AlarmKind.too_few, "key": f"key-{number()}", "indicator": "contacts"}
    start |= {"facts": {**facts, "days": 5, "result": 0.4, "also": []}, "raised_at": clock.now()}
    start |= {"starts_on": date(2026, 2, 23), "ends_on": date(2026, 3, 1)}
    return kept(Alarm(**start | given))


def a_record_cost(**given: Any) -> RecordCost:
    person = given.pop("person", None) or make.a_user()
    start = {"on_day": date(2026, 3, 2), "door": "quick", "saving": Saving.saved, "seconds": 15, "keys": 40}
    return kept(RecordCost(**{"person_id": person.id} | start | given))


def a_report_letter(**given: Any) -> ReportLetter:
    given["made_by"] = given.get("made_by") or make.a_user()
    start = {"page": "team", "every": Every.week, "made_at": clock.now()}
    return kept(ReportLetter(**start | given))
