"""In which language, and in which light, somebody sees the program."""

from flask import current_app, has_request_context, session

from models import User
from models.kinds import Language, Theme
from views.base import me, signed_in


def of_viewer() -> str:
    """His own choice; before he signs in what he chose on that page, else the installation's."""
    default = current_app.config["CRM"].locale
    if not has_request_context():
        return default
    if signed_in() and me().language:
        return str(me().language)
    chosen = session.get("language")
    return chosen if chosen in set(Language) and chosen else default


def theme_of_viewer() -> str:
    if has_request_context() and signed_in():
        return str(me().theme)
    chosen = session.get("theme") if has_request_context() else None
    return chosen if chosen in set(Theme) and chosen else str(Theme.system)


def remember_choices(user: User, *, anew: bool = False) -> None:
    """Keep with the person what he chose before he signed in; ``anew``: instead of what he chose earlier."""
    language, theme = session.get("language"), session.get("theme")
    if language in set(Language) and (anew or user.language is None):
        user.language = Language(language)
    if theme in set(Theme) and (anew or user.theme == Theme.system):
        user.theme = Theme(theme)
