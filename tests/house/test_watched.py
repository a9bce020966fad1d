"""A table that the journal does not watch leaves no trace: each of those is named here, with the reason."""

import models
from crmadmin.services.journal_subjects import WATCHED

UNWATCHED = {
    "BulkRow": "the act is told; what it did to each client is told by the client",
    "CuratorPeriod": "told by services.assignment, which opens and closes them",
    "FormOnce": "says which record a form made; the record is told",
    "ImportRow": "the import is told; what it changed is told by the clients it changed",
    "JournalEntry": "the journal itself",
    "JournalHead": "the journal itself",
    "ListLayout": "how one's own list looks, which nobody else sees",
    "SignInSession": "who is signed in where; a refused sign-in is told",
    "OneTimeLink": "a secret; what it is used for is told",
}


def test_every_entity_is_watched_or_named_with_a_reason():
    entities = {name for name in models.__all__ if name != "Base"}

    assert entities - {model.__name__ for model in WATCHED} == UNWATCHED.keys()
