"""Whose address is believed behind proxies, and what is believed of the rest they say."""

from ipaddress import ip_network

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from views.guards import TrustedProxies

ALICE = "203.0.113.7"
NETWORKS = ("127.0.0.1", "10.0.0.0/8", "fd00::/8")


def seen(peer, **headers):
    """(address, scheme, host) as the program sees them."""
    told = {}

    def app(environ, _start):
        told.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "crm:8000",
               "SERVER_NAME": "crm", "SERVER_PORT": "8000"}  # fmt: skip
    for name, value in headers.items():
        environ[f"HTTP_X_FORWARDED_{name.upper()}"] = value
    networks = tuple(str(ip_network(each)) for each in NETWORKS)
    TrustedProxies(app, ProxyFix, networks)(environ, None)
    return told["REMOTE_ADDR"], told["wsgi.url_scheme"], told["HTTP_HOST"]


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("127.0.0.1", ALICE, ALICE),
        ("::ffff:127.0.0.1", ALICE, ALICE),
        ("127.0.0.1", f"{ALICE}, 10.0.0.5", ALICE),  # two proxies
        ("127.0.0.1", f"{ALICE},10.0.0.5 , fd00::1", ALICE),  # three
        ("127.0.0.1", f"192.0.2.66, {ALICE}, 10.0.0.5", ALICE),  # what Alice herself said before is no news
        ("127.0.0.1", f"10.0.0.9, {ALICE}, 10.0.0.5", ALICE),
        ("127.0.0.1", f"nonsense, {ALICE}, 10.0.0.5", ALICE),
        ("127.0.0.1", "nonsense, 10.0.0.5", "10.0.0.5"),
        ("127.0.0.1", "10.0.0.7, 10.0.0.5", "10.0.0.7"),  # somebody inside
        ("127.0.0.1", f"{ALICE}:51234, 10.0.0.5", ALICE),
        ("127.0.0.1", "[2001:db8::1]:443, 10.0.0.5", "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        (ALICE, "192.0.2.66", ALICE),  # no proxy at all
        ("not an address", "192.0.2.66", "not an address"),
    ],
)
def test_the_address_is_the_first_from_the_right_that_is_no_proxy(peer, said, address):
    assert seen(peer, **({"for": said} if said else {}))[0] == address


def test_scheme_and_host_are_believed_of_a_proxy_only():
    said = {"for": ALICE, "proto": "https", "host": "crm.example"}
    assert seen("127.0.0.1", **said) == (ALICE, "https", "crm.example")
    assert seen("192.0.2.66", **said) == ("192.0.2.66", "http", "crm:8000")


def test_of_two_proxies_the_outer_one_knows_the_scheme_and_the_host():
    said = {"for": f"{ALICE}, 10.0.0.5"}
    assert seen("127.0.0.1", **said, proto="https", host="crm.example")[1:] == ("https", "crm.example")
    assert seen("127.0.0.1", **said, proto="https, http", host="crm.example, inner")[1:] == (
        "https",
        "crm.example",
    )
    spoofed = {"proto": "gopher, https, http", "host": "evil.example, crm.example, inner"}
    assert seen("127.0.0.1", **said, **spoofed)[1:] == ("https", "crm.example")
