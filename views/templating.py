"""What every template may ask: words, permissions, the viewer, files' addresses, human dates."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, has_request_context, request, url_for
from flask_login import current_user
from jinja2 import Environment
from markupsafe import Markup, escape
from werkzeug.urls import uri_to_iri

from crmadmin.core import clock, i18n
from crmadmin.core.i18n import _
from crmadmin.services.interactions import may_correct
from models import Client, ContactPerson, Interaction, Promise
from models.kinds import InteractionState, PromiseState
from views import uploads
from views.admin.days import said as days_said
from views.base import can, csp_nonce, me
from views.forms import csrf_token, once_secret
from views.indentless import Indentless
from views.labels import label
from views.language import of_viewer, theme_of_viewer

STATIC = Path(__file__).parent / "static"


def install(app: Flask) -> None:
    env = app.jinja_env
    env.add_extension(Indentless)  # before the texts of trans are read
    env.add_extension("jinja2.ext.i18n")
    env.globals.update(
        _=i18n._,
        can=can,
        csp_nonce=csp_nonce,
        csrf_token=csrf_token,
        file_limits=uploads.LIMITS,
        once_secret=once_secret,
        record_address=record_address,
        static_url=static_url,
        may_settle=may_settle,
        now=clock.now,
    )
    _due_times(env)
    env.filters.update(
        label=label,
        carried=carried,
        moment=moment,
        day=day,
        due=due,
        lower_first=lower_first,
        day_before=day_before,
        exact=exact,
        from_day=from_day,
        named=named,
        number=number,
        clock_time=clock_time,
        last_day=last_day,
        local_input=local_input,
        weekday=i18n.weekday,
        on_paper=on_paper,
        phone_link=phone_link,
        silent_days=silent_days,
        site_link=site_link,
        weight=weight,
    )
    app.context_processor(_viewer)


def _due_times(env: Environment) -> None:
    """What promises are told with."""
    env.tests["overdue"] = overdue
    env.filters.update(named_day=named_day, day_named=day_named, days_said=days_said)


def _viewer() -> dict[str, Any]:
    return {"me": current_user, "theme": theme_of_viewer(), "locale": of_viewer()}


def may_settle(plan: Interaction) -> bool:
    """Whether whoever looks may say what became of a plan: by the row rule of interactions."""
    return plan.state is InteractionState.planned and may_correct(plan, me())


def overdue(promise: Promise) -> bool:
    """As ``queries.promises.is_overdue`` says, of a row in hand."""
    return promise.state is PromiseState.open and promise.due_at < clock.now()


def stood_on(*rows: Any) -> int | None:
    """The client that a page is about, by the row it shows: itself, or one that belongs to it."""
    for row in rows:
        if isinstance(row, Client):
            return row.id
        if isinstance(row, Interaction | ContactPerson):
            return row.client_id
    return None


def static_url(filename: str) -> str:
    """An address that changes with the file, so that browsers may keep it for a year."""
    return _address_of("static", _root(), filename)


def address_of(endpoint: str) -> str:
    """Of a door whose address has no parameters: a list leads there from each of its rows."""
    return _address_of(endpoint, _root(), "")


def _root() -> str | None:
    return request.script_root if has_request_context() else None


@cache
def _address_of(endpoint: str, _root: str | None, filename: str) -> str:
    """Made once: to ask the map of addresses takes longer than to write a cell."""
    if not filename:
        return url_for(endpoint)
    version = sha256((STATIC / filename).read_bytes()).hexdigest()[:10]
    return url_for(endpoint, filename=filename, v=version)


_QUOTED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '%&#+" '})


def carried(address: str) -> str:
    """An address as a value in another one's query; browsers quote letters themselves, so it stays short."""
    return uri_to_iri(address).translate(_QUOTED)


def record_address(*rows: Any) -> str:
    """The quick record: with the client that the page is about, else with the choice of one."""
    client_id = (request.view_args or {}).get("client_id") or stood_on(*rows)
    return url_for("client_record.index", client_id=client_id) if client_id else url_for("record.index")


