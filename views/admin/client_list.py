"""The list of clients: by what it is narrowed and sorted, and which more columns it may show."""

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core import clock
from crmadmin.core.i18n import lazy
from crmadmin.queries import choices
from crmadmin.queries import clients as which
from crmadmin.queries.contacts import is_silent, silent_longer_than, silent_since
from models import Channel, Client, ClientGroup, Industry, InteractionKind, Region, Tag, User
from models.kinds import ClientKind
from views.admin import filters as by
from views.admin.days import COMING, by_days
from views.admin.sorting import Sort, by_name, by_place

_NOBODY = (lazy("nobody"), lazy("anybody"))

MORE = ("silent_days", "last_contact_by", "last_contact_kind", "kind", "legal_name", "inn", "kpp", "ogrn",
        "city", "address", "site", "telephones", "emails", "tags", "channel", "recommended_by",
        "rhythm_days", "created_at", "remember")  # fmt: skip

LOADS: dict[str, Any] = {
    "last_contact_by": joinedload(Client.last_contact_by),
    "last_contact_kind": joinedload(Client.last_contact_kind),
    "telephones": selectinload(Client.telephones),
    "emails": selectinload(Client.emails),
    "channel": joinedload(Client.channel),
    "recommended_by": joinedload(Client.recommended_by),
    "tags": selectinload(Client.tags),
}

SORTS: dict[str, Any] = {
    "name": Client.name_fold,
    "group": by_place(Client.group_id, ClientGroup),
    "industry": by_place(Client.industry_id, Industry),
    "region": by_place(Client.region_id, Region),
    "curator": by_name(Client.curator_id, User),
    "channel": by_place(Client.channel_id, Channel),
    "city": Client.city,
    "silent_days": Sort((silent_since(),), nullable=False),
    "last_contact_at": Client.last_contact_at,
    "next_contact_at": Client.next_contact_at,
    "created_at": Client.created_at,
}

_SILENCE = {
    "silent": (lazy("Silent"), lambda: is_silent(clock.now())),
    "alarming": (lazy("Silent for long"), lambda: which.is_alarming(clock.now())),
}
_ARCHIVED = {"0": (lazy("no"), lambda: ~which.is_archived), "1": (lazy("yes"), lambda: which.is_archived)}
_NEXT = {
    "overdue": (lazy("Overdue"), which.next_contact_overdue),
    "week": (lazy("Within a week"), lambda: which.next_contact_within(7)),
}

FILTERS = (
    by.by_row("group", lazy("Group"), Client.group_id, choices.in_use(ClientGroup), is_main=True),
    by.by_row(
        "curator", lazy("Curator"), Client.curator_id, choices.everybody, is_main=True, empty_words=_NOBODY
    ),
    by.by_tree("region", lazy("Region"), Client.region_id, is_main=True),
    by.by_row("industry", lazy("Industry"), Client.industry_id, choices.in_use(Industry), is_main=True),
    by.one_of("silence", lazy("Silence"), _SILENCE, is_main=True),
    by_days(
        "next_contact",
        lazy("Next contact"),
        Client.next_contact_at,
        COMING,
        also=_NEXT,
        is_main=True,
        empty_words=(lazy("None planned"), lazy("Any planned")),
    ),
    by.number(
        "silent_days",
        lazy("Silent for more than, days"),
        lambda days: silent_longer_than(days, clock.now()),
        most=3_650,
    ),
    by_days(
        "last_contact",
        lazy("Last contact"),
        Client.last_contact_at,
        empty_words=(lazy("None so far"), lazy("Any so far")),
    ),
    by.by_row("last_contact_by", lazy("Last contact by"), Client.last_contact_by_id, choices.everybody),
    by.by_row(
        "last_contact_kind",
        lazy("Kind of the last contact"),
        Client.last_contact_kind_id,
        choices.in_use(InteractionKind),
    ),
    by.Filter(
        "tag",
        lazy("Tag"),
        which.has_tag,
        by.row_id,
        "choice",
        by.offered(choices.every(Tag)),
        empty=which.is_untagged(),
        empty_words=(lazy("none"), lazy("any")),
    ),
    by.by_row("channel", lazy("Channel"), Client.channel_id, choices.in_use(Channel)),
    by.by_word("kind", lazy("Kind"), Client.kind, ClientKind),
    by_days("created", lazy("Added"), Client.created_at),
    by.since("created_from", lazy("Added from"), Client.created_at),
    by.until("created_to", lazy("Added up to"), Client.created_at),
    by.yes_no("with_inn", lazy("Has an INN"), Client.inn != ""),
    by.one_of("archived", lazy("Archived"), _ARCHIVED, usual=("0",), unsaid=lazy("no; a search finds all")),
    by.yes_no("curated", lazy("Has a curator"), Client.curator_id.is_not(None)),
)
