"""The closed word lists of the business. Name, stored value and URL word are one lower-case text."""

from enum import StrEnum, auto


class Role(StrEnum):
    """What somebody is in the department; what each may do is said in core.permissions."""

    manager = auto()
    head = auto()
    colleague = auto()
    admin = auto()


class ClientKind(StrEnum):
    company = auto()
    person = auto()


class InteractionState(StrEnum):
    """Plan and fact are one row: it is planned, then held or cancelled."""

    planned = auto()
    held = auto()
    cancelled = auto()


class Direction(StrEnum):
    """Who turned to whom."""

    outgoing = auto()
    incoming = auto()


class Tone(StrEnum):
    """The colours a group may have; each is made readable in light and dark by the stylesheet."""

    blue = auto()
    green = auto()
    orange = auto()
    grey = auto()
    red = auto()
    violet = auto()
    teal = auto()
    yellow = auto()


class Theme(StrEnum):
    system = auto()
    light = auto()
    dark = auto()


class Language(StrEnum):
    ru = auto()
    en = auto()


class RowVerdict(StrEnum):
    """What an import made of a row."""

    new = auto()
    updated = auto()
    same = auto()
    rejected = auto()


class BulkKind(StrEnum):
    """What may be done with many clients at once."""

    group = auto()
    curator = auto()
    tag = auto()
    untag = auto()
    channel = auto()
    plan = auto()
    archive = auto()
    restore = auto()


class BulkVerdict(StrEnum):
    """What an act on many clients made of one: done, refused for a reason, undone, left by the undo."""

    waiting = auto()
    done = auto()
    same = auto()
    not_yours = auto()
    put_away = auto()
    no_curator = auto()
    curator_gone = auto()
    undone = auto()
    touched = auto()
    stays = auto()
