"""Making a dispute report: a draft to look at, the report with its entry in the journal, and that again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import nsmallest
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import actor_of, db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _, start_of, zone
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import anchors as anchors_asked
from crmadmin.queries import dispute as asked
from crmadmin.reports import dispute
from crmadmin.reports.dispute import Audience, Chosen, Facts, Made, Order
from crmadmin.rules import evidence
from crmadmin.services import anchors, journal
from models import Client, JournalEntry, JournalHead, User
from models.base import language


@dataclass(frozen=True)
class Report:
    """A report that was made: the document, the file, and its digest."""

    document: Mapping[str, Any]
    file: bytes
    digest: str


def seen_upto(client: Client) -> int:
    """The number of the client's last entry."""
    return db.scalar(select(JournalHead.number).where(JournalHead.chain == client.id)) or 0


def draft(client: Client, order: Order, most: int) -> Mapping[str, Any]:
    """What it would say; no entry of the journal stands for it, so it is no report yet.

    Of more lines than ``most`` the first so many say what they have to say, the others that they are there.
    """
    order, wanted = _of_today(order), _wanted(client.id, order)
    rows = _first_rows(client.id, order, wanted, most)
    facts, nobody = _facts(client, order, None), Made(0, "", "")
    return dispute.document(client.id, rows, wanted, order, facts, nobody, evidence.BEGINNING.hex())


class _Silent:
    """An entry by its head, without its fields."""

    def __init__(self, head: Any) -> None:
        self.head, self.data = head, dict[str, Any]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.head, name)


def _first_rows(chain: int, order: Order, wanted: frozenset[int], most: int) -> Sequence[Any]:
    """Whole are those that come first, and all that was said before of what they are about."""
    first, last = _ends(wanted)
    if order.internal and order.audience is Audience.client:  # which those are stands in what they say
        return db.execute(asked.entries(chain, first, last)).all()
    heads = db.execute(asked.heads(chain, first, last)).all()
    chosen = Chosen((), wanted, order)
    shown = nsmallest(
        most, (each for each in heads if chosen.opens(each)), key=attrgetter("happened_at", "number")
    )
    upto = max((each.number for each in shown), default=0)
    about = {each.subject_id for each in shown}
    whole = {row.number: row for row in db.execute(asked.entries_about(chain, first, upto, about))}
    return [whole.get(each.number) or _Silent(each) for each in heads]


def make(client: Client, order: Order, *, by: User) -> int:
    """Make the report and write it into the journal; the number of that entry is the report's number.

    Nobody else can add to the client's journal meanwhile, so that the number is known before it is written.
    """
    if not allows(by.role, Permission.reports_make):
        raise NotAllowed(_("Making reports is not yours to do."))
    locked = select(JournalHead.number).where(JournalHead.chain == client.id).with_for_update()
    number = (db.scalar(locked) or 0) + 1
    if not 0 < order.upto < number:
        raise DomainError(_("The report begins with what was seen: open the page anew."))
    with clock.stopped_at(clock.now()) as now:
        order, wanted = _of_today(order), _wanted(client.id, order)
        if not wanted:
            raise DomainError(_("Nothing happened in this period."), field="from")
        proof = _proof(client.id, wanted)
        first, last = _ends(wanted, proof)
        facts, made = _facts(client, order, proof), Made(number, evidence.plain(now), actor_of(db()).name)
        document = _document(client.id, order, wanted, facts, made, (first, last))
        digest = dispute.digest(dispute.written(document))
        told = _told(order, facts, document["range"], digest)
        journal.note(db, "report_made", told, subject="report", subject_id=number, client_id=client.id)
    return number


def made(client: Client, number: int) -> Report:
    """The report of that number, once more: the same bytes as ever."""
    entry = db.scalar(asked.entry(client.id, number))
    if entry is None or entry.kind != asked.REPORT:
        raise NotFound(_("There is no such report."))
    said = {name: pair[1] for name, pair in entry.data.items()}
    order = _order(said)
    facts = Facts(said["client"], said["language"], said["zone"], said["curators"], said["anchor"])
    by = Made(entry.number, evidence.plain(entry.recorded_at), entry.by_name)
    ends = (said["first"], said["last"])
    wanted = _wanted(client.id, order, ZoneInfo(facts.zone))
    document = _document(client.id, order, wanted, facts, by, ends)
    file = dispute.written(document)
    return Report(document, file, dispute.digest(file))


