"""How one is told of things: kinds and ways, quiet hours, the morning digest, the calendar's address."""

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.jobs import post
from crmadmin.rules import notice_choices as rule
from crmadmin.rules.quiet import clock_time
from crmadmin.services import calendar_links, digest, notice_choices
from models.kinds import NoticeChannel
from views.base import Page, me
from views.forms import only_ours

HEADINGS = {
    "due": lazy("What is due"),
    "clients": lazy("Clients"),
    "team": lazy("The team and I"),
    "alarms": lazy("Alarms"),
    "program": lazy("The program itself"),
}
TIMES = ("quiet_from", "quiet_until", "digest")


class NoticeSettingsPage(Page):
    see = Permission.self_change

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._page()
        only_ours()
        wanted = {way for way in notice_choices.WAYS if way[0].value in request.form.getlist(way[1].value)}
        times = {name: request.form.get(name, "") for name in TIMES}
        try:
            with transaction(by=me()):
                notice_choices.choose(wanted, by=me())
                notice_choices.set_times(*times.values(), by=me())
        except DomainError as refusal:
            errors = {refusal.field or "": str(refusal)}
            return self._page(wanted=wanted, times=times, errors=errors), 422
        flash(_("Saved."), "success")
        return redirect(url_for("notice_settings.index"))

    @expose("/trial", methods=("POST",))
    def trial(self) -> ResponseReturnValue:
        """Today's digest at once; the outcome is told in words."""
        only_ours()
        said = _trial()
        flash(said or _("A letter is on its way to %(to)s.", to=me().email), "error" if said else "success")
        return redirect(url_for("notice_settings.index"))

    @expose("/calendar", methods=("POST",))
    def calendar(self) -> ResponseReturnValue:
        """A new address, which is shown this once; or none any more."""
        only_ours()
        if request.form.get("act") == "off":
            with transaction(by=me()):
                calendar_links.switch_off(by=me())
            flash(_("The calendar's address is switched off."), "success")
            return redirect(url_for("notice_settings.index"))
        with transaction(by=me()):
            token = calendar_links.make(by=me())
        base = current_app.config["CRM"].base_url or request.host_url.rstrip("/")
        return self._page(feed=f"{base}{url_for('feeds.calendar', token=token)}")

    def _page(self, **given: Any) -> str:
        times = notice_choices.times_of(me())
        kept = (times.quiet_from, times.quiet_until, times.digest_minute)
        shown: dict[str, Any] = {
            "wanted": notice_choices.wanted_by(me()),
            "times": dict(zip(TIMES, map(clock_time, kept), strict=True)),
            "errors": {},
            "feed": "",
        }
        return self.render(
            "pages/notices/settings.html",
            about=[(HEADINGS[name], kinds) for name, kinds in rule.ABOUT.items()],
            channels=NoticeChannel,
            link=calendar_links.of(me()),
            has_mail=bool(current_app.config["CRM"].mail_url),
            **shown | given,
        )


def _trial() -> str:
    """Blank when the server has taken it, else why not."""
    settings = current_app.config["CRM"]
    if not settings.mail_url:
        return _("This installation sends no letters: the administrator has not said by which server.")
    if not me().email:
        return _("You have no e-mail address here: the administrator enters it.")
    with transaction(by=me()):
        letter = digest.trial(me(), settings)
    if letter is None:
        return _("One was sent within this minute already.")
    reason = post.send_now(letter, settings)
    return _("The letter was not taken: %(reason)s", reason=reason) if reason else ""