def moment(at: datetime | None) -> Markup:
    if at is None:
        return Markup("")
    exactly, said = i18n.moment_exact(at), escape(i18n.moment(at))
    return Markup(f'<time datetime="{at:%Y-%m-%dT%H:%MZ}" title="{exactly}">{said}</time>')  # noqa: S704


def due(at: datetime | None) -> Markup:
    """A moment something is to happen at; said as late once it is past."""
    if at is None or at >= clock.now():
        return moment(at)
    return Markup('<span class="late">') + moment(at) + Markup("</span>")


def exact(at: datetime | str | None) -> str:
    """The moment as it stands in a document: whole, and the same whenever one looks."""
    if not at:
        return ""
    return i18n.moment_exact(datetime.fromisoformat(at) if isinstance(at, str) else at)


def from_day(text: str | None) -> str:
    """A day of a document."""
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else "…"


def day_before(text: str | None) -> str:
    """The last day of a period that ends before a day."""
    return f"{date.fromisoformat(text) - timedelta(days=1):%d.%m.%Y}" if text else "…"


def day(on: date | None) -> str:
    """A date, or the date of a moment where its time of day says nothing."""
    if on is None:
        return ""
    return i18n.day(i18n.local(on).date() if isinstance(on, datetime) else on)


def named_day(at: datetime) -> str:
    """The day of a moment whose time of day says nothing: «сегодня», «завтра», «вчера», else the date."""
    on = i18n.local(at).date()
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get((on - i18n.today()).days) or i18n.day(on)


def day_named(at: datetime) -> str:
    """The day of a moment with its weekday, so that whoever typed «до четверга» sees that it is one."""
    on = i18n.local(at).date()
    return f"{i18n.weekday(on)}, {i18n.day(on)}"


def silent_days(client: Client) -> int:
    """Whole days since the last contact, or since the client was added."""
    return max(0, (clock.now() - (client.last_contact_at or client.created_at)).days)


def lower_first(text: Any) -> str:
    """A label inside a sentence: «Город» is «город»; ИНН stays as it is."""
    said = str(text)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def clock_time(at: datetime) -> str:
    """The time of day alone, where the day goes without saying."""
    return f"{i18n.local(at):%H:%M}"


def local_input(at: datetime) -> str:
    """As a field of day and time takes it."""
    return f"{i18n.local(at):%Y-%m-%dT%H:%M}"


def last_day(end: datetime) -> str:
    """The last day of a period that ends before this moment."""
    return i18n.day(i18n.local(end - timedelta(microseconds=1)).date())


def number(value: float | None) -> str:
    """Thousands apart by a thin blank, as both languages read them."""
    return "" if value is None else f"{value:,}".replace(",", "\u202f")


def weight(size: int) -> str:
    """Of a file, in the viewer's words and his decimal sign: «12 KB», «3.4 MB»."""
    if size < 1024 * 1024:
        return i18n._("%(num)s KB", num=number(max(1, round(size / 1024))))
    return i18n._("%(num)s MB", num=format_decimal(round(size / 1024 / 1024, 1), locale=of_viewer()))


def named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """What a choice of these rows offers: number and name."""
    return [(str(row.id), str(row)) for row in rows]


def on_paper(value: Any) -> Any:
    """A cell of a file as people read it; its moments are in the installation's zone already."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case _:
            return value


def phone_link(telephone: Any) -> Markup:
    """A telephone one can click; as typed where nobody can dial it."""
    if not telephone.e164:
        return escape(telephone.typed)
    return Markup('<a href="tel:%s">%s</a>') % (telephone.e164, telephone.typed)


def site_link(site: str) -> Markup:
    """A site one can click; anything that is no address of the web stays a text."""
    address = site if "://" in site else f"https://{site}"
    if not re.fullmatch(r"https?://[\w.-]+\.\w{2,}(:\d+)?([/?#]\S*)?", address, re.IGNORECASE):
        return escape(site)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, site)
