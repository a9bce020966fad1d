"""What the fields of the journal's entries are called on the screen, and what their values mean."""

from enum import StrEnum

from crmadmin.core.i18n import LazyString, lazy
from models.kinds import (
    ClientKind,
    Direction,
    InteractionState,
    OfferState,
    PromiseSide,
    PromiseState,
    TaskState,
    WishState,
)

FIELDS: dict[str, LazyString] = {
    "name": lazy("Name"),
    "kind": lazy("Kind"),
    "kind_id": lazy("Kind"),
    "legal_name": lazy("Full legal name"),
    "inn": lazy("INN"),
    "kpp": lazy("KPP"),
    "ogrn": lazy("OGRN"),
    "industry_id": lazy("Industry"),
    "region_id": lazy("Region"),
    "city": lazy("City"),
    "address": lazy("Address"),
    "site": lazy("Site"),
    "remember": lazy("What to remember"),
    "group_id": lazy("Group"),
    "curator_id": lazy("Curator"),
    "channel_id": lazy("Came to us by"),
    "recommended_by_id": lazy("Recommended by"),
    "rhythm_days": lazy("Own rhythm, days"),
    "archived_at": lazy("Is put away"),
    "tags": lazy("Tags"),
    "reason": lazy("Why"),
    "job_title": lazy("Position"),
    "birthday": lazy("Birthday"),
    "state": lazy("State"),
    "direction": lazy("Who turned to whom"),
    "person_id": lazy("Who spoke"),
    "happened_at": lazy("When"),
    "planned_for": lazy("Planned for"),
    "request": lazy("Request"),
    "reaction": lazy("Reaction"),
    "result_id": lazy("Result"),
    "minutes": lazy("Minutes"),
    "note": lazy("Note"),
    "cancel_reason": lazy("Why it is cancelled"),
    "no_next_reason": lazy("Why nothing is to follow"),
    "participants": lazy("Others of ours"),
    "contact_persons": lazy("With whom there"),
    "problem": lazy("The client's task"),
    "solution": lazy("Solution"),
    "proposed_at": lazy("Proposed"),
    "closed_at": lazy("Closed"),
    "outcome": lazy("How it ended"),
    "text": lazy("Comment"),
    "mentioned": lazy("Mentioned"),
    "withdrawn_at": lazy("Withdrawn"),
    "from_id": lazy("From whom"),
    "to_id": lazy("To whom"),
    "answer": lazy("Answer"),
    "side": lazy("Who owes"),
    "due_at": lazy("Until when"),
    "answered_at": lazy("Answered"),
    "no_answer_reason": lazy("Why no answer is needed"),
    "words": lazy("The client's wish"),
    "why_not_now": lazy("Why not now"),
    "season": lazy("Month it is for"),
    "lead_days": lazy("Days ahead"),
    "come_back_on": lazy("When to come back"),
    "rule": lazy("How often"),
    "starts_on": lazy("From"),
    "until_on": lazy("To"),
    "stopped_at": lazy("Stopped"),
    "question": lazy("Question"),
    "act_on": lazy("Speaks with the client by"),
    "waiver": lazy("Why it may be silent"),
    "held_until": lazy("Held until"),
}
IN_A_DOCUMENT: dict[str, LazyString] = {  # told where nothing may be left out
    "recorded_by_id": lazy("Written down by"),
    "follows_id": lazy("Follows record"),
    "answer_id": lazy("Answered by record"),
    "moved_from_id": lazy("Instead of promise"),
    "contact_person_id": lazy("With whom there"),
    "whole_day": lazy("A whole day"),
    "client_id": lazy("Client"),
    "typed": lazy("Telephone or e-mail"),
    "interaction_id": lazy("About record"),
    "rule_id": lazy("Rule"),
    "rule_version": lazy("Version of the rule"),
    "size": lazy("Size"),
    "sha256": lazy("SHA-256"),
    "media_type": lazy("Type"),
}
OF_SUBJECT: dict[tuple[str, str], LazyString] = {
    ("contact_person", "name"): lazy("Full name"),
    ("telephone", "typed"): lazy("Telephone"),
    ("email_address", "typed"): lazy("E-mail"),
    ("promise", "person_id"): lazy("Who answers for it"),
    ("promise", "text"): lazy("Promise"),
    ("recurring_plan", "person_id"): lazy("Whose it is"),
    ("silence_talk", "person_id"): lazy("Who is asked"),
    ("silence_talk", "closed_at"): lazy("Settled"),
    ("first_touch_decision", "person_id"): lazy("Whose client it was first"),
}
WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("client", "kind"): ClientKind,
    ("interaction", "state"): InteractionState,
    ("interaction", "direction"): Direction,
    ("client_task", "state"): TaskState,
    ("handover_offer", "state"): OfferState,
    ("promise", "side"): PromiseSide,
    ("promise", "state"): PromiseState,
    ("wish", "state"): WishState,
}
MOMENTS = frozenset(
    {
        "happened_at",
        "planned_for",
        "archived_at",
        "proposed_at",
        "closed_at",
        "withdrawn_at",
        "due_at",
        "answered_at",
        "held_until",
    }
)


def field_name(subject: str, field: str) -> LazyString | None:
    """What a field is called; None for one that says nothing to people."""
    return OF_SUBJECT.get((subject, field)) or FIELDS.get(field)


def field_word(field: str) -> str:
    """Its name; a field that has none yet by its own word, which is better than nothing."""
    return str(FIELDS.get(field) or IN_A_DOCUMENT.get(field, field))
