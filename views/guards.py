"""What holds for every request: whose it is, what may come in, what the browser is told on the way out."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from flask import Flask, Response, abort, request, session

from crmadmin.core.db import act_as, ask_once, db, going_to_write
from models.base import language as reference_language
from views.base import csp_nonce, me, signed_in
from views.language import of_viewer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RETURN_ARGUMENTS = ("url", "next")  # Flask-Admin's and ours: where to go back to
STATIC = frozenset({"static", "admin.static"})


def install(app: Flask) -> None:
    app.before_request(_enter)
    app.before_request(_only_local_returns)
    app.after_request(_headers)


def _enter() -> None:
    """Whatever this request changes, it changes in the name of whoever sent it."""
    asked_out = request.method == "GET" and (request.endpoint or "").endswith(".export")
    writes = request.method not in SAFE or asked_out  # what is taken out is written down
    going_to_write(writes)
    if request.endpoint in STATIC:
        return
    db.remove()  # a session left over from a command or a test in this thread is not this request's
    if not writes:
        ask_once()
    session.permanent = True
    act_as(me() if signed_in() else None)
    reference_language.set(of_viewer())


def is_local(address: str) -> bool:
    """A path of this program and nothing else: Flask-Admin's own check lets ``http:evil`` through."""
    return (
        address.startswith("/")
        and address[1:2] not in {"/", "\\"}
        and not any(ord(sign) < 32 or sign == "\\" for sign in address)
    )


def _only_local_returns() -> None:
    for argument in RETURN_ARGUMENTS:
        if not all(is_local(address) for address in request.values.getlist(argument) if address):
            abort(400)


def _headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; "
        "img-src 'self' data:; "
        "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.endpoint not in STATIC:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class TrustedProxies:
    """Believes X-Forwarded-… only from the proxies that the settings name, however many stand in a row."""

    def __init__(self, app: Any, fix: Callable[..., Any], networks: tuple[str, ...]) -> None:
        self.plain, self.fixed = app, fix(app, x_for=1, x_proto=1, x_host=1)
        self.networks = [ip_network(network) for network in networks]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if not self._trusts(_address(environ.get("REMOTE_ADDR", ""))):
            return self.plain(environ, start_response)
        address, proxies = self._who(environ.get("HTTP_X_FORWARDED_FOR", ""))
        environ["HTTP_X_FORWARDED_FOR"] = address
        for header in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"):
            said = [word.strip() for word in environ.get(header, "").split(",") if word.strip()]
            if said:  # each proxy adds on the right; what stands left of the outermost's is anybody's
                environ[header] = said[-min(proxies, len(said))]
        return self.fixed(environ, start_response)

    def _who(self, forwarded: str) -> tuple[str, int]:
        """The first from the right that is no proxy of ours, and how many proxies stand before it."""
        found, proxies = "", 1
        for word in reversed(forwarded.split(",")):
            address = _address(word)
            if address is None:
                break
            found = str(address)
            if not self._trusts(address):
                break
            proxies += 1
        return found, proxies

    def _trusts(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self.networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: some add the port, some write IPv4 as IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
