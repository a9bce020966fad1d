"""Cells of a list that are more than text, drawn by the same parts as our own pages."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import get_template_attribute, url_for
from markupsafe import Markup

from crmadmin.core import clock
from crmadmin.core.i18n import _
from models import Client, ClientGroup, Interaction, Tag, Telephone
from models.kinds import InteractionState
from views.labels import label
from views.templating import moment, phone_link


def of(draw: Callable[[Any], Any]) -> Callable[..., Any]:
    """A cell's drawing as Flask-Admin calls it: by view, context, row and name of the column."""
    return lambda _view, _context, row, _name: draw(row)


def _drawn(part: str, *about: Any) -> Markup:
    """A part of that name, as pages of our own draw it: a macro's answer is safe already."""
    macro = get_template_attribute(f"parts/{part}.html", part)
    return Markup(macro(*about).strip())  # noqa: S704


def badge(text: Any, tone: str, icon: str = "") -> Markup:
    return _drawn("badge", text, tone, icon)


def group(row: ClientGroup | None) -> Markup | str:
    return badge(row.name, row.tone) if row else ""


def silence(client: Client, ratio: float | None) -> Markup:
    """How long a client has not been spoken to, against its rhythm; nothing is expected of one put away."""
    quiet = None if client.archived else ratio
    return _drawn("silence", quiet, silent_days(client))


def silent_days(row: Client) -> int:
    """Whole days since the last contact, or since the client was added."""
    return max(0, (clock.now() - (row.last_contact_at or row.created_at)).days)


def client_name(row: Client) -> Markup | str:
    """With a mark where it is put away."""
    put_away = Markup("{} {}").format(row.name, badge(_("archived"), "grey", "bi-archive"))
    return put_away if row.archived else row.name


def place(row: Client) -> Markup:
    """The city, and the region under it where that says more."""
    region = str(row.region) if row.region else ""
    if not row.city or row.city == region:
        return Markup("{}").format(region or row.city)
    return Markup('{}<span class="under">{}</span>').format(row.city, region)


def due(at: datetime | None) -> Markup:
    """A moment something is to happen at; said as late once it is past."""
    if at is None or at >= clock.now():
        return moment(at)
    return Markup('<span class="late">{}</span>').format(moment(at))


def card_of(row: Client) -> Markup:
    return link(url_for("clients.card", client_id=row.id), row.name)


def link(address: str, text: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


def marked(text: Any, icon: str) -> Markup | str:
    return Markup('<i class="bi bi-{}" aria-hidden="true"></i> {}').format(icon, text) if icon else str(text)


def state(of: InteractionState) -> Markup:
    tones = {
        InteractionState.planned: "blue",
        InteractionState.held: "green",
        InteractionState.cancelled: "grey",
    }
    return badge(label(of), tones[of])


def yes(value: bool) -> str:
    return _("yes") if value else _("no")


def short(text: str, signs: int = 160) -> Markup | str:
    """The beginning of a text, in two lines at most; the whole of it where the pointer rests."""
    plain = " ".join(text[: signs * 4].split())
    if not plain:
        return ""
    shown = plain if len(plain) <= signs else plain[:signs].rstrip() + "…"
    return Markup('<span class="two-lines" title="{}">{}</span>').format(plain, shown)


def kind(row: Interaction) -> Markup:
    """A call, a meeting…; and whether it is still to come or came to nothing."""
    said = Markup("{}").format(marked(row.kind.name, row.kind.icon))
    return said if row.state is InteractionState.held else Markup("{}<br>{}").format(said, state(row.state))


def tags(rows: Iterable[Tag]) -> Markup:
    return Markup(" ").join(badge(row.name, row.tone) for row in rows)


def names(rows: Iterable[Any]) -> str:
    return ", ".join(str(row) for row in rows)


def telephones(rows: Iterable[Telephone]) -> Markup:
    return Markup(", ").join(phone_link(row) for row in rows)
