"""How an entry of the journal is hashed, so that anybody can check it with nothing but this page.

``commitment = SHA-256(HMAC-SHA-256(salt, field name) + canonical JSON of the field's value)``
``hash = SHA-256(previous hash + canonical JSON of the head + commitments in order of field names)``

Hashes and salts enter as bytes; the first entry of a chain follows 32 zero bytes. A field can be masked by
showing its commitment in place of its value: the chain still verifies, and the value cannot be guessed.

The head of an entry of form 2 has chain, number, form, and one commitment, under a blank name, to all else:
what happened, to what, when, by whom, and the names of the fields. So an entry that is left out of a report
tells its number only, and a field that is masked cannot be renamed. In a head of form 1, of entries written
before, all of that but the names stands open.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

BEGINNING = bytes(32)
FORM = 2  # of entries that are written now
OPEN = ("chain", "number")
TOLD = ("kind", "subject", "subject_id", "happened_at", "recorded_at", "by_id", "by_name")
_TOLD = ""  # no field has this name

_INNER = bytes(sign ^ 0x36 for sign in range(256))
_OUTER = bytes(sign ^ 0x5C for sign in range(256))
_JSON: tuple[type, ...] = (str, int, float, bool, list, dict, type(None))


def canonical(value: Any) -> bytes:
    """JSON in UTF-8, keys sorted, no blanks, moments as ISO 8601 in UTC with microseconds."""
    return _JSON_OF.encode(value).encode()


def plain(value: Any) -> Any:
    """A value as JSON can say it; the same for the hash and for what is stored."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, _JSON) else str(value)


_JSON_OF = json.JSONEncoder(  # made once: json.dumps would make one for every field of every entry
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain, allow_nan=False
)


class Secrets:
    """HMAC-SHA-256 of one entry's salt: its two halves are begun once, which is five times as quick."""

    def __init__(self, salt: bytes) -> None:
        key = (salt if len(salt) <= 64 else hashlib.sha256(salt).digest()).ljust(64, b"\0")
        self._inner = hashlib.sha256(key.translate(_INNER))
        self._outer = hashlib.sha256(key.translate(_OUTER))

    def of(self, field: str) -> bytes:
        """What a field's commitment needs beside its value; it tells nothing of salt or other fields."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(field.encode())
        outer.update(inner.digest())
        return outer.digest()

    def commitment(self, field: str, value: Any) -> bytes:
        return self.committed(field, canonical(value))

    def committed(self, field: str, said: bytes) -> bytes:
        """The commitment to a value of which the canonical JSON is known."""
        return hashlib.sha256(self.of(field) + said).digest()

    def of_head(self) -> bytes:
        return self.of(_TOLD)

    def told(self, entry: Mapping[str, Any], names: Iterable[str]) -> bytes:
        """The commitment in the head of an entry of form 2."""
        return self.commitment(_TOLD, told(entry, names))


def told(entry: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What the head of an entry of form 2 commits to; ``names`` are those of its fields."""
    return {**{name: entry[name] for name in TOLD}, "fields": sorted(names)}


def head(entry: Mapping[str, Any], secrets: Secrets, names: Iterable[str]) -> dict[str, Any]:
    """The head as it enters the hash; ValueError for a form that nobody knows."""
    if entry["form"] == 1:
        return {name: entry[name] for name in (*OPEN, *TOLD)}
    if entry["form"] != FORM:
        raise ValueError(entry["form"])
    return {**open_head(entry), "told": secrets.told(entry, names).hex()}


def open_head(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry of form 2 tells whoever is shown nothing of it."""
    return {"form": FORM, **{name: entry[name] for name in OPEN}}


def entry_hash(previous: bytes, entry: Mapping[str, Any], salt: bytes, data: Mapping[str, Any]) -> bytes:
    """The hash of an entry whose every field is known."""
    secrets = Secrets(salt)
    commitments = [secrets.commitment(field, data[field]) for field in sorted(data)]
    return sealed(previous, head(entry, secrets, data), commitments)


def sealed(previous: bytes, head: Mapping[str, Any], commitments: list[bytes]) -> bytes:
    """The hash of an entry of which some fields may be known by their commitments only."""
    return hashlib.sha256(previous + canonical(dict(head)) + b"".join(commitments)).digest()
