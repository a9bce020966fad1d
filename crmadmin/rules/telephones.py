"""Telephones as people type them, and as the program looks for them.

Nothing is lost here: a number that cannot be understood is kept as it is, without E.164. Forms refuse what
has nothing to dial (``is_number``).
"""

import re
from itertools import pairwise
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

REGION = "RU"


class Telephone(NamedTuple):
    """One number: as typed, as +79161234567 (None for nonsense), and the last four digits to find it by."""

    typed: str
    e164: str | None
    last4: str


_BETWEEN = re.compile(r"(\s*[;\n\r|/]+\s*|\s*,\s*)")
_EXTENSION = re.compile(r"[\s,;(]*\b(?:добавочный|доб|внутренний|внутр|вн|ext|#)\b\.?:?\s*", re.IGNORECASE)
# A whole number of Russia: 11 digits, whatever stands between them.
_WHOLE = re.compile(r"(?:\+\s*7|(?<!\d)[78])(?:[\s()\-‐-―.]{0,3}\d){10}(?!\d)", re.ASCII)
_FEWEST_DIGITS = 5  # a shorter piece is an extension or the end of a range (123-45-67/68), not a number

_SHORTEST = 3


def telephones(text: str) -> list[Telephone]:
    """All numbers of one cell, in order, the same number once."""
    found: dict[str, Telephone] = {}
    for piece in _pieces(text):
        number = telephone(piece)
        found.setdefault(identity(number), number)
    return list(found.values())


def telephone(text: str) -> Telephone:
    """One number; whatever else is in the text stays in `typed`."""
    typed = " ".join(text.split())
    number = _parsed(typed)
    if number is None:
        digits = re.sub(r"\D", "", _EXTENSION.split(typed)[0])
        return Telephone(typed, None, digits[-4:] if len(digits) >= 4 else "")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Telephone(typed, e164, e164[-4:])


def is_number(number: Telephone) -> bool:
    """Whether there is something to dial: an exchange's own numbers have three digits."""
    return number.e164 is not None or sum(sign.isdigit() for sign in number.typed) >= _SHORTEST


def readable(e164: str) -> str:
    """+7 916 123-45-67 for +79161234567; anything else comes back unchanged."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


def identity(number: Telephone) -> str:
    """What makes a telephone another one: its number, and the digits after it, which are an extension."""
    if number.e164 is None:
        return number.typed.casefold()
    after = re.sub(r"\D", "", number.typed).rpartition(number.e164[-7:])[2]
    return f"{number.e164} {after}"


def _pieces(text: str) -> list[str]:
    parts = _BETWEEN.split(text.strip())
    pieces = [parts[0]]
    for separator, part in zip(parts[1::2], parts[2::2], strict=True):
        if not part:
            continue
        if _continues(separator, part):
            pieces[-1] += separator + part
        else:
            pieces.append(part)
    return [number for piece in pieces if piece.strip() for number in _run_together(piece.strip())]


def _continues(separator: str, part: str) -> bool:
    """Whether a part belongs to the number before it: an extension does, and after , or / what is short."""
    if _EXTENSION.match(part):
        return True
    is_short = sum(sign.isdigit() for sign in part) < _FEWEST_DIGITS
    return is_short and separator.strip() in (",", "/")


def _run_together(piece: str) -> list[str]:
    """Two numbers with only a blank between them, taken apart; otherwise the piece itself."""
    starts = [match.start() for match in _WHOLE.finditer(piece)]
    bounds = [0, *starts[1:], len(piece)]
    return [piece[start:end] for start, end in pairwise(bounds)]


def _parsed(typed: str) -> PhoneNumber | None:
    text = _EXTENSION.sub(" ext. ", typed)
    # "+8 916…" is a slip of the hand for +7 or 8; but +84 and +86 exist, so the number as it is comes first.
    for attempt in (text, re.sub(r"^\+\s*8", "+7", text)):
        try:
            number = phonenumbers.parse(attempt, REGION)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None
