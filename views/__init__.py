"""The doors: generated screens, pages of our own. They read a request, call the domain, print."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from crmadmin.core.i18n import TRANSLATIONS, lazy
from views import sessions
from views.admin import reference
from views.admin.clients import ClientView
from views.admin.contact_persons import ContactPersonView
from views.admin.curators import CuratorView
from views.admin.interactions import InteractionView
from views.admin.people import PeopleView
from views.base import Home, csp_nonce, logins
from views.pages import bulk, health, lists, login, own, search

SCREENS = (  # in menu order
    (ClientView, "clients", lazy("Clients"), "bi-building"),
    (InteractionView, "interactions", lazy("Interactions"), "bi-chat-left-text"),
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


def register(app: Flask) -> None:
    """Every door, in menu order."""
    logins.init_app(app)
    sessions.install(app)
    for pages in (health.pages, login.pages, own.pages):
        app.register_blueprint(pages)
    admin = Admin(
        app,
        name="CRM",
        index_view=Home(url="/", endpoint="home"),
        theme=Theme(folder="crm", base_template="admin/base.html"),
        static_url_path="/flask-admin-static",
        csp_nonce_generator=csp_nonce,
        translations_path=str(TRANSLATIONS),  # fills what its own catalogue lacks
    )
    _screens(admin)
    clients = next(view for view in admin._views if isinstance(view, ClientView))
    admin.add_view(
        bulk.BulkPage(
            clients, name=lazy("Acts on many"), endpoint="bulk", url="/bulk", menu_icon_value="bi-ui-checks"
        )
    )
    admin.add_view(own.OwnPassword(endpoint="password", url="/password"))
    admin.add_view(search.SearchPage(endpoint="search", url="/search"))
    admin.add_view(lists.OwnLists(endpoint="lists", url="/lists"))


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
