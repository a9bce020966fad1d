"""The big list of naughty strings, and what becomes of them on a page."""

import json
import re
from html.parser import HTMLParser

from tests.support import REAL_DATA
from tests.views.test_policy import Page
from views.fields import plain_text

FILE = REAL_DATA / "blns" / "blns.json"
LINE = 190  # signs that fit into every field of one line


def strings() -> list[str]:
    return [text for text in json.loads(FILE.read_text(encoding="utf-8")) if text.strip()]


def chunks(most: int) -> list[str]:
    """All the strings, as many together as fit into a field; what is longer than it is cut."""
    found = [""]
    for text in (each[:most] for each in strings()):
        together = f"{found[-1]} {text}".strip()
        found[len(found) - (len(together) <= most) :] = [together if len(together) <= most else text]
    return found


def wrong(answer) -> list[str]:
    return re.findall(r"invalid-feedback[^>]*>\s*([^<]+)", answer.text)


def squeezed(text: str) -> str:
    """As a name is kept, and as a browser's field of one line would send it."""
    return " ".join(plain_text(text).split())


def clean(answer, known=frozenset({200, 422})):
    """Nothing on the page is run that is not ours: what was typed is text."""
    assert answer.status_code in known, answer.status
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert Page(answer.text, nonce).wrong == []


class Held(HTMLParser):
    """What the fields of a page's forms hold; ``texts``: of those one types in, how much fits into each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.texts: dict[str, int] = {}
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "textarea" or (
            tag == "input" and said.get("type", "text") in {"text", "tel", "email", "url"}
        ):
            self.texts[name] = int(said.get("maxlength", LINE))
        if tag == "textarea":
            self._area = name
            self.values.setdefault(name, []).append("")
        elif tag == "input":
            self.values.setdefault(name, []).append(said.get("value", ""))

    def handle_data(self, data):
        if self._area:
            self.values[self._area][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""
