"""Lines of a record that are promises: «! цены до четверга» is ours, «!! реквизиты завтра» the client's.

The client's may also be said in words: «! клиент: пришлёт реквизиты до пятницы», "! client: …".
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from models.kinds import PromiseSide

_PROMISE = re.compile(r"[ \t]*(!{1,2})(?!!)[ \t]*(.*)")
_THEIRS = re.compile(r"(?:клиент|они|client|they)\s*[:—–-]\s*", re.IGNORECASE)


class Line(NamedTuple):
    """Who owes, and what was typed of it."""

    side: PromiseSide
    text: str


def standing(texts: Iterable[str]) -> Counter[str]:
    """The lines of texts that are promises, as they stand there, and how often."""
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return Counter(line for line in lines if _PROMISE.fullmatch(line))


def taken_out(text: str, stood: Counter[str] | None = None) -> tuple[str, list[Line]]:
    """The text without its promises, and they, in order.

    A line that ``stood`` somewhere before stays: it is no promise of now. It is taken off what stood.
    """
    left: list[str] = []
    found: list[Line] = []
    for line in text.splitlines():
        match = _PROMISE.fullmatch(line)
        if match is None or _stood(line.strip(), stood):
            left.append(line)
        else:
            found.append(_line(match[1], match[2].strip()))
    return ("\n".join(left).strip(), found) if found else (text, [])


def _stood(line: str, stood: Counter[str] | None) -> bool:
    if not stood or not stood[line]:
        return False
    stood[line] -= 1
    return True


def _line(signs: str, said: str) -> Line:
    named = _THEIRS.match(said)
    if named:
        return Line(PromiseSide.theirs, said[named.end() :].strip())
    return Line(PromiseSide.theirs if len(signs) == 2 else PromiseSide.ours, said)
