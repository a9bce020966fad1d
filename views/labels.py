"""What the closed word lists of the business are called on the screen."""

from collections.abc import Iterable
from enum import StrEnum

from crmadmin.core.i18n import LazyString, lazy
from models.kinds import ClientKind, Direction, InteractionState, Language, Role, Theme, Tone

LABELS: dict[StrEnum, LazyString] = {
    Role.manager: lazy("Manager"),
    Role.head: lazy("Head"),
    Role.colleague: lazy("Colleague"),
    Role.admin: lazy("Administrator"),
    ClientKind.company: lazy("Company"),
    ClientKind.person: lazy("Person"),
    InteractionState.planned: lazy("Planned"),
    InteractionState.held: lazy("Held"),
    InteractionState.cancelled: lazy("Cancelled"),
    Direction.outgoing: lazy("We turned to them"),
    Direction.incoming: lazy("They turned to us"),
    Tone.blue: lazy("Blue"),
    Tone.green: lazy("Green"),
    Tone.orange: lazy("Orange"),
    Tone.grey: lazy("Grey"),
    Tone.red: lazy("Red"),
    Tone.violet: lazy("Violet"),
    Tone.teal: lazy("Teal"),
    Tone.yellow: lazy("Yellow"),
    Theme.system: lazy("As the system"),
    Theme.light: lazy("Light"),
    Theme.dark: lazy("Dark"),
    Language.ru: lazy("Russian"),
    Language.en: lazy("English"),
}


def label(word: StrEnum | None) -> LazyString | str:
    return "" if word is None else LABELS[word]


def options(words: Iterable[StrEnum]) -> list[tuple[str, LazyString]]:
    """What a choice of these words offers: stored text and label."""
    return [(word.value, LABELS[word]) for word in words]
