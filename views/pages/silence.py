"""The silence radar: who is silent, sorted by trouble, as a picture and a list; and the reasons to talk."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy, plural
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.queries import silence as asked
from crmadmin.rules import radar
from crmadmin.services import silence
from models import Client, ClientGroup, SilenceTalk
from views import counters
from views.admin import filters as by
from views.base import Page, me
from views.fields import typed
from views.forms import TOO_LONG, is_ours
from views.kept import for_a_minute
from views.narrowing import Said, arguments, criteria, drawn, said_of
from views.of_client import of_visible_client, visible_client
from views.silent import lines

ROWS = 25  # on a page
DEEPEST = 40  # pages
DOTS = 100  # in the picture
TALKS = 30  # that are open, and as many that were closed lately
LATELY = timedelta(days=90)

_NOBODY = (lazy("without a curator"), lazy("with a curator"))

FILTERS = (
    by.by_row("curator", lazy("Curator"), Client.curator_id, choices.everybody, is_main=True,
              empty_words=_NOBODY),
    by.by_row("group", lazy("Group"), Client.group_id, choices.in_use(ClientGroup), is_main=True),
    by.by_tree("region", lazy("Region"), asked.region, is_main=True, empty=Client.region_id.is_(None)),
)  # fmt: skip


class Dot(NamedTuple):
    """A client in the picture: what its point says, and how it looks."""

    id: int
    said: str
    tone: str
    is_planned: bool
    point: radar.Point


class SilencePage(Page):
    see = Permission.silence_see
    model = SilenceTalk

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """By curator, group and region; clients with no plan at all first, then the longest silent."""
        said, page = said_of(FILTERS), _page(request.args.get("page", ""))
        groups = db.scalars(select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id)).all()
        wanted = max(DOTS + 1 if page == 0 else 0, (page + 1) * ROWS + 1)
        where = criteria(said)
        silent = asked.most_silent(groups, clock.now(), where, most=wanted)
        found = db.execute(silent if page else asked.pictured(silent, clock.now() - LATELY)).all()
        fields, chips = drawn(FILTERS, said, _address)
        return self.render(
            "pages/silence/page.html",
            rows=lines(found[page * ROWS : (page + 1) * ROWS]),
            dots=_dots(found[:DOTS]) if page == 0 else [],
            others=len(found) > DOTS,
            rings=[radar.distance(ring) for ring in (1, radar.ALARMING, 2, 3)],
            filter_fields=fields,
            chips=chips,
            reset_url=url_for("silence.index"),
            page=page,
            earlier=_address(said, page - 1) if page else "",
            later=_address(said, page + 1) if _goes_on(len(found), page) else "",
            may_ask=allows(me().role, Permission.silence_ask),
            **self._of_team(groups),
        )

    def _of_team(self, groups: Sequence[ClientGroup]) -> dict[str, Any]:
        """For whoever leads: how many are silent at each curator, and what he has asked about."""
        if not allows(me().role, Permission.silence_ask):
            return {"team": [], "talks": []}
        return {
            "team": for_a_minute("silent at each curator", lambda: _at_each_curator(groups)),
            "talks": db.scalars(asked.talks(closed=False, most=TALKS)).all(),
        }

    @expose("/talks")
    def talks(self) -> ResponseReturnValue:
        """What was asked and is settled."""
        return self.render(
            "pages/silence/talks.html", talks=db.scalars(asked.talks(closed=True, most=TALKS)).all()
        )

    @expose("/talks/<int:talk_id>", methods=("GET", "POST"))
    def talk(self, talk_id: int) -> ResponseReturnValue:
        """One question: its facts, the answer with a day, or the waiver."""
        talk = _talk(talk_id)
        error, field = "", ""
        if request.method == "POST":
            error, field = self._settled(talk)
            if not error:
                counters.forget()
                flash(_("It is written down."), "success")
                return redirect(url_for("silence.talk", talk_id=talk.id))
            talk = _talk(talk_id)
        drawn = self.render(
            "pages/silence/talk.html",
            talk=talk,
            may_answer=talk.closed_at is None and silence.may_answer(talk, me()),
            may_waive=talk.closed_at is None and allows(me().role, Permission.silence_ask),
            typed={name: typed(name) for name in ("answer", "act_on", "waiver")},
            errors={field or "answer": [error]} if error else {},
        )
        return drawn, 422 if error else 200

    def _settled(self, talk: SilenceTalk) -> tuple[str, str]:
        """What is wrong, and with which field."""
        act = request.form.get("act", "")
        if not is_ours():
            return str(TOO_LONG), "waiver" if act == "waive" else "answer"
        try:
            with transaction(by=me()):
                if act == "waive":
                    silence.waive(talk, typed("waiver"), by=me())
                else:
                    silence.answer(talk, typed("answer"), _day(typed("act_on")), by=me())
        except DomainError as refusal:
            if refusal.field is None:
                raise
            return str(refusal), refusal.field
        return "", ""


class SilenceAskPage(Page):
    """The head asks why a client is silent."""

    see = Permission.silence_ask

    def __init__(self, **menu: Any) -> None:
        self._default_view = "index"  # Flask-Admin wants one at "/"
        super().__init__(**menu)

    def is_visible(self) -> bool:
        return False

    @expose("/<int:client_id>", methods=("GET", "POST"))
    def index(self, client_id: int) -> ResponseReturnValue:
        """A reason to talk: the facts, and the head's question to the curator."""
        client = visible_client(client_id)
        known = db.scalar(asked.open_talks([client.id]))
        if known is not None and request.method == "GET":
            return redirect(url_for("silence.talk", talk_id=known.id))
        error = ""
        if request.method == "POST":
            error = self._asked(client)
            if not error:
                flash(_("%(name)s is asked.", name=client.curator.name if client.curator else ""), "success")
                return redirect(url_for("silence.index"))
        drawn = self.render("pages/silence/ask.html", client=client, typed=typed("question"), error=error)
        return drawn, 422 if error else 200

    def _asked(self, client: Client) -> str:
        if not is_ours():
            return str(TOO_LONG)
        try:
            with transaction(by=me()):
                silence.ask(client, typed("question"), by=me())
        except DomainError as refusal:
            if refusal.field is None:
                raise
            return str(refusal)
        return ""


