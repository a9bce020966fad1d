"""A letter on its way: made of plain words, given to a server, or laid into a folder.

``smtp://user:password@host:port`` speaks TLS where the server offers it (STARTTLS), ``smtps://`` always,
``file:///folder`` writes what would have been sent. A password travels by TLS only, except to this machine
itself. A server proves by its certificate who it is; those of a company's own authority are trusted where the
file of SSL_CERT_FILE names it.
"""

import os
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

PATIENCE = 10  # seconds for each answer of the server
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class NotTaken(Exception):
    """The letter was not taken. ``for_good``: asking again would not help. ``hung_up``: nor is any other
    taken before the server is called anew."""

    def __init__(self, reason: str, *, for_good: bool = False, hung_up: bool = False) -> None:
        super().__init__(one_line(reason)[:500])
        self.for_good, self.hung_up = for_good, hung_up


@dataclass(frozen=True)
class Attached:
    """A file that goes with a letter. ``kind`` is its media type, such as ``text/plain``."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Words:
    """What a letter says, and to whom. ``number`` tells it from every other letter of this sender."""

    number: str
    to: str
    name: str
    subject: str
    text: str
    html: str
    at: datetime
    files: Sequence[Attached] = ()


class Post(Protocol):
    def take(self, letter: EmailMessage) -> None: ...


def one_line(text: str) -> str:
    """No line of a header can be smuggled in: whatever breaks a line, or is no sign at all, is a blank."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def message(words: Words, sender: str) -> EmailMessage:
    """The letter in plain text and in HTML. Its Message-ID is the same whenever it is sent."""
    letter = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    try:
        letter["From"] = Address(one_line(name), addr_spec=address)
        letter["To"] = Address(one_line(words.name), addr_spec=words.to)
    except Exception as error:  # the library raises several kinds, for what is no address
        raise NotTaken(f"{words.to}: {error}", for_good=True) from error
    letter["Subject"] = one_line(words.subject)
    letter["Date"] = format_datetime(words.at)
    letter["Message-ID"] = f"<{words.number}@{address.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(words.text)
    letter.add_alternative(words.html, subtype="html")
    for file in words.files:
        main, _slash, sub = file.kind.partition("/")
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=one_line(file.name))
    return letter


@contextmanager
def opened(url: str) -> Iterator[Post]:
    """Where letters are given to, for as many as there are; raises NotTaken where nobody opens."""
    where = urlsplit(url)
    if where.scheme == "file":
        yield _Folder(Path(unquote(where.netloc + where.path)))
        return
    try:
        server = _server(where)
    except (OSError, smtplib.SMTPException, ValueError) as error:  # a password that is not ASCII is the last
        raise NotTaken(_reason(error)) from error
    try:
        yield _Server(server)
    finally:
        server.close()  # without a goodbye, which a slow server would let us wait for


def _server(where: SplitResult) -> smtplib.SMTP:
    host, context = where.hostname or "localhost", ssl.create_default_context()
    if where.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, where.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, where.port or 25, timeout=PATIENCE)
    try:
        _introduced(server, where, context)
    except BaseException:
        server.close()
        raise
    return server


def _introduced(server: smtplib.SMTP, where: SplitResult, context: ssl.SSLContext) -> None:
    server.ehlo()
    is_safe = where.scheme == "smtps" or server.has_extn("starttls")
    if where.scheme != "smtps" and is_safe:
        server.starttls(context=context)
    if where.username:
        if not is_safe and where.hostname not in _HERE:
            raise smtplib.SMTPException(f"{where.hostname} offers no TLS: the password is not told to it")
        server.login(unquote(where.username), unquote(where.password or ""))


class _Server:
    def __init__(self, server: smtplib.SMTP) -> None:
        self.server = server

    def take(self, letter: EmailMessage) -> None:
        try:
            self.server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotTaken(
                f"{code} {_text(said)}", for_good=code >= 500, hung_up=self._is_closed()
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(_reason(error), hung_up=self._is_closed()) from error

    def _is_closed(self) -> bool:
        """After 421 and after a broken line smtplib closes; it would refuse all that comes after."""
        return self.server.sock is None


class _Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, letter: EmailMessage) -> None:
        name = letter["Message-ID"].strip("<>").partition("@")[0]
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f"{name}.unfinished"
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(letter.as_bytes())
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise NotTaken(_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS with this server: {error.reason or error}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
