"""The bank of wishes: what clients want and do not get yet, when to come back, and who wanted this."""

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, true
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core import i18n
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, get_locale, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries import wishes as asked
from crmadmin.queries.clients import group_of
from crmadmin.services import wishes
from crmadmin.services.meanwhile import hold
from crmadmin.services.wishes import USUAL_LEAD, Wanted
from models import Client, ClientGroup, Interaction, User, Wish
from models.kinds import WishState
from views.admin import filters as by
from views.admin.saving import broken
from views.base import Page, me
from views.fields import plain_text
from views.forms import made_once, must_be_ours
from views.of_client import of_visible_client, visible_client
from views.registers import Asked, Register

ON_A_CARD = 10
TEXTS = ("words", "why_not_now", "season", "lead_days", "come_back_on")
STATES: dict[str, tuple[Any, Callable[[], ColumnElement[bool]]]] = {
    "open": (lazy("Waiting"), lambda: asked.is_open),
    "due": (lazy("Time to come back"), lambda: asked.is_open & (Wish.come_back_on <= i18n.today())),
    "fulfilled": (lazy("Came true"), lambda: Wish.state == WishState.fulfilled),
    "dropped": (lazy("Dropped"), lambda: Wish.state == WishState.dropped),
    "all": (lazy("All of them"), true),
}


def months() -> list[tuple[str, str]]:
    """Numbers and names, in the language of whoever looks."""
    names = get_month_names("wide", "stand-alone", locale=get_locale() or "ru")
    return [(str(number), names[number]) for number in range(1, 13)]


def _month(text: str) -> int:
    if not 1 <= (number := by.row_id(text)) <= 12:
        raise ValueError("no month")
    return number


REGISTER = Register(
    "wishes.index",
    {word: label for word, (label, _where) in STATES.items()},
    (
        by.Filter("season", lazy("Month"), Wish.season.in_, _month, "choice",
                  lambda _viewer, _texts: months(), is_main=True, empty=Wish.season.is_(None)),
        by.by_row("curator", lazy("Curator"), by.through(Wish.client_id, Client, Client.curator_id),
                  choices.curators, is_main=True),
        by.by_row("group", lazy("Group of the client"), group_of(Wish.client_id),
                  choices.in_use(ClientGroup), is_main=True, empty=None),
    ),
    finds=asked.says,
)  # fmt: skip


class WishesPage(Page):
    see = Permission.wishes_see
    model = Wish

    @expose("/")
    def index(self) -> ResponseReturnValue:
        said = Asked(REGISTER)
        found = asked.listed(me(), [*said.where, STATES[said.tab][1]()])
        rows, more = said.rows(found, lambda ids: asked.told(me(), ids))
        drawn = {"months": dict(months()), "today": i18n.today(), "search_placeholder": _("Who wanted this?")}
        return self.render("pages/wishes/index.html", rows=rows, **drawn, **said.drawn(more))

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """With the client, and the record it was told in, that the address names."""
        client, record = _named()
        if client is None:
            return redirect(url_for("clients.index_view"))
        if request.method == "POST":
            return self._sent(client, None, lambda typed: _noted(client, record, typed))
        usual = {"words": record.request if record else "", "lead_days": str(USUAL_LEAD)}
        return self._form(client, None, usual)

    @expose("/<int:id>", methods=("GET", "POST"))
    def one(self, id: int) -> ResponseReturnValue:
        wish = of_visible_client(Wish, id)
        if request.method == "POST":
            return self._sent(wish.client, wish, lambda typed: _changed(wish, typed))
        chosen = wish.come_back_on
        return self._form(wish.client, wish, {
            "words": wish.words,
            "why_not_now": wish.why_not_now,
            "season": str(wish.season or ""),
            "lead_days": str(wish.lead_days),
            "come_back_on": chosen.isoformat() if chosen else "",
        })  # fmt: skip

    @expose("/<int:id>/close", methods=("POST",))
    def close(self, id: int) -> ResponseReturnValue:
        """It came true, or is dropped: ``act`` says which."""
        wish = of_visible_client(Wish, id)
        state = WishState.fulfilled if request.form.get("act") == WishState.fulfilled else WishState.dropped
        outcome = str(plain_text(request.form.get("outcome", "")))
        return self._sent(wish.client, wish, lambda _typed: _closed(wish, state, outcome))

    def _sent(
        self, client: Client, wish: Wish | None, act: Callable[[dict[str, str]], None]
    ) -> ResponseReturnValue:
        typed = {name: str(plain_text(request.form.get(name, ""))) for name in TEXTS}
        typed["outcome"] = request.form.get("outcome", "")
        errors: dict[str, str] = {}
        client_id, wish_id = client.id, wish.id if wish else 0
        try:
            must_be_ours()
            with transaction(by=me()):
                act(typed)
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            errors = {part.field or "": str(part) for part in refusal.parts}
        except SQLAlchemyError as error:
            errors = {"": broken(error)}
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("clients.card", client_id=client_id))
        wish = of_visible_client(Wish, wish_id) if wish_id else None
        if wish is not None and "words" not in request.form:
            typed |= {"words": wish.words, "why_not_now": wish.why_not_now, "season": str(wish.season or "")}
            typed["lead_days"] = str(wish.lead_days)
        return self._form(visible_client(client_id), wish, typed, errors), 422

    def _form(
        self, client: Client, wish: Wish | None, typed: dict[str, str], errors: dict[str, str] | None = None
    ) -> str:
        may = wish is None or (wish.state is WishState.open and wishes.may_change_wish(wish, me()))
        drawn = {"months": months(), "typed": typed, "errors": errors or {}, "may_change": may}
        return self.render("pages/wishes/one.html", client=client, wish=wish, **drawn)


