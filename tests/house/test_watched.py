"""A table that the journal does not watch leaves no trace: each of those is named here, with the reason."""

import models
from crmadmin.services.journal_subjects import WATCHED

UNWATCHED = {
    "CalendarLink": "a secret; what is read by it is seen by whoever may",
    "GroupStanding": "why a client is in its group; the move is told by the client, with the rule",
    "KpiMark": "what was counted from other rows, which are told",
    "RecordCost": "what recording costs people, and not a word of what they write",
    "JobRun": "when a job of the program was last done",
    "Letter": "what somebody is told; what it is about is told by itself",
    "NoticeChoice": "how one wants to be told; nobody else is concerned",
    "NoticeTimes": "when one wants to be told; nobody else is concerned",
    "BulkAct": "told by services.bulk with its first slice; the rest by the clients",
    "BulkRow": "the act is told; what it did to each client is told by the client",
    "CuratorPeriod": "told by services.assignment, which opens and closes them",
    "FormOnce": "says which record a form made; the record is told",
    "ImportRow": "the import is told; what it changed is told by the clients it changed",
    "Attachment": "told by services.files, with its SHA-256",
    "Notice": "what somebody is told; what it is about is told by itself",
    "SeenAfterAbsence": "who has read what; nobody else is concerned",
    "JournalAnchor": "the journal itself",
    "JournalAnchorEnd": "the journal itself",
    "JournalEntry": "the journal itself",
    "JournalHead": "the journal itself",
    "ListLayout": "how one's own list looks, which nobody else sees",
    "SignInSession": "who is signed in where; a refused sign-in is told",
    "OneTimeLink": "a secret; what it is used for is told",
}


def test_every_entity_is_watched_or_named_with_a_reason():
    entities = {name for name in models.__all__ if name != "Base"}

    assert entities - {model.__name__ for model in WATCHED} == UNWATCHED.keys()
