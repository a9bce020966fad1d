"""The list of clients: by what it is narrowed and sorted, and which more columns it may show."""

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core import clock
from crmadmin.core.i18n import lazy
from crmadmin.queries import choices
from crmadmin.queries import clients as which
from crmadmin.queries.absences import in_ones_hands
from crmadmin.queries.contacts import is_silent, silence, silent_longer_than, silent_since
from models import Channel, Client, ClientGroup, Industry, InteractionKind, Region, Tag, User
from models.kinds import ClientKind
from views.admin import filters as by
from views.admin.days import COMING, by_days
from views.admin.sorting import Sort, by_name, by_place, by_text, by_value, now, of_short
from views.base import me

_NOBODY = (lazy("nobody"), lazy("anybody"))

MORE = ("silent_days", "last_contact_by", "last_contact_kind", "kind", "legal_name", "inn", "kpp", "ogrn",
        "city", "address", "site", "telephones", "emails", "tags", "channel", "recommended_by",
        "rhythm_days", "created_at", "remember")  # fmt: skip

LOADS: dict[str, Any] = {
    "name": selectinload(Client.telephones),  # a telephone's card of the list says them under the name
    "last_contact_by": joinedload(Client.last_contact_by),
    "last_contact_kind": joinedload(Client.last_contact_kind),
    "telephones": selectinload(Client.telephones),
    "emails": selectinload(Client.emails),
    "channel": joinedload(Client.channel),
    "recommended_by": joinedload(Client.recommended_by),
    "tags": selectinload(Client.tags),
}

_TEXTS = ("legal_name", "inn", "kpp", "ogrn", "address", "site", "remember")

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
    "silence": Sort((silence(now()),)),
    "last_contact_by": of_short(by_name(Client.last_contact_by_id, User)),
    "last_contact_kind": of_short(by_place(Client.last_contact_kind_id, InteractionKind)),
    "kind": by_value(Client.kind, nullable=False),
    **{name: by_text(getattr(Client, name)) for name in _TEXTS},
    "telephones": by_value(which.telephones_of(Client)),
    "emails": by_value(which.emails_of(Client)),
    "tags": by_value(which.tags_of()),
    "recommended_by": of_short(by_name(Client.recommended_by_id, Client, "name_fold")),
    "rhythm_days": by_value(Client.rhythm_days),
}

_SILENCE = {
    "silent": (lazy("Silent"), lambda: is_silent(clock.now())),
    "alarming": (lazy("Silent for long"), lambda: which.is_alarming(clock.now())),
}
_ARCHIVED = {"0": (lazy("no"), lambda: ~which.is_archived), "1": (lazy("yes"), lambda: which.is_archived)}
_SUBSTITUTING = {
    "1": (lazy("whose curator is away, and for whom I act"), lambda: in_ones_hands(me(), clock.now())),
}
_NEXT = {
    "overdue": (lazy("Overdue"), which.next_contact_overdue),
    "week": (lazy("Within a week"), lambda: which.next_contact_within(7)),
}

FILTERS = (
    by.by_row("group", lazy("Group"), Client.group_id, choices.in_use(ClientGroup), is_main=True),
    by.by_row(
        "curator",
        lazy("Curator"),
        Client.curator_id,
        choices.everybody,
        is_long=True,
        is_main=True,
        empty_words=_NOBODY,
    ),
    by.by_tree("region", lazy("Region"), Client.region_id, is_main=True),
    by.by_row(
        "industry", lazy("Industry"), Client.industry_id, choices.in_use(Industry), is_long=True, is_main=True
    ),
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
    by.by_word("kind", lazy("Company or person"), Client.kind, ClientKind),
    by_days("created", lazy("Added"), Client.created_at),
    by.since("created_from", lazy("Added from"), Client.created_at),
    by.until("created_to", lazy("Added up to"), Client.created_at),
    by.yes_no("with_inn", lazy("Has an INN"), Client.inn != ""),
    by.one_of(
        "archived", lazy("Is put away"), _ARCHIVED, usual=("0",), unsaid=lazy("no; a search finds all")
    ),
    by.one_of("substituting", lazy("Substituting"), _SUBSTITUTING),
    by.yes_no("curated", lazy("Has a curator"), Client.curator_id.is_not(None)),
)
