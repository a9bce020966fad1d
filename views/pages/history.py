"""The team's history: a feed by day, who does what today, and who is away; and who worked with a client."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, select

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices, history
from crmadmin.queries.absences import everybody_away
from crmadmin.queries.clients import group_of
from crmadmin.queries.history import Place
from crmadmin.rules import room
from models import ClientGroup, Interaction, InteractionKind, User
from views import fresh_feed
from views.admin import filters as by
from views.admin.days import PAST, by_days
from views.admin.filters import Filter
from views.base import Page, me
from views.narrowing import Said, arguments, criteria, drawn, said_of
from views.of_client import visible_client

PLANS = 60  # of today that are shown
PLANS_SHOWN = 5  # of one person, at most

_SLOWLY = by.by_row("group", lazy("Group of the client"), group_of(Interaction.client_id),
                    choices.in_use(ClientGroup), is_main=True, empty=None)  # fmt: skip
FILTERS: tuple[Filter, ...] = (
    by.by_row("person", lazy("Who spoke"), Interaction.person_id, choices.everybody, is_main=True),
    by.by_row("kind", lazy("Kind"), Interaction.kind_id, choices.in_use(InteractionKind), is_main=True),
    _SLOWLY,
    by_days("when", lazy("When"), Interaction.happened_at, PAST, is_main=True),
    by.since("from", lazy("From"), Interaction.happened_at, is_main=True),
    by.until("to", lazy("To"), Interaction.happened_at, is_main=True),
)  # fmt: skip


class Day(NamedTuple):
    """The entries of one day, newest first."""

    date: date
    label: str
    entries: list[Interaction]


class Worker(NamedTuple):
    """What one of us has done with a client; ``estimated`` of the minutes are the kinds' usual ones."""

    person: User
    contacts: int
    minutes: int
    estimated: int
    first: datetime
    last: datetime


class HistoryPage(Page):
    see = Permission.history_see

    @expose("/")
    def index(self) -> ResponseReturnValue:
        said = said_of(FILTERS)
        before = fresh_feed.place(request.args.get("before", ""))
        days, end = _days(said, before)
        if before is not None and request.headers.get("HX-Request") == "true":
            return self.render("parts/history/days.html", days=days, more=_address(said, before=end))
        fields, chips = drawn(FILTERS, said, _address)
        return self.render(
            "pages/history/page.html",
            days=days,
            more=_address(said, before=end),
            is_newest=before is None,
            fresh=fresh_feed.address(arguments(said), fresh_feed.last_written(me())),
            filter_fields=fields,
            chips=chips,
            reset_url=url_for("history.index"),
            today=_today() if before is None else None,
        )

    @expose("/fresh")
    def fresh(self) -> ResponseReturnValue:
        """What was written down since the page was drawn: asked for again and again, at a constant price."""
        said, asked = said_of(FILTERS), fresh_feed.read(request.args)
        if asked is None:  # from now on
            found, known = [], fresh_feed.last_written(me())
        else:
            found, known = fresh_feed.since(me(), asked)
            if not found:
                return "", 204
        entries = _told(found, criteria(said))[::-1]
        again = fresh_feed.address(arguments(said), known)
        return self.render("parts/history/fresh.html", entries=entries, fresh=again)

    @expose("/clients/<int:client_id>")
    def workers(self, client_id: int) -> ResponseReturnValue:
        """Who has worked with a client, and how much."""
        client = visible_client(client_id)
        found = db.execute(history.workers_of(client_id)).all()
        people = _people(person for person, *_rest in found)
        workers = [
            Worker(people[person], contacts, told + usual, usual, first, last)
            for person, contacts, told, _untold, usual, first, last in found
        ]
        workers.sort(key=lambda each: (-each.contacts, each.person.name))
        return self.render("pages/history/workers.html", client=client, workers=workers)


# What the address says


