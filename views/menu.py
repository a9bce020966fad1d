"""The menu beside every page: drawn once for all who may open the same and stand at the same place."""

from functools import lru_cache
from typing import Any

from flask import get_template_attribute, request
from flask_admin import BaseView
from markupsafe import Markup

from crmadmin.core import i18n
from models.kinds import Role
from views import bell
from views.base import me, signed_in

PARTS = "parts/frame/menu.html"
MARK = "\x00"  # stands for a number, at both sides of the address whose number it is


class _Marks(dict[str, str]):
    """Instead of numbers: each address has one that says which it is."""

    def get(self, address: str, default: Any = None) -> str:
        return f"{MARK}{address}{MARK}"


def menu(view: BaseView) -> Markup:
    """The menu on a page of this view, with the numbers of whoever looks beside its lines."""
    role = me().role if signed_in() else None
    pieces = _drawn(view, role, i18n.language(), request.script_root)
    numbers = bell.menu()
    said = [piece if at % 2 == 0 else _number(numbers.get(piece)) for at, piece in enumerate(pieces)]
    return Markup("").join(said)


@lru_cache(maxsize=512)
def _drawn(view: Any, _role: Role | None, _language: str, _root: str) -> tuple[Markup, ...]:
    """What stands between the numbers, and at every other place the address of a number."""
    drawn = str(_part("menu")(view.admin.menu(), view, _Marks())).strip()
    return tuple(Markup(piece) for piece in drawn.split(MARK))  # noqa: S704  (of our own template)


@lru_cache(maxsize=512)
def _number(number: int | None) -> Markup:
    return Markup(_part("number")(number) if number else "")  # noqa: S704


def _part(name: str) -> Any:
    return get_template_attribute(PARTS, name)
