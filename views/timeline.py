"""The timeline of a client, or of one contact person, as an address asks for it (decision 17)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.queries import choices
from crmadmin.queries import timeline as asked
from crmadmin.queries.card_talk import files_with, taken_back
from crmadmin.queries.timeline import Wanted
from crmadmin.rules.timeline import EVENT, INTERACTION, Place, newest, place
from models import (
    Attachment,
    Comment,
    ContactPerson,
    Interaction,
    InteractionKind,
    JournalEntry,
    Promise,
)
from views.admin.filters import row_id
from views.guards import is_local
from views.offers import offers
from views.told import Told, folded, told

FIRST, PAGE = 10, 20  # lines: those that are there at once; those that come as one scrolls
PRINTED = 300
_NAMED: dict[Any, Any] = {ContactPerson: ContactPerson.name, Promise: Promise.text}


@dataclass(frozen=True)
class Line:
    """One line: an interaction, its files and what the journal tells behind it, or one event told small."""

    row: Interaction | None = None
    files: tuple[Attachment, ...] = ()
    behind: tuple[Told, ...] = ()
    event: Told | None = None

    @property
    def corrections(self) -> list[Told]:
        return [each for each in self.behind if each.is_correction]

    @property
    def corrected(self) -> bool:
        return any(each.kind == "interaction_corrected" for each in self.behind)


class Option(NamedTuple):
    """A way to narrow the timeline, or to widen it again."""

    row: Any
    is_on: bool
    page: str
    part: str  # the same as a part of the page, for htmx
    paper: str = ""  # and for paper


@dataclass
class Timeline:
    """What is drawn: lines, what stands above them, and the addresses that lead on."""

    wanted: Wanted
    lines: list[Line]
    planned: list[Line]
    before: Place | None
    more: Option | None
    kinds: list[Option]
    people: list[Option]
    small: Option
    all: Option
    here: Option
    all_plans: str  # where the plans are of which there are too many to stand here
    details: str  # an interaction's own page, but for its id

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.kinds or self.wanted.person_id)

    @property
    def has_all_plans(self) -> bool:
        return self.before is None and not self.is_narrowed


class Addresses:
    """Addresses of one timeline: whatever is not usual is in them, and the list the card was opened from."""

    def __init__(self, page: str, part: str, paper: str = "", **ids: Any) -> None:
        self.ways = [way and url_for(way, **ids) for way in (page, part, paper)]
        back = request.args.get("url", "")
        self.back = {"url": back} if back and is_local(back) else {}

    def option(
        self, wanted: Wanted, before: Place | None = None, row: Any = None, is_on: bool = False
    ) -> Option:
        said: dict[str, Any] = {**self.back}
        if wanted.kinds:
            said["kind"] = sorted(wanted.kinds)
        if wanted.person_id:
            said["person"] = wanted.person_id
        if not wanted.small:
            said["small"] = 0
        if before:
            said["before"] = str(before)
        asked = f"?{urlencode(said, doseq=True)}" if said else ""
        page, part, paper = (way and way + asked for way in self.ways)
        return Option(row, is_on, page, part, paper)


def read(client_id: int, contact_person_id: int | None = None) -> tuple[Wanted, Place | None]:
    """What the address asks for; what nobody understands of it is left out."""
    said = request.args
    wanted = Wanted(
        client_id,
        contact_person_id,
        kinds=tuple(sorted({number for text in said.getlist("kind") if (number := _number(text))})),
        person_id=_number(said.get("person", "")),
        small=said.get("small") != "0",
    )
    return wanted, place(said.get("before", ""))


def places(wanted: Wanted, before: Place | None, most: int) -> tuple[list[Place], bool]:
    """Where the lines of one page stand, newest first, and whether there are more below."""
    streams = [
        [Place(at, rank, id) for at, id in db.execute(ask(wanted, before, most + 1))]
        for rank, ask in ((INTERACTION, asked.interaction_places), (EVENT, asked.event_places))
        if rank == INTERACTION or wanted.has_events
    ]
    return newest(streams, most)


def drawn(
    at: Addresses, wanted: Wanted, before: Place | None, *, further: bool = False, most: int = 0
) -> Timeline:
    """The timeline with its filters; ``further`` lines alone are spared what stands above them."""
    found, has_more = places(wanted, before, most or (FIRST if before is None else PAGE))
    all_coming = list(db.scalars(asked.planned_ids(wanted))) if before is None else []
    coming = all_coming[: asked.MOST_PLANNED]
    rows = _interactions([*coming, *(each.id for each in found if each.rank == INTERACTION)])
    small = _events([each.id for each in found if each.rank == EVENT])
    lines = [rows.get(each.id) if each.rank == INTERACTION else small.get(each.id) for each in found]
    return Timeline(
        wanted=wanted,
        lines=[line for line in lines if line],
        planned=[rows[id] for id in coming if id in rows],
        before=before,
        more=at.option(wanted, found[-1]) if has_more else None,
        kinds=[] if further else _kinds(at, wanted),
        people=[] if further else _people(at, wanted),
        small=at.option(replace(wanted, small=not wanted.small), is_on=wanted.small),
        all=at.option(replace(wanted, kinds=(), person_id=None)),
        here=at.option(wanted, before),
        all_plans=_all_plans(wanted) if len(all_coming) > len(coming) else "",
        details=f"{url_for('interactions.details_view', url=at.option(wanted).page)}&id=",
    )


def _all_plans(wanted: Wanted) -> str:
    said = {"client": wanted.client_id, "state": "planned", "sort": "happened_at"}
    return url_for("interactions.index_view", **said)


def for_paper(drawn: Timeline) -> int:
    """Leaves out what is said among colleagues, for paper leaves the house: how many comments that were."""
    ours = [line for line in drawn.lines if line.event and line.event.is_of_comment]
    drawn.lines = [line for line in drawn.lines if line not in ours]
    return sum(line.event.kind == "comment_created" for line in ours if line.event)


def fragment(at: Addresses, wanted: Wanted, before: Place | None) -> Response:
    """The timeline alone, for an address bar that follows it; or the lines below a place."""
    further = before is not None
    told = drawn(at, wanted, before, further=further)
    part = "lines" if further else "stream"
    answer = make_response(render_template(f"parts/timeline/{part}.html", timeline=told, get_url=url_for))
    if not further:
        answer.headers["HX-Push-Url"] = told.here.page
    return answer


def _kinds(at: Addresses, wanted: Wanted) -> list[Option]:
    """Each is switched on and off; none on means all of them."""
    found: list[Option] = []
    for row in offers(choices.in_use(InteractionKind)):
        is_on = row.id in wanted.kinds
        left = tuple(id for id in wanted.kinds if id != row.id) if is_on else (*wanted.kinds, row.id)
        found.append(at.option(replace(wanted, kinds=left), row=row, is_on=is_on))
    return found


def _people(at: Addresses, wanted: Wanted) -> list[Option]:
    return [
        at.option(replace(wanted, person_id=row.id), row=row, is_on=row.id == wanted.person_id)
        for row in db.scalars(asked.who_spoke(wanted.client_id))
    ]


def _interactions(ids: list[int]) -> dict[int, Line]:
    rows = db.scalars(asked.interactions(ids)).all()
    behind: dict[int | None, list[Told]] = defaultdict(list)
    for entry in db.scalars(asked.behind(ids)):
        behind[entry.subject_id].append(told(entry))
    files: dict[int | None, list[Attachment]] = defaultdict(list)
    for file in db.scalars(files_with(ids)):
        files[file.interaction_id].append(file)
    return {row.id: Line(row, tuple(files[row.id]), tuple(behind[row.id])) for row in rows}


def _events(ids: list[int]) -> dict[int, Line]:
    """By the id of the entry; a curator's end is told with the next one's beginning."""
    entries = list(db.scalars(asked.events(ids)))
    entries.sort(key=lambda each: (each.recorded_at, each.id), reverse=True)
    known, silent = _abouts(entries), _taken_back(entries)
    pairs = [(each, _told(each, known.get((each.subject, each.subject_id), ""), silent)) for each in entries]
    pairs = [(each, line) for each, line in pairs if not _stands_with_its_record(each)]
    shown = {id(line) for line in folded(pairs)}
    return {entry.id: Line(event=line) for entry, line in pairs if id(line) in shown}


def _abouts(entries: list[JournalEntry]) -> dict[tuple[str, int | None], str]:
    """Whom, or which promise, they are of: an entry says only what has changed."""
    known: dict[tuple[str, int | None], str] = {}
    for entity, words in _NAMED.items():
        subject = entity.__tablename__
        ids = {each.subject_id for each in entries if each.subject == subject}
        if ids:
            found = db.execute(select(entity.id, words).where(entity.id.in_(ids)))
            known |= {(subject, id): said for id, said in found}
    return known


def _stands_with_its_record(entry: JournalEntry) -> bool:
    """A file that came with an interaction is on that one's line."""
    return entry.kind == "file_added" and "interaction_id" in entry.data


def _taken_back(entries: list[JournalEntry]) -> set[int]:
    """Comments that are told of and were taken back."""
    ids = [each.subject_id for each in entries if each.subject == Comment.__tablename__ and each.subject_id]
    return set(db.scalars(taken_back(ids))) if ids else set()


def _told(entry: JournalEntry, about: str, silent: set[int]) -> Told:
    line = told(entry, about)
    return line.hushed() if entry.subject == Comment.__tablename__ and entry.subject_id in silent else line


def _number(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None
