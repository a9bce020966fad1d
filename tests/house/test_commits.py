"""Who may end a transaction, and who may write past the flush that keeps the journal."""

import ast
from pathlib import Path

from tests.house.tree import calls, modules, named

ENDS = {"commit", "rollback"}
PAST_THE_FLUSH = {"update", "delete", "insert", "insert_rows", "update_rows"}

MAY_END = {
    "crmadmin/core/db.py": "transaction()",
    "views/errors.py": "what a broken request left half done is dropped before its page is drawn",
}
MAY_WRITE_PAST = {
    "crmadmin/core/many_rows.py": "the statements themselves, for those that are named here",
    "crmadmin/services/anchors.py": "the ends an anchor was made of, which are the journal itself",
    "crmadmin/services/assignment.py": "closes and opens curator periods, inside the flush that it tells of",
    "crmadmin/services/bulk.py": "what became of each client of an act; each is told",
    "crmadmin/services/bulk_changes.py": "many clients at once; tells of each of them itself",
    "crmadmin/services/bulk_plans.py": "many plans at once; tells of each of them itself",
    "crmadmin/services/bulk_undo.py": "which clients are to be undone, before they are",
    "crmadmin/services/grouping_moves.py": "whom an act of the rules is about, before it moves them",
    "crmadmin/services/imports.py": "what became of each row; the import itself is told",
    "crmadmin/services/journal.py": "writes the entries themselves",
    "crmadmin/services/lists.py": "the columns somebody wants to see, which are no event",
    "crmadmin/services/kpi_marks.py": "figures that were counted from other rows, which are no event",
    "crmadmin/services/kpi_touches.py": "that such figures hold no longer, which is no event",
    "crmadmin/services/leases.py": "who does a job of the program, which is no event",
    "crmadmin/services/maintained.py": "columns that repeat other rows and are no event",
    "crmadmin/services/promises_along.py": "promises of many clients at once; tells of each of them itself",
    "crmadmin/services/plans_along.py": "plans of many clients at once; tells of each of them itself",
    "crmadmin/services/notices.py": "what people are told; what it is about is told by itself",
    "crmadmin/services/once.py": "the mark of a form that was sent, which is no event",
    "crmadmin/services/standings.py": "why clients are in their groups; each move is told by its client",
    "crmadmin/services/sign_in.py": "forgets refused attempts too old to count; each stands in the journal",
}


def ends_a_transaction(path: Path) -> bool:
    return any(name in ENDS for name, _call in calls(path))


def writes_past_the_flush(path: Path) -> bool:
    """A statement that changes rows by itself: no row is loaded, so the journal hears of nothing."""
    return any(
        name in PAST_THE_FLUSH and (isinstance(call.func, ast.Name) or _of_a_query(call.func))
        for name, call in calls(path)
    )


def _of_a_query(function: ast.expr) -> bool:
    """``….filter(…).delete()``, ``table.update()``; not ``counts.update(…)`` of a dict or ``hash.update``."""
    of = getattr(function, "value", None)
    return isinstance(of, ast.Call) and getattr(of.func, "attr", "") in {
        "query",
        "filter",
        "filter_by",
        "where",
    }


def _modules() -> list[Path]:
    return [path for path in modules() if "migrations" not in path.parts]


def test_only_the_session_s_own_module_ends_a_transaction():
    found = {named(path) for path in _modules() if ends_a_transaction(path)}

    assert found == MAY_END.keys()


def test_only_named_modules_write_past_the_flush():
    found = {named(path) for path in _modules() if writes_past_the_flush(path)}

    assert found == MAY_WRITE_PAST.keys()
