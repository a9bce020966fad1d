"""The clients as a file: what each column says. What is taken out here comes back by an import unchanged."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import aliased

from crmadmin.core import clock
from crmadmin.core.db import Rows
from crmadmin.formats.client_columns import CLIENT_COLUMNS, title_of
from crmadmin.queries import clients as which
from crmadmin.queries.contacts import silence, silent_days
from models import Channel, Client, ClientGroup, Industry, InteractionKind, Region, User
from views.admin.exports import ExportColumn

_GROUP, _CURATOR, _INDUSTRY, _REGION = aliased(ClientGroup), aliased(User), aliased(Industry), aliased(Region)
_CHANNEL, _RECOMMENDING, _LAST_BY, _LAST_KIND = (
    aliased(Channel),
    aliased(Client),
    aliased(User),
    aliased(InteractionKind),
)


def columns() -> Sequence[ExportColumn]:
    """All that an import understands."""
    known = values()
    return [ExportColumn(title_of(column.key), known[column.key]) for column in CLIENT_COLUMNS]


def values() -> dict[str, Any]:
    """What each column of the list, or of the file, says of a client."""
    plain = ("name", "kind", "legal_name", "inn", "kpp", "ogrn", "city", "address", "site", "remember",
             "rhythm_days", "last_contact_at", "next_contact_at", "created_at")  # fmt: skip
    return {name: getattr(Client, name) for name in plain} | {
        "group": _GROUP.name,
        "curator": _CURATOR.name,
        "industry": _INDUSTRY.name,
        "region": _REGION.name,
        "channel": _CHANNEL.name,
        "recommended_by": _RECOMMENDING.name,
        "telephones": which.telephones_of(Client),
        "emails": which.emails_of(Client),
        "tags": which.tags_of(),
        "silence": silence(clock.now()),
        "silent_days": silent_days(clock.now()),
        "last_contact_by": _LAST_BY.name,
        "last_contact_kind": _LAST_KIND.name,
    }


def joined(asked: Rows) -> Rows:
    """The question with what its columns name beside the client."""
    return (
        asked.outerjoin(_GROUP, _GROUP.id == Client.group_id)
        .outerjoin(_CURATOR, _CURATOR.id == Client.curator_id)
        .outerjoin(_INDUSTRY, _INDUSTRY.id == Client.industry_id)
        .outerjoin(_REGION, _REGION.id == Client.region_id)
        .outerjoin(_CHANNEL, _CHANNEL.id == Client.channel_id)
        .outerjoin(_RECOMMENDING, _RECOMMENDING.id == Client.recommended_by_id)
        .outerjoin(_LAST_BY, _LAST_BY.id == Client.last_contact_by_id)
        .outerjoin(_LAST_KIND, _LAST_KIND.id == Client.last_contact_kind_id)
    )