def is_unchanged(report: Report, client: Client) -> bool:
    """Whether it is still what the journal says was made."""
    entry = db.scalar(asked.entry(client.id, report.document["made"]["number"]))
    return entry is not None and entry.data["digest"][1] == report.digest


def made_of(client: Client, most: int) -> Sequence[JournalEntry]:
    return db.scalars(asked.reports_on(client).limit(most)).all()


def _of_today(order: Order) -> Order:
    """With the kinds that are internal now; the entry of the report keeps which they were."""
    return replace(order, internal=frozenset(db.scalars(asked.internal_kinds())))


def _wanted(chain: int, order: Order, where: ZoneInfo | None = None) -> frozenset[int]:
    """What its days hold, in the zone it was made in: the installation may have another one since."""
    start = start_of(order.start, where) if order.start else None
    end = start_of(order.end, where) if order.end else None
    return frozenset(db.scalars(asked.in_period(chain, start, end, order.upto)))


def _ends(wanted: frozenset[int], proof: anchors.Proof | None = None) -> tuple[int, int]:
    """The first and the last entry of the range: as far as the anchor's, where that is later."""
    if not wanted:
        return 0, 0
    last = max(wanted)
    return min(wanted), max(last, proof.number) if proof else last


def _proof(chain: int, wanted: frozenset[int]) -> anchors.Proof | None:
    """By the first anchor that knows of the last entry, else by the newest one that knows of any."""
    entry = db.scalar(asked.entry(chain, max(wanted)))
    covering = db.scalar(anchors_asked.first_with(entry.id)) if entry else None
    anchor = covering or db.scalar(anchors_asked.newest_first().limit(1))
    proof = anchors.proof_of(chain, anchor) if anchor else None
    return proof if proof and proof.number >= min(wanted) else None


def _document(
    chain: int, order: Order, wanted: frozenset[int], facts: Facts, made: Made, ends: tuple[int, int]
) -> dict[str, Any]:
    first, last = ends
    rows = db.execute(asked.entries(chain, first, last)).all()
    earlier = db.scalar(asked.entry(chain, first - 1)) if first > 1 else None
    before = earlier.hash if earlier else evidence.BEGINNING.hex()
    return dispute.document(chain, rows, wanted, order, facts, made, before)


def _facts(client: Client, order: Order, proof: anchors.Proof | None) -> Facts:
    start = start_of(order.start) if order.start else None
    end = start_of(order.end) if order.end else None
    return Facts(
        client=client.name,
        language=language.get(),
        zone=str(zone()),
        curators=[
            {
                "name": row.name,
                "from": evidence.plain(_within(row.started_at, start, max)),
                "to": evidence.plain(_within(row.ended_at, end, min)),
            }
            for row in db.execute(asked.curators(client.id, start, end))
        ],
        anchor=_anchored(proof),
    )


def _within(at: datetime | None, bound: datetime | None, nearer: Callable[..., datetime]) -> datetime | None:
    """The part of a curator's period that lies in the report's; open where both are."""
    known = [each for each in (at, bound) if each is not None]
    return nearer(known) if known else None


def _anchored(proof: anchors.Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "day": proof.anchor.day.isoformat(),
        "root": proof.anchor.root,
        "number": proof.number,
        "hash": proof.hash,
        "path": [list(step) for step in proof.path],
    }


def _told(order: Order, facts: Facts, span: Mapping[str, Any], digest: str) -> dict[str, list[Any]]:
    """All that is needed to make it again, and what it was."""
    said: dict[str, Any] = {
        "client": facts.client,
        "for": order.audience.value,
        "from": order.start and order.start.isoformat(),
        "before": order.end and order.end.isoformat(),
        "upto": order.upto,
        "masked": {str(number): list(names) for number, names in order.masked.items()},
        "shown": {str(number): list(names) for number, names in order.shown.items()},
        "internal": sorted(order.internal),
        "format": order.format,
        "language": facts.language,
        "zone": facts.zone,
        "curators": list(facts.curators),
        "anchor": facts.anchor,
        "first": span["first"],
        "last": span["last"],
        "last_hash": span["hash"],
        "digest": digest,
    }
    return {name: [None, value] for name, value in said.items()}


def _order(said: Mapping[str, Any]) -> Order:
    return Order(
        audience=Audience(said["for"]),
        upto=said["upto"],
        start=_day(said["from"]),
        end=_day(said["before"]),
        masked={int(number): names for number, names in said["masked"].items()},
        shown={int(number): names for number, names in said["shown"].items()},
        internal=frozenset(said.get("internal", ())),
        format=said.get("format", 1),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
