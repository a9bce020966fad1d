"""What every factory does at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from crmadmin.core.db import db

_n = count(1)
Row = TypeVar("Row")


def number() -> int:
    """Another one each time."""
    return next(_n)


_together: list[bool] = []


def kept(row: Row) -> Row:
    db.add(row)
    if not _together:
        db.commit()  # to the test's savepoint: a request starts from what is kept
    return row


@contextmanager
def together() -> Iterator[None]:
    """Hundreds of rows in one go: what is made in here is kept, and has its number, at the end."""
    _together.append(True)
    try:
        yield
    finally:
        _together.pop()
    db.commit()
