"""What the browser is told with every page: run nothing, frame nothing, keep nothing that is not ours."""

import re
from html.parser import HTMLParser

import pytest

from tests.factories import a_client, a_user, an_interaction
from tests.views.doors import ROLES, a_row, screens


class Page(HTMLParser):
    """What a strict policy would not run or draw."""

    def __init__(self, text, nonce):
        super().__init__()
        self.wrong, self.nonce = [], nonce
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.wrong += [
            f"{tag} {name}" for name in said if name.startswith("on") or name in {"style", "hx-on"}
        ]
        leading = [said.get(name) or "" for name in ("href", "src", "action", "formaction", "srcdoc")]
        self.wrong += [
            each for each in leading if re.match(r"\s*(javascript|vbscript):", each, re.IGNORECASE)
        ]
        if tag == "style" or (tag == "script" and (said.get("nonce") != self.nonce or "src" not in said)):
            self.wrong.append(tag)
        outside = [said.get(name) or "" for name in ("src", "href") if tag in {"script", "link", "img"}]
        self.wrong += [each for each in outside if each and not each.startswith(("/static/", "data:"))]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_has_nothing_that_the_policy_forbids(app, session, signed_in, role):
    me = a_user(role)
    client = a_client(curator=me)
    an_interaction(client=client, person=me)
    ask = signed_in(me)
    pages = [f"/clients/{client.id}", f"/interactions/new/?client={client.id}", "/clients/999999"]
    for view in screens(app):
        row = a_row(view)
        pages += [
            f"{view.url}/{door}" for door in ("", "new/", f"edit/?id={row.id}", f"details/?id={row.id}")
        ]
    for address in pages:
        answer = ask.get(address)
        if answer.mimetype != "text/html":
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        nonce = re.search(r"'nonce-([^']+)'", policy)[1]
        assert Page(answer.text, nonce).wrong == [], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
