"""Calendars by a secret address: for programs, which do not sign in."""

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from crmadmin.core.i18n import speaking
from crmadmin.services import calendar_links, feed, letters

pages = Blueprint("feeds", __name__)


@pages.get("/calendar/<token>.ics")
def calendar(token: str) -> ResponseReturnValue:
    """Whoever asks with the mark of what he has gets only a word that nothing has changed."""
    person = calendar_links.whose(token)
    if person is None:
        abort(404)
    settings = current_app.config["CRM"]
    with speaking(letters.language_of(person, settings)):
        content = feed.of(person, settings)
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="crm.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
