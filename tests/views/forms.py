"""Filling in a form of the program as a browser does: what it shows is sent back, with what one typed."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Form(HTMLParser):
    """The fields of the page's form and what they hold; of the form with that class."""

    def __init__(self, page: str, look: str = "admin-form") -> None:
        super().__init__()
        self.look = look
        self.fields: dict[str, list[str]] = {}
        self.options: dict[str, list[tuple[str, str]]] = {}
        self._inside = self._several = False
        self._select = self._area = self._option = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self.look in said.get("class", "")
        name = said.get("name", "")
        if not self._inside or (not name and tag != "option"):
            return
        if tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.fields[name] = [said.get("value", "y" if said.get("type") == "checkbox" else "")]
        elif tag == "select":
            self._select, self._several = name, "multiple" in said
            self.fields.setdefault(name, [])
        elif tag == "textarea":
            self._area, self.fields[name] = name, [""]
        elif tag == "option" and self._select:
            self._option = said.get("value", "")
            self.options.setdefault(self._select, []).append((self._option, ""))
            if "selected" in said:
                self.fields[self._select].append(self._option)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data
        elif self._select and self._option:
            value, text = self.options[self._select][-1]
            self.options[self._select][-1] = (value, (text + data).strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            first = self.fields[self._area][0]
            self.fields[self._area], self._area = [first.removeprefix("\r\n").removeprefix("\n")], ""
        elif tag == "select":
            for unset in [self._select] if not self.fields.get(self._select) else []:
                offered = self.options.get(unset, [])
                self.fields[unset] = [offered[0][0]] if offered and not self._several else []
            self._select = self._option = ""
        elif tag == "form":
            self._inside = False


def form_of(answer: TestResponse, look: str = "admin-form") -> Form:
    assert answer.status_code in {200, 400, 403, 409, 422}, answer.status
    return Form(answer.text, look)


def filled(ask: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """Open a form, type, send it."""
    found = form_of(ask.get(address)).fields
    data: Mapping[str, Any] = {**found, **{name: _texts(value) for name, value in typed.items()}}
    return ask.post(address, data=data)


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
