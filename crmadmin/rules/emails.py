"""E-mail addresses: one cell may hold several."""

import re

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _

_BETWEEN = re.compile(r"[\s,;|<>()\"]+|mailto:", re.IGNORECASE)
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_LABEL = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


def emails(text: str) -> list[str]:
    """The addresses of one cell, in order, each once; DomainError names the first that is wrong.

    Names around addresses («Иван <ivan@romashka.ru>») are dropped.
    """
    pieces = [piece.strip("'").rstrip(".") for piece in _BETWEEN.split(text)]
    addressed = [piece for piece in pieces if "@" in piece]
    if not addressed and any(pieces):
        raise DomainError(_("This is not an e-mail address: %(typed)s", typed=text.strip()))
    found: dict[str, str] = {}
    for piece in addressed:
        address = email(piece)
        found.setdefault(address.casefold(), address)
    return list(found.values())


def email(text: str) -> str:
    """One address, trimmed, its domain in lower case; DomainError when it cannot be one.

    The part before @ keeps its case: by the standard only its own server knows whether the case matters.
    """
    local, at, domain = text.strip().rpartition("@")
    domain = domain.lower()
    wrong = not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or len(domain) > 253
    if wrong or ".." in local or local.startswith(".") or local.endswith("."):
        raise DomainError(_("This is not an e-mail address: %(typed)s", typed=text.strip()))
    return f"{local}@{domain}"
