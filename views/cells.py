"""Cells of a list that are more than text, drawn by the same parts as our own pages."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import floor
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup, escape

from crmadmin.core.i18n import _, language
from models import Client, ClientGroup, Interaction, Tag, Telephone
from models.kinds import InteractionState
from views.labels import label
from views.templating import address_of, due, moment, phone_link, silent_days


def of(draw: Callable[[Any], Any]) -> Callable[..., Any]:
    """A cell's drawing as Flask-Admin calls it: by view, context, row and name of the column."""
    return lambda _view, _context, row, _name: draw(row)


@lru_cache(maxsize=4_096)  # a list draws the same few groups and days of silence again and again
def _drawn(part: str, _language: str, *about: Any) -> Markup:
    """A part of that name, as pages of our own draw it: a macro's answer is safe already."""
    macro = get_template_attribute(f"parts/{part}.html", part)
    return Markup(macro(*about).strip())  # noqa: S704


def badge(text: Any, tone: str, icon: str = "") -> Markup:
    said = text if isinstance(text, Markup) else str(text)
    return _drawn("badge", language(), said, str(tone), icon)


def group(row: ClientGroup | None) -> Markup | str:
    return badge(row.name, row.tone) if row else ""


def silence(client: Client, ratio: float | None) -> Markup:
    """How long a client has not been spoken to, against its rhythm; nothing is expected of one put away."""
    quiet = None if client.archived or ratio is None else _about(ratio)
    return _drawn("silence", language(), quiet, silent_days(client))


def _about(ratio: float) -> float:
    """The same for all between two hundredths, which are drawn alike; a whole hundredth is itself."""
    hundredths = floor(ratio * 100)
    return (hundredths if hundredths == ratio * 100 else hundredths + 0.5) / 100


def client_name(row: Client) -> Markup | str:
    """With a mark where it is put away."""
    if not row.archived:
        return row.name
    return Markup("{} {}").format(row.name, badge(_("put away"), "grey", "bi-archive"))


def place(row: Client) -> Markup:
    """The city, and the region under it where that says more."""
    region = str(row.region) if row.region else ""
    if not row.city or row.city == region:
        return escape(region or row.city)
    return escape(row.city) + Markup('<span class="under">%s</span>') % region


def happens(row: Interaction) -> Markup:
    """When it was or is to be; a plan that nobody has carried out is late."""
    return due(row.happened_at) if row.state is InteractionState.planned else moment(row.happened_at)


def card_of(row: Client) -> Markup:
    return link(f"{address_of('clients.index_view')}{row.id}", row.name)


def link(address: str, text: Any) -> Markup:
    return Markup(f'<a href="{escape(address)}">{escape(text)}</a>')  # noqa: S704


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
    """The beginning of a text, in two lines at most; the whole of it where the pointer rests.

    What is there whole is not sent twice: list.js shows it.
    """
    plain = " ".join(text[: signs * 4].split())
    if not plain:
        return ""
    if len(plain) <= signs:
        return Markup('<span class="two-lines">{}</span>').format(plain)
    return Markup('<span class="two-lines" title="{}">{}…</span>').format(plain, plain[:signs].rstrip())


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
