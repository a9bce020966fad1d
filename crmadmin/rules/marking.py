"""Where in a text the words are that one searched for, as the search compares them: folded."""

import unicodedata
from collections.abc import Iterable

Piece = tuple[str, bool]  # a part of the text, and whether it is what one searched for


def pieces(text: str, words: Iterable[str]) -> list[Piece]:
    """The text in parts, which together are the text again."""
    plain, places = _folded(text)
    hit = [False] * len(text)
    for word in words:
        at = plain.find(word)
        while word and at >= 0:
            for place in range(places[at], places[at + len(word) - 1] + 1):
                hit[place] = True
            at = plain.find(word, at + 1)
    found: list[Piece] = []
    for sign, is_hit in zip(text, hit, strict=True):
        if found and found[-1][1] == is_hit:
            found[-1] = (found[-1][0] + sign, is_hit)
        else:
            found.append((sign, is_hit))
    return found


def around(text: str, words: Iterable[str], most: int) -> str:
    """So much of a long text, in one line, that the first of the words is in it."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    plain, places = _folded(line)
    found = [plain.find(word) for word in words]
    first = min((places[at] for at in found if at >= 0), default=0)
    start = max(0, min(first - most // 3, len(line) - most))
    while 0 < start < first and line[start - 1] != " ":
        start += 1
    end = min(len(line), start + most)
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"


def _folded(text: str) -> tuple[str, list[int]]:
    """Sign by sign, with the place each folded sign comes from."""
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for each in unicodedata.normalize("NFKC", sign).casefold().replace("ё", "е"):
            plain.append(each)
            places.append(place)
    return "".join(plain), places
