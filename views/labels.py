"""The closed word lists of the business, as cells and choices show them."""

from collections.abc import Iterable
from enum import StrEnum

from crmadmin.core.i18n import LazyString
from crmadmin.core.words import NAMES as LABELS

__all__ = ["LABELS", "label", "options"]


def label(word: StrEnum | None) -> LazyString | str:
    return "" if word is None else LABELS[word]


def options(words: Iterable[StrEnum]) -> list[tuple[str, LazyString]]:
    """What a choice of these words offers: stored text and label."""
    return [(word.value, LABELS[word]) for word in words]
