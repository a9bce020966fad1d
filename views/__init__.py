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
from views.pages import health, login, own


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
    admin.add_view(own.OwnPassword(endpoint="password", url="/password"))


def _screens(admin: Admin) -> None:
    """What Flask-Admin generates, in menu order."""
    admin.add_view(
        ClientView(name=lazy("Clients"), endpoint="clients", url="/clients", menu_icon_value="bi-building")
    )
    admin.add_view(
        InteractionView(
            name=lazy("Interactions"),
            endpoint="interactions",
            url="/interactions",
            menu_icon_value="bi-chat-left-text",
        )
    )
    admin.add_view(
        ContactPersonView(
            name=lazy("Contact persons"),
            endpoint="contact_persons",
            url="/contact-persons",
            menu_icon_value="bi-person-vcard",
        )
    )
    admin.add_view(
        reference.GroupView(
            name=lazy("Groups"), endpoint="groups", url="/groups", menu_icon_value="bi-layers"
        )
    )
    admin.add_view(
        CuratorView(
            name=lazy("Curators"), endpoint="curators", url="/curators", menu_icon_value="bi-person-workspace"
        )
    )
    lists = lazy("Reference data")
    for screen, name, title, icon in (
        (reference.IndustryView, "industries", lazy("Industries"), "bi-briefcase"),
        (reference.RegionView, "regions", lazy("Regions"), "bi-geo-alt"),
        (reference.KindView, "kinds", lazy("Kinds of interaction"), "bi-telephone"),
        (reference.ResultView, "results", lazy("Results"), "bi-flag"),
        (reference.ChannelView, "channels", lazy("Channels"), "bi-signpost-2"),
    ):
        admin.add_view(
            screen(name=title, endpoint=name, url=f"/reference/{name}", menu_icon_value=icon, category=lists)
        )
    admin.add_view(
        PeopleView(name=lazy("People"), endpoint="people", url="/people", menu_icon_value="bi-person-gear")
    )
