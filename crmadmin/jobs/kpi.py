"""Counts the managers' numbers before anybody asks for them.

At night each usual period gets its place, and what nobody is known to ask for goes. Each minute what has no
figures yet, or figures that hold no longer, is counted: a little at a time, no longer than others can wait.
"""

from collections.abc import Callable, Sequence
from math import inf
from time import monotonic, sleep
from typing import Any

from crmadmin.core.db import db, let_go
from crmadmin.jobs.ticks import Work
from crmadmin.services import bulk, kpi_marks, kpi_spans
from crmadmin.services.kpi_marks import Span

COUNTED, MOVED = 100, 1_000  # marks of a slice: one short transaction writes them
LONGEST = 20.0  # seconds of a tick; the next one goes on


def count(work: Work) -> str:
    """How many were counted; the latest periods come first."""
    with let_go():
        waiting = _waiting()
    return str(_in_slices(waiting, COUNTED, kpi_marks.count, work, longest=LONGEST) or "")


def _waiting() -> list[Span]:
    """Only what is usual: what somebody has asked for once may never be asked for again."""
    behind = kpi_marks.behind(db())
    usual = kpi_spans.usual() if behind else set[Span]()
    return [span for span in behind if span in usual]


def tidy(work: Work) -> str:
    """How many came and went."""
    with let_go():
        missing, others = kpi_marks.differing(db(), kpi_spans.usual())
    _in_slices(missing, MOVED, kpi_marks.prepare, work)
    _in_slices(others, MOVED, kpi_marks.forget, work)
    return str(len(missing) + len(others) or "")


def _in_slices(
    rows: Sequence[Any], size: int, act: Callable[[Any], object], work: Work, longest: float = inf
) -> int:
    """How many were done before the time was over, one slice at least; between two, others write."""
    began = monotonic()
    for start in range(0, len(rows), size):
        if start and monotonic() - began > longest:
            return start
        work.hold()
        act(rows[start : start + size])
        sleep(bulk.pause())
    return len(rows)
