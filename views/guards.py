"""What holds for every request: whose it is, what may come in, what the browser is told on the way out."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, Response, abort, request, session

from crmadmin.core.db import act_as, db, going_to_write
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
    is_export = (request.endpoint or "").endswith(".export")  # a GET, and yet it is written down
    going_to_write(request.method not in SAFE or is_export)
    if request.endpoint in STATIC:
        return
    db.remove()  # a session left over from a command or a test in this thread is not this request's
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
    """Believes X-Forwarded-… only from the proxies that the settings name."""

    def __init__(self, app: Any, fix: Callable[..., Any], networks: tuple[str, ...]) -> None:
        self.plain, self.fixed = app, fix(app, x_for=1, x_proto=1, x_host=1)
        self.networks = [ip_network(network) for network in networks]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        trusted = self._trusts(environ.get("REMOTE_ADDR", ""))
        return (self.fixed if trusted else self.plain)(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self.networks)
        except ValueError:
            return False