def _address(said: Said, **places: Place | None) -> str:
    """The feed with these filters, from a place on; blank where it has come to an end."""
    if any(place is None for place in places.values()):
        return ""
    args = [*arguments(said), *((name, fresh_feed.text(place)) for name, place in places.items() if place)]
    return f"{url_for('history.index')}?{urlencode(args)}"


# What is told


def _days(said: Said, before: Place | None) -> tuple[list[Day], Place | None]:
    """A page of the feed by day, and where it ends; None where nothing comes after it."""
    where, end = _looked_through(said, before)
    found = db.execute(history.feed(me(), where, clock.now(), before, end, indexed=_is_indexed(said))).all()
    shown = found[: history.PAGE]
    days: dict[date, list[Interaction]] = defaultdict(list)
    for row in _told([id for id, _at in shown]):
        days[i18n.local(row.happened_at).date()].append(row)
    if len(found) > history.PAGE:
        end = Place(shown[-1][1], shown[-1][0])
    return [Day(day, _label(day), entries) for day, entries in days.items()], end


def _looked_through(said: Said, before: Place | None) -> tuple[list[ColumnElement[bool]], Place | None]:
    """What the feed is asked for, and down to where a page of it looks; None where that is to its end.

    The clients of a group are thousands, and each has entries: the newest of all are looked through for
    theirs, a window of them a page. Of a group of few clients, their entries are.
    """
    where = criteria(said)
    groups = [by.row_id(text) for each, texts in said if each is _SLOWLY for text in texts]
    if not groups:
        return where, None
    others = criteria([(each, texts) for each, texts in said if each is not _SLOWLY])
    if (db.scalar(history.clients_in(groups)) or 0) <= history.FEW:
        return [*others, history.with_clients_in(groups)], None
    last = db.execute(history.window(others, clock.now(), before, indexed=_is_indexed(said))).first()
    return where, Place(last[1], last[0]) if last else None


def _is_indexed(said: Said) -> bool:
    return any(each.arg in {"person", "kind"} for each, _texts in said)


def _told(ids: Sequence[int], where: Sequence[ColumnElement[bool]] = ()) -> list[Interaction]:
    """The rows of these ids, as far as the filters leave them, in their order."""
    if not ids:
        return []
    rows = {row.id: row for row in db.scalars(history.told(ids).where(*where))}
    return [rows[id] for id in ids if id in rows]


def _label(day: date) -> str:
    days = (i18n.today() - day).days
    near = {0: _("Today"), 1: _("Yesterday")}
    return f"{near[days]}, {i18n.day(day)}" if days in near else i18n.day(day)


def _today() -> dict[str, Any]:
    """Who does what today: plans and facts of each of us, those who are away with who acts for them."""
    start, end = i18n.start_of(i18n.today()), i18n.start_of(i18n.today() + timedelta(days=1))
    plans: dict[int, list[int]] = defaultdict(list)
    for id, whose in db.execute(history.plans_between(start, end)):
        plans[whose].append(id)
    planned = Counter({whose: len(ids) for whose, ids in plans.items()})
    fits = room.of_each(planned.values(), PLANS, PLANS_SHOWN)
    shown = {id: whose for whose, ids in plans.items() for id in ids[:fits]}
    told: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(history.planned(list(shown))):
        told[shown[row.id]].append(row)
    facts = Counter(dict(db.execute(history.facts_between(start, end)).all()))
    busy = sorted(
        _people({*planned, *facts}).values(), key=lambda each: (-planned[each.id], -facts[each.id], each.name)
    )
    return {
        "people": [(each, facts[each.id], planned[each.id], told[each.id]) for each in busy],
        "away": db.scalars(everybody_away(clock.now())).all(),
    }


def _people(ids: Iterable[int]) -> dict[int, User]:
    wanted = set(ids)
    rows = db.scalars(select(User).where(User.id.in_(wanted)).order_by(User.id)) if wanted else ()
    return {row.id: row for row in rows}
