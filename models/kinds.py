"""The closed word lists of the business. Name, stored value and URL word are one lower-case text."""

from enum import StrEnum, auto


class Word(StrEnum):
    """A word of one list: it equals its text, and no word of another list that reads the same."""

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and (not isinstance(other, Word) or type(other) is type(self))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Role(Word):
    """What somebody is in the department; what each may do is said in core.permissions."""

    manager = auto()
    head = auto()
    colleague = auto()
    admin = auto()


class ClientKind(Word):
    company = auto()
    person = auto()


class InteractionState(Word):
    """Plan and fact are one row: it is planned, then held or cancelled."""

    planned = auto()
    held = auto()
    cancelled = auto()


class Direction(Word):
    """Who turned to whom."""

    outgoing = auto()
    incoming = auto()


class Tone(Word):
    """The colours a group may have; each is made readable in light and dark by the stylesheet."""

    blue = auto()
    green = auto()
    orange = auto()
    grey = auto()
    red = auto()
    violet = auto()
    teal = auto()
    yellow = auto()


class Theme(Word):
    system = auto()
    light = auto()
    dark = auto()


class Language(Word):
    ru = auto()
    en = auto()


class RowVerdict(Word):
    """What an import made of a row."""

    new = auto()
    updated = auto()
    same = auto()
    rejected = auto()


class BulkKind(Word):
    """What may be done with many clients at once; ``rules``: each goes where the rules of groups say."""

    group = auto()
    curator = auto()
    tag = auto()
    untag = auto()
    channel = auto()
    plan = auto()
    archive = auto()
    restore = auto()
    rules = auto()


class BulkVerdict(Word):
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


class TaskState(Word):
    """How far a client's task is: nothing proposed, proposed, accepted by the client, or dropped."""

    open = auto()
    proposed = auto()
    accepted = auto()
    dropped = auto()


class OfferState(Word):
    """What became of a client that was offered to somebody."""

    offered = auto()
    accepted = auto()
    declined = auto()
    withdrawn = auto()


class PromiseSide(Word):
    """Who owes: we the client, or the client us."""

    ours = auto()
    theirs = auto()


class PromiseState(Word):
    """What became of a promise; one that was moved with consent lives on in another."""

    open = auto()
    kept = auto()
    kept_late = auto()
    moved = auto()
    broken = auto()


class WishState(Word):
    """An unmet wish waits, came true, or is dropped."""

    open = auto()
    fulfilled = auto()
    dropped = auto()


class Axis(Word):
    """What clients are weighed by: what they may buy, and how much passes between us."""

    potential = auto()
    intensity = auto()


class Comparison(Word):
    """How a condition of a rule asks for a fact."""

    at_least = auto()
    at_most = auto()
    one_of = auto()
    none_of = auto()


class NoticeChannel(Word):
    """By which way somebody is told: in the program, or by a letter at once."""

    program = auto()
    mail = auto()


class LetterKind(Word):
    """What a letter to one of us is: one notice, the morning digest, a page of numbers, or a trial digest."""

    notice = auto()
    digest = auto()
    trial = auto()
    report = auto()


class NoticeKind(Word):
    """What people are told of."""

    mentioned = auto()
    recorded_with_yours = auto()
    told_two = auto()
    told_three = auto()
    client_given = auto()
    client_taken = auto()
    client_offered = auto()
    offer_decided = auto()
    offer_withdrawn = auto()
    plans_given = auto()
    plan_changed = auto()
    act_unfinished = auto()
    substitution_set = auto()
    substitution_ended = auto()
    back_again = auto()
    contact_due = auto()
    promise_due = auto()
    promise_overdue = auto()
    promise_given = auto()
    request_waits = auto()
    wish_returns = auto()
    silence_asked = auto()
    silence_answered = auto()
    silence_waived = auto()
    alarm_raised = auto()
    alarms_raised = auto()
    alarm_answered = auto()
    alarm_talked = auto()
    alarm_decided = auto()
    chain_broken = auto()
    job_missed = auto()


class AlarmKind(Word):
    """Why the head is to look: a number out of its corridor, or something that was let go."""

    too_few = auto()
    too_many = auto()
    silence = auto()
    promise = auto()
    third_colleague = auto()
    unanswered = auto()


class AlarmState(Word):
    """How far an alarm is dealt with."""

    new = auto()
    seen = auto()
    talked = auto()
    decided = auto()


class KpiLook(Word):
    """Which way somebody looks at his own numbers: nothing missed, or what he can reach."""

    missed = auto()
    reach = auto()


class KpiPart(Word):
    """What a kept figure is about: what somebody did, or how his clients stood."""

    work = auto()
    clients = auto()


class Saving(Word):
    """How the opening of a form ended."""

    saved = auto()
    abandoned = auto()


class Every(Word):
    """How often a page goes out as a letter."""

    week = auto()
    month = auto()


class FirstTouch(Word):
    """What the rule of the first touch says of a client: two of its words leave it to the head."""

    nobody = auto()
    holds = auto()
    lapsed = auto()
    tie = auto()
    late = auto()
