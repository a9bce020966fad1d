"""Settings, read from the environment once. An unknown or malformed one stops the start with one line."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from email.utils import getaddresses
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[2]
INSTANCE = ROOT / "instance"
MOSCOW = ZoneInfo("Europe/Moscow")
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - names, not listened on


class SettingsError(Exception):
    """One clear line about the setting that is wrong."""


def _database(value: str) -> str:
    url = make_url(value)
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("sqlite:///… or postgresql://…")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except Exception as error:
        raise ValueError("a time zone such as Europe/Moscow") from error


def _locale(value: str) -> str:
    if value not in {"ru", "en"}:
        raise ValueError("ru or en")
    return value


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def _secret(value: str) -> str:
    if len(value) < 16:
        raise ValueError("at least 16 characters")
    return value


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("http://… or https://…")
    return value.rstrip("/")


def _mail(value: str) -> str:
    if value and not value.startswith(("smtp://", "smtps://", "file://")):
        raise ValueError("smtp://…, smtps://… or file://…")
    return value


def _sender(value: str) -> str:
    addresses = [address for _name, address in getaddresses([value])]
    is_one = len(addresses) == 1 and re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", addresses[0])
    if not is_one or not value.isprintable():
        raise ValueError("an e-mail address, such as CRM <crm@example.ru>")
    return value


def _proxies(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part.strip())) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("addresses or networks, separated by commas") from error


def address(host: str, port: int) -> str:
    """What to type in a browser on this machine."""
    name = ANYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def setting(default: Any, read: Callable[[str], Any] = str) -> Any:
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True)
class Settings:
    """What may be set, under ``CRM_`` and the name in capitals."""

    database_url: str = setting("", _database)
    secret_key: str = setting("", _secret)
    timezone: ZoneInfo = setting(MOSCOW, _zone)  # noqa: RUF009 - setting() is dataclasses.field() with a reader
    locale: str = setting("ru", _locale)
    mail_url: str = setting("", _mail)
    mail_from: str = setting("", _sender)
    base_url: str = setting("", _address)
    trusted_proxies: tuple[str, ...] = setting((), _proxies)
    host: str = setting("127.0.0.1")
    port: int = setting(8000, _number(1, 65535))
    threads: int = setting(4, _number(1, 64))

    @property
    def address(self) -> str:
        """What people type in a browser, and letters put before a path."""
        return self.base_url or address(self.host, self.port)


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process: the environment, then ``.env``, then the defaults."""
    if environment is None:
        environment = {**{k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}, **os.environ}
    known = {f"CRM_{each.name.upper()}": each for each in fields(Settings)}
    values: dict[str, Any] = {}
    for name in sorted(environment):
        if not name.startswith("CRM_"):
            continue
        if name not in known:
            raise SettingsError(f"{name} is no setting of this program. Settings: {', '.join(known)}.")
        if environment[name] == "":
            continue
        try:
            values[known[name].name] = known[name].metadata["read"](environment[name])
        except Exception as error:
            meant = str(error) if type(error) is ValueError else "a valid value"
            raise SettingsError(f"{name}: expected {meant}.") from error
    _check_together(values)
    values.setdefault("database_url", _default_database())
    if "secret_key" not in values:
        values["secret_key"] = _kept_secret()
    return Settings(**values)


def _check_together(values: Mapping[str, Any]) -> None:
    if values.get("mail_url") and not values.get("mail_from"):
        raise SettingsError("CRM_MAIL_FROM: expected the sender of the letters that CRM_MAIL_URL sends.")


def _default_database() -> str:
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    return f"sqlite:///{INSTANCE / 'crm.db'}"


def anchors_file(database_url: str) -> Path:
    """Where a database's daily anchors are kept: beside it, under its name unless it is the usual one."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return INSTANCE / f"anchors-{url.database}.txt"
    file = Path(url.database or "")
    return INSTANCE / "anchors.txt" if file == INSTANCE / "crm.db" else Path(f"{file}.anchors.txt")


def _kept_secret() -> str:
    """The key that signs sessions: made on the first start, readable by its owner only."""
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    path = INSTANCE / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if len(kept) < 16:
            raise SettingsError(f"{path} is damaged: delete it, and a new key is made.") from None
        return kept
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