def _at_each_curator(groups: Sequence[ClientGroup]) -> list[tuple[int, str, int, int]]:
    """(person, name, clients, silent ones) of everybody who has clients, the most silent first."""
    clients, silent = Counter[int](), Counter[int]()
    for who, all_of_his, silent_of_his in db.execute(asked.by_curator(groups, clock.now())):
        clients[who] += all_of_his
        silent[who] += silent_of_his
    people = db.scalars(choices.curators(me())).all()
    team = [(each.id, each.name, clients[each.id], silent[each.id]) for each in people if clients[each.id]]
    return sorted(team, key=lambda each: (-each[3], each[1]))


def _address(said: Said, page: int = 0) -> str:
    args = [*arguments(said), *([("page", str(page))] if page else [])]
    return f"{url_for('silence.index')}?{urlencode(args)}" if args else url_for("silence.index")


def _goes_on(found: int, page: int) -> bool:
    return found > (page + 1) * ROWS and page + 1 < DEEPEST


def _dots(found: Sequence[Any]) -> list[Dot]:
    """The picture: how many contacts each had in the last quarter is told with the point."""
    points = radar.points([(row.quiet, row.rhythm) for row in found])
    return [
        Dot(row.id, _said(row), row.tone, bool(row.planned), point)
        for row, point in zip(found, points, strict=True)
    ]


def _said(row: Any) -> str:
    days = max(0, (clock.now() - row.since).days)
    said = [row.name, row.group, plural("%(num)s day of silence", "%(num)s days of silence", days)]
    said += [] if row.planned else [_("no plan")]
    said.append(plural("%(num)s contact in a quarter", "%(num)s contacts in a quarter", row.contacts))
    return " · ".join(said)


def _talk(talk_id: int) -> SilenceTalk:
    return of_visible_client(SilenceTalk, talk_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(text: str) -> int:
    try:
        return min(by.row_id(text), DEEPEST - 1)
    except ValueError:
        return 0
