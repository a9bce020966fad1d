"""Passwords are kept as argon2id hashes only."""

import secrets
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# OWASP's first choice: 19 MiB a hash, and one at a time, so that many signing in at once take no more.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_one_at_a_time = Lock()

_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$k6XNbVqVAz/AIoslv1EV5Q$AtTPQ4XPYhLT8JS9oSgZg/GoaRxCvLpfsXYGGROmWrI"
"""The hash of a secret that is thrown away: checking a stranger takes as long as checking anybody."""

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read out


def hashed(password: str) -> str:
    with _one_at_a_time:
        return _hasher.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Whether the password is the one kept; where none is kept it never is, and that takes as long."""
    try:
        with _one_at_a_time:
            return _hasher.verify(kept or _NOBODY, password) and kept != ""
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Whether it was hashed by weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


def generated() -> str:
    """One that can be read out over the telephone: 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))
