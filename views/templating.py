"""What every template may ask: words, permissions, the viewer, files' addresses, human dates."""

import re
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from crmadmin.core import i18n
from views.base import can, csp_nonce
from views.forms import csrf_token
from views.labels import label
from views.language import of_viewer, theme_of_viewer

STATIC = Path(__file__).parent / "static"


def install(app: Flask) -> None:
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.globals.update(
        _=i18n._,
        can=can,
        csp_nonce=csp_nonce,
        csrf_token=csrf_token,
        static_url=static_url,
    )
    env.filters.update(
        label=label, moment=moment, day=day, number=number, phone_link=phone_link, site_link=site_link
    )
    app.context_processor(_viewer)


def _viewer() -> dict[str, Any]:
    return {"me": current_user, "theme": theme_of_viewer(), "locale": of_viewer()}


_versions: dict[str, str] = {}


def static_url(filename: str) -> str:
    """An address that changes with the file, so that browsers may keep it for a year."""
    if filename not in _versions:
        _versions[filename] = sha256((STATIC / filename).read_bytes()).hexdigest()[:10]
    return url_for("static", filename=filename, v=_versions[filename])


def moment(at: datetime | None) -> Markup:
    if at is None:
        return Markup("")
    said = (at.isoformat(), i18n.moment_exact(at), i18n.moment(at))
    return Markup('<time datetime="%s" title="%s">%s</time>') % said


def day(on: date | None) -> str:
    """A date, or the date of a moment where its time of day says nothing."""
    if on is None:
        return ""
    return i18n.day(i18n.local(on).date() if isinstance(on, datetime) else on)


def number(value: float | None) -> str:
    """Thousands apart by a thin blank, as both languages read them."""
    return "" if value is None else f"{value:,}".replace(",", "\u202f")


def phone_link(telephone: Any) -> Markup:
    """A telephone one can click; as typed where nobody can dial it."""
    if not telephone.e164:
        return escape(telephone.typed)
    return Markup('<a href="tel:{}">{}</a>').format(telephone.e164, telephone.typed)


def site_link(site: str) -> Markup:
    """A site one can click; anything that is no address of the web stays a text."""
    address = site if "://" in site else f"https://{site}"
    if not re.fullmatch(r"https?://[\w.-]+\.\w{2,}(:\d+)?([/?#]\S*)?", address, re.IGNORECASE):
        return escape(site)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, site)
