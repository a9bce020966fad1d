"""Rows in, JSON text out: one object a row, its columns by their names."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

_AT_ONCE = 500  # rows


def written(
    said: Mapping[str, Any], keys: Sequence[str], rows: Iterable[Sequence[Any]], foot: Sequence[str] = ()
) -> Iterator[str]:
    """``said`` first, then ``rows``; the last of them, as many as ``foot`` has names, stand beside by these.

    Rows are taken as they are needed; those of a table with a foot at once.
    """
    yield _text(dict(said))[:-1] + (", " if said else "") + '"rows": ['
    if foot:
        known = list(rows)
        rows, last = known[: -len(foot)], known[-len(foot) :]
    else:
        last = []
    given, between = iter(rows), ""
    while part := list(islice(given, _AT_ONCE)):
        yield between + ",\n".join(_text(dict(zip(keys, row, strict=True))) for row in part)
        between = ",\n"
    yield "]"
    for name, row in zip(foot, last, strict=True):
        yield f", {_text(name)}: {_text(dict(zip(keys, row, strict=True)))}"
    yield "}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
