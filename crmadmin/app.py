"""The composition root: the one module that may see every other."""

import logging
import sys

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

import views
from crmadmin import cli
from crmadmin.core import config
from crmadmin.core.db import connect, db
from crmadmin.core.i18n import set_zone
from crmadmin.services import assignment as _assignment  # noqa: F401  (listens to every session)
from crmadmin.services import files
from crmadmin.services import journal as _journal  # noqa: F401  (listens to every session)
from crmadmin.services import kpi_touches as _kpi_touches  # noqa: F401  (hears every event)
from crmadmin.services import left_hand as _left_hand  # noqa: F401  (listens to every session)
from crmadmin.services import maintained as _maintained  # noqa: F401  (listens to every session)
from crmadmin.services import people as _people  # noqa: F401  (listens to every session)
from crmadmin.services import promise_numbers as _promise_numbers  # noqa: F401  (listens to every session)
from crmadmin.services import recurring as _recurring  # noqa: F401  (listens to every session)
from crmadmin.services import searchable as _searchable  # noqa: F401  (listens to every session)
from crmadmin.services import silence as _silence  # noqa: F401  (listens to every session)
from crmadmin.services import standings as _standings  # noqa: F401  (listens to every session)
from views import daily, guards, language, letters, templating
from views.errors import refuse
from views.row_numbers import RowNumber

UPLOAD_LIMIT = files.MOST * files.LARGEST + 2 * files.MEGABYTE  # all files of one sending, and what was typed
SESSION_HOURS = 12


def create_app(settings: config.Settings | None = None, *, testing: bool = False) -> Flask:
    """The whole program, wired up. Without settings they are read from the environment."""
    settings = settings or _read_settings()
    app = Flask("crmadmin", template_folder="../views/templates", static_folder="../views/static")
    app.url_map.converters["int"] = RowNumber
    app.config.update(
        FILES=config.INSTANCE / "files",
        SECRET_KEY=settings.secret_key,
        TESTING=testing,
        CRM=settings,
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_NAME="crm_session",
        PERMANENT_SESSION_LIFETIME=SESSION_HOURS * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  (letters are a sixth as long as their numbers)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        app.wsgi_app = guards.TrustedProxies(app.wsgi_app, ProxyFix, settings.trusted_proxies)  # type: ignore[method-assign]

    set_zone(settings.timezone)
    connect(settings.database_url)
    app.teardown_appcontext(lambda _error: db.remove())
    Babel(
        app,
        default_locale=settings.locale,
        default_translation_directories="translations",
        locale_selector=language.of_viewer,
        default_timezone=str(settings.timezone),
    )
    guards.install(app)
    daily.install(app)
    templating.install(app)
    letters.install(app)
    refuse(app)
    cli.register(app)
    views.register(app)
    logging.getLogger("crmadmin").setLevel(logging.INFO)
    return app


def _read_settings() -> config.Settings:
    try:
        return config.read()
    except config.SettingsError as error:
        sys.exit(f"crmadmin: {error}")