def of_card(client: Client, _viewer: User) -> dict[str, Any]:
    """What the part ``wishes`` of a client's card shows."""
    return {"rows": db.scalars(asked.of_card(client, ON_A_CARD)).all(), "today": i18n.today()}


def _named() -> tuple[Client | None, Interaction | None]:
    """The client of the address, and the record of it where it is this client's."""
    try:
        client = visible_client(by.row_id(request.args.get("client", "")))
    except ValueError:
        return None, None
    try:
        record = of_visible_client(Interaction, by.row_id(request.args.get("record", "")))
    except (ValueError, DomainError):
        return client, None
    return client, record if record.client_id == client.id else None


def _noted(client: Client, record: Interaction | None, typed: dict[str, str]) -> None:
    """Sent twice, it is written down once."""

    def note() -> str:
        wish = wishes.note(client, _read(typed), interaction=record, by=me())
        return url_for("wishes.one", id=wish.id)

    made_once(note, ("of", request.full_path))


def _changed(wish: Wish, typed: dict[str, str]) -> None:
    hold(wish)
    wanted = _read(typed)
    same = (wish.season, wish.lead_days) == (wanted.season, wanted.lead_days)
    if not same and wanted.come_back_on == wish.come_back_on:  # it follows from them again
        wanted = Wanted(wanted.words, wanted.why_not_now, wanted.season, wanted.lead_days)
    wishes.change(wish, wanted, by=me())


def _closed(wish: Wish, state: WishState, outcome: str) -> None:
    hold(wish)
    wishes.close(wish, state=state, outcome=outcome, by=me())


def _read(typed: dict[str, str]) -> Wanted:
    """As values; DomainError for what cannot be read."""
    lead = typed["lead_days"] or str(USUAL_LEAD)
    return Wanted(
        words=typed["words"],
        why_not_now=typed["why_not_now"],
        season=_number(typed["season"], 12, "season", _("Choose a month.")) if typed["season"] else None,
        lead_days=_number(lead, wishes.MOST_LEAD, "lead_days",
                          _("A whole number from %(least)s to %(most)s.", least=0, most=wishes.MOST_LEAD)),
        come_back_on=_day(typed["come_back_on"]) if typed["come_back_on"] else None,
    )  # fmt: skip


def _number(text: str, most: int, field: str, refusal: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or int(text) > most:
        raise DomainError(refusal, field=field)
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise DomainError(_("This is no date."), field="come_back_on")
    return day
