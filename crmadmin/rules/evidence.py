"""How an entry of the journal is hashed, so that anybody can check it with nothing but this page.

``commitment = SHA-256(HMAC-SHA-256(salt, field name) + canonical JSON of the field's value)``
``hash = SHA-256(previous hash + canonical JSON of the head + commitments in order of field names)``

Hashes and salts enter as bytes; the first entry of a chain follows 32 zero bytes. A field can be masked by
showing its commitment in place of its value: the chain still verifies, and the value cannot be guessed.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

BEGINNING = bytes(32)

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


def commitment(salt: bytes, field: str, value: Any) -> bytes:
    secret = hmac.digest(salt, field.encode(), "sha256")
    return hashlib.sha256(secret + canonical(value)).digest()


def entry_hash(previous: bytes, head: Mapping[str, Any], salt: bytes, data: Mapping[str, Any]) -> bytes:
    """The hash of an entry whose every field is known."""
    return sealed(previous, head, [commitment(salt, field, data[field]) for field in sorted(data)])


def sealed(previous: bytes, head: Mapping[str, Any], commitments: list[bytes]) -> bytes:
    """The hash of an entry of which some fields may be known by their commitments only."""
    return hashlib.sha256(previous + canonical(dict(head)) + b"".join(commitments)).digest()
