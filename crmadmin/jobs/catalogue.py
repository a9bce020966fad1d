"""The jobs of the program, in the order of a tick: what takes long comes last. A new one is a line here."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from crmadmin.core.db import let_go, transaction
from crmadmin.core.i18n import lazy
from crmadmin.jobs import chain_watch, daily_anchor, groups, kpi, left_over, post, statistics
from crmadmin.jobs.ticks import Job, Work
from crmadmin.services import absence_notices, alarms, digest, due, letters, report_post, unfinished


def _kept(act: Callable[[Work], int]) -> Callable[[Work], str]:
    """In one transaction; a number worth a word."""

    def done(work: Work) -> str:
        with transaction():
            number = act(work)
        return str(number or "")

    return done


def _alarms(_work: Work) -> str:
    """Looked for first, and raised after that: the figures behind them may have to be counted."""
    with let_go():
        found = alarms.found()
    with transaction():
        return str(alarms.raise_those(found) or "")


def _anchor(work: Work) -> str:
    made = daily_anchor.make(work.place.anchors)
    return made.root if made else ""


JOBS: Sequence[Job] = (
    Job("due", lazy("Reminding of what is due"), _kept(lambda work: due.tell(work.since))),
    Job(
        "returns",
        lazy("Telling whoever is back"),
        _kept(lambda _work: absence_notices.tell_returns()),
        every=timedelta(minutes=10),
    ),
    Job("anchor", lazy("The anchor of the day"), _anchor, minute=1),
    Job("digest", lazy("Writing the morning digest"), _kept(lambda work: digest.write(work.place.settings))),
    Job(
        "letters",
        lazy("Writing letters"),
        _kept(lambda work: letters.write(work.place.settings, work.since)),
    ),
    Job(
        "report_letters",
        lazy("Writing letters with numbers"),
        _kept(lambda work: report_post.write(work.place.settings)),
    ),
    Job("post", lazy("Sending letters"), post.send),
    Job("bulk", lazy("Finishing acts on many clients"), left_over.finish),
    Job(
        "unfinished",
        lazy("Telling of acts on many clients that are unfinished"),
        _kept(lambda _work: unfinished.tell_whoever_began()),
        minute=2,
    ),
    Job("statistics", lazy("Refreshing the statistics of the database"), statistics.gather, minute=4 * 60),
    Job("kpi_night", lazy("Making ready for the numbers of the day"), kpi.tidy, minute=3),
    Job("kpi", lazy("Counting the managers' numbers"), kpi.count),
    Job("alarms", lazy("Looking for alarms"), _alarms, minute=5 * 60),
    Job("groups", lazy("Sorting clients by the rules of groups"), groups.sort, minute=2 * 60),
    Job("chains", lazy("Checking the journal"), chain_watch.check, minute=3 * 60),
)
