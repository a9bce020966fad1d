"""The doors: generated screens, pages of our own. They read a request, call the domain, print."""

from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from crmadmin.core.i18n import TRANSLATIONS, lazy
from views import bell, feeds, menu, sessions
from views.admin import reference
from views.admin.clients import ClientView
from views.admin.contact_persons import ContactPersonView
from views.admin.curators import CuratorView
from views.admin.interactions import InteractionView
from views.admin.people import PeopleView
from views.base import csp_nonce, logins
from views.pages import (
    alarms,
    anchors,
    bulk,
    calendar,
    client_group,
    first_touch,
    group_rules,
    handover,
    health,
    jobs,
    kpi_letters,
    lists,
    login,
    norms,
    notice_settings,
    notices,
    own,
    promises,
    record,
    report,
    requests,
    rules,
    search,
    substitutions,
    talk,
    wishes,
)
from views.pages.history import HistoryPage
from views.pages.kpi import KpiPage, KpiTeamPage
from views.pages.kpi_cost import KpiCostPage
from views.pages.kpi_look import KpiLookPage
from views.pages.silence import SilenceAskPage, SilencePage
from views.pages.today import TodayPage

SCREENS: tuple[tuple[Any, str, Any, str], ...] = (  # in menu order
    (ClientView, "clients", lazy("Clients"), "bi-building"),
    (InteractionView, "interactions", lazy("Interactions"), "bi-chat-left-text"),
    (HistoryPage, "history", lazy("History of the team"), "bi-clock-history"),
    (calendar.CalendarPage, "calendar", lazy("Calendar"), "bi-calendar3"),
    (SilencePage, "silence", lazy("Silence"), "bi-volume-mute"),
    (promises.PromisesPage, "promises", lazy("Promises"), "bi-hand-thumbs-up"),
    (requests.RequestsPage, "requests", lazy("Open requests"), "bi-question-circle"),
    (wishes.WishesPage, "wishes", lazy("Wishes"), "bi-star"),
    (KpiPage, "kpi", lazy("Indicators"), "bi-graph-up"),
    (alarms.AlarmsPage, "alarms", lazy("Alarms"), "bi-bell"),
    (ContactPersonView, "contact_persons", lazy("Contact persons"), "bi-person-vcard"),
    (reference.GroupView, "groups", lazy("Groups"), "bi-layers"),
    (CuratorView, "curators", lazy("Curators"), "bi-person-workspace"),
)
LISTS = (
    (reference.IndustryView, "industries", lazy("Industries"), "bi-briefcase"),
    (reference.RegionView, "regions", lazy("Regions"), "bi-geo-alt"),
    (reference.KindView, "kinds", lazy("Kinds of interaction"), "bi-telephone"),
    (reference.ResultView, "results", lazy("Results"), "bi-flag"),
    (reference.ChannelView, "channels", lazy("Channels"), "bi-signpost-2"),
    (reference.TagView, "tags", lazy("Tags"), "bi-tags"),
)


_TODAY: Any = lazy("Today")
_ANCHORS: Any = lazy("Anchors of the journal")
_JOBS: Any = lazy("What the program does by itself")
_RULES: Any = lazy("Rules of the department")


def register(app: Flask) -> None:
    """Every door, in menu order."""
    logins.init_app(app)
    sessions.install(app)
    for pages in (health.pages, login.pages, own.pages, feeds.pages):
        app.register_blueprint(pages)
    admin = Admin(
        app,
        name="CRM",
        index_view=TodayPage(
            name=_TODAY, url="/", endpoint="home", menu_icon_type="bi", menu_icon_value="bi-calendar-check"
        ),
        theme=Theme(folder="crm", base_template="admin/base.html"),
        static_url_path="/flask-admin-static",
        csp_nonce_generator=csp_nonce,
        translations_path=str(TRANSLATIONS),  # fills what its own catalogue lacks
    )
    _screens(admin)
    _many(admin)
    admin.add_view(own.OwnPassword(endpoint="password", url="/password"))
    admin.add_view(search.SearchPage(endpoint="search", url="/search"))
    admin.add_view(talk.TalkPage(endpoint="talk", url="/talk"))
    admin.add_view(notices.NoticesPage(endpoint="notices", url="/notices"))
    admin.add_view(notice_settings.NoticeSettingsPage(endpoint="notice_settings", url="/notices/settings"))
    admin.add_view(jobs.JobsPage(name=_JOBS, endpoint="jobs", url="/jobs"))
    admin.add_view(jobs.LettersPage(endpoint="letters", url="/letters"))
    app.jinja_env.globals.update(
        unread_notices=bell.unread,
        unfinished_acts=bell.unfinished,
        bell=bell.bell,
        side_menu=menu.menu,
    )
    admin.add_view(lists.OwnLists(endpoint="lists", url="/lists"))
    admin.add_view(record.RecordPage(endpoint="record", url="/record"))
    admin.add_view(record.ClientRecordPage(endpoint="client_record", url="/clients/<int:client_id>/record"))
    admin.add_view(SilenceAskPage(endpoint="silence_ask", url="/silence/ask"))
    admin.add_view(calendar.RecurringPage(endpoint="recurring_of_client"))
    admin.add_view(calendar.RecurringStopPage(endpoint="recurring", url="/recurring"))
    _numbers(admin)
    _groups(admin)
    _proofs(admin)


