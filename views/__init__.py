"""The doors: generated screens, pages of our own. They read a request, call the domain, print."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from views import sessions
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
    )
    admin.add_view(own.OwnPassword(endpoint="password", url="/password"))
