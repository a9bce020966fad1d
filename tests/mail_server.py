"""A real SMTP server on this machine: it takes letters, refuses them, is slow, wants a password, or TLS."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Box:
    """What the server took; ``refusals`` are answered in their turn instead of taking."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.unknown: set[str] = set()
        self.port = 0
        self.scheme = "smtp"
        self.wants_password = False
        self.by_tls: list[bool] = []  # of each letter

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _server: Any, session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        if self.wants_password and not session.authenticated:
            return "530 who are you"
        if address in self.unknown:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.by_tls.append(server.transport.get_extra_info("cipher") is not None)
        letter: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append(letter)
        return "250 taken"


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Identity(NamedTuple):
    """How a server proves who it is, and the file that names who vouches for it."""

    context: ssl.SSLContext
    authority: Path


def identity(folder: Path, name: str = "127.0.0.1") -> Identity:
    """Of a server of this name, vouched for by an authority that nobody knows yet."""
    authority, file = trustme.CA(), folder / "authority.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    authority.cert_pem.write_to_path(str(file))
    return Identity(context, file)


@contextmanager
def mail_server(
    password: str = "", *, starttls: Identity | None = None, smtps: Identity | None = None
) -> Iterator[Box]:
    """While it listens. With a password it wants to be told it first, by ``anna``.

    ``starttls``: it begins in the clear, and takes nothing before it is asked for TLS; ``smtps``: TLS at
    once.
    """
    box = Box()

    def knows(_server: Any, _session: Any, _envelope: Any, _how: str, told: Any) -> AuthResult:
        return AuthResult(success=told.login == b"anna" and told.password == password.encode())

    box.port, box.wants_password = a_free_port(), bool(password)
    more: dict[str, Any] = {"authenticator": knows, "server_hostname": "localhost"}
    more["auth_require_tls"] = starttls is not None
    if starttls:
        more |= {"tls_context": starttls.context, "require_starttls": True}
    if smtps:
        box.scheme, more["ssl_context"] = "smtps", smtps.context
    server = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@contextmanager
def silent_server() -> Iterator[str]:
    """It lets one in, and then says nothing at all."""
    with socket.socket() as ears:
        ears.bind(("127.0.0.1", 0))
        ears.listen()
        yield f"smtp://127.0.0.1:{ears.getsockname()[1]}"