def _numbers(admin: Admin) -> None:
    """The managers' numbers, beside the page of one's own."""
    admin.add_view(kpi_letters.KpiLettersPage(endpoint="kpi_letters", url="/kpi/letters"))
    admin.add_view(KpiTeamPage(endpoint="kpi_team"))
    admin.add_view(KpiCostPage(endpoint="kpi_cost", url="/kpi/cost"))
    admin.add_view(KpiLookPage(endpoint="kpi_look", url="/kpi/look"))
    admin.add_view(norms.NormsPage(endpoint="norms", url="/kpi/norms"))
    admin.add_view(norms.NormEditPage(endpoint="norm", url="/kpi/norm"))


def _many(admin: Admin) -> None:
    """Acts on many clients, and whose they are."""
    clients = next(view for view in admin._views if isinstance(view, ClientView))
    admin.add_view(
        bulk.BulkPage(
            clients, name=lazy("Acts on many"), endpoint="bulk", url="/bulk", menu_icon_value="bi-ui-checks"
        )
    )
    admin.add_view(
        handover.HandoverPage(
            clients,
            name=lazy("Handing over"),
            endpoint="handover",
            url="/handover",
            menu_icon_value="bi-arrow-left-right",
        )
    )
    admin.add_view(
        substitutions.SubstitutionPage(
            endpoint="substitutions", url="/substitutions", menu_icon_value="bi-person-dash"
        )
    )


def _groups(admin: Admin) -> None:
    """Which group a client belongs to, by rules or by hand."""
    rules: Any = lazy("Rules of groups")
    admin.add_view(group_rules.GroupRulesPage(name=rules, endpoint="group_rules", url="/groups/rules"))
    admin.add_view(group_rules.GroupRuleEditPage(name=rules, endpoint="group_rule", url="/groups/rule"))
    admin.add_view(client_group.ClientGroupPage(endpoint="client_group"))
    admin.add_view(client_group.ClientHoldPage(endpoint="client_hold"))


def _proofs(admin: Admin) -> None:
    """Whose client it was first, what happened with it, and that nobody has changed that since."""
    admin.add_view(first_touch.FirstTouchPage(endpoint="first_touch"))
    admin.add_view(first_touch.FirstTouchDecisionPage(endpoint="first_touch_decision"))
    admin.add_view(report.ReportPage(endpoint="report"))
    admin.add_view(anchors.AnchorsPage(name=_ANCHORS, endpoint="anchors", url="/anchors"))
    admin.add_view(rules.RulesPage(name=_RULES, endpoint="rules", url="/rules", menu_icon_value="bi-sliders"))


def _screens(admin: Admin) -> None:
    """What Flask-Admin generates."""
    for screen, name, title, icon in SCREENS:
        admin.add_view(
            screen(name=title, endpoint=name, url=f"/{name.replace('_', '-')}", menu_icon_value=icon)
        )
    lists = lazy("Reference data")
    for screen, name, title, icon in LISTS:
        admin.add_view(
            screen(name=title, endpoint=name, url=f"/reference/{name}", menu_icon_value=icon, category=lists)
        )
    admin.add_view(
        PeopleView(name=lazy("People"), endpoint="people", url="/people", menu_icon_value="bi-person-gear")
    )
