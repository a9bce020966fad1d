"""The clients as a file: what each column says. What is taken out here comes back by an import unchanged."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Subquery
from sqlalchemy.orm import aliased

from crmadmin.core import clock
from crmadmin.core.db import Rows
from crmadmin.formats.client_columns import CLIENT_COLUMNS, TOLD_COLUMNS, title_of
from crmadmin.queries.contacts import silence, silent_days
from crmadmin.queries.lines import of_all_clients, tags_of_all_clients
from models import (
    Channel,
    Client,
    ClientGroup,
    EmailAddress,
    Industry,
    InteractionKind,
    Region,
    Telephone,
    User,
)
from models.base import named
from views.admin.exports import ExportColumn

_GROUP, _CURATOR, _INDUSTRY, _REGION = aliased(ClientGroup), aliased(User), aliased(Industry), aliased(Region)
_CHANNEL, _RECOMMENDING, _LAST_BY, _LAST_KIND = (
    aliased(Channel),
    aliased(Client),
    aliased(User),
    aliased(InteractionKind),
)
_TELEPHONES, _EMAILS = of_all_clients(Telephone), of_all_clients(EmailAddress)

IN_A_FILE = {"silence": ("silent_days",), "region": ("city", "region")}
"""The list draws a bar with days beside it, and the city above its region."""


def columns() -> Sequence[ExportColumn]:
    """All that an import understands, and after it what the program knows by itself."""
    known = values()
    told = (*CLIENT_COLUMNS, *TOLD_COLUMNS)
    return [ExportColumn(title_of(column.key), known[column.key]) for column in told]


def values() -> dict[str, Any]:
    """What each column of the list, or of the file, says of a client."""
    plain = ("name", "kind", "legal_name", "inn", "kpp", "ogrn", "city", "address", "site", "remember",
             "rhythm_days", "last_contact_at", "next_contact_at", "created_at", "archived_at")  # fmt: skip
    return {name: getattr(Client, name) for name in plain} | {
        "group": named(_GROUP),
        "curator": _CURATOR.name,
        "industry": named(_INDUSTRY),
        "region": named(_REGION),
        "channel": named(_CHANNEL),
        "recommended_by": _RECOMMENDING.name,
        "telephones": _TELEPHONES.c.text,
        "emails": _EMAILS.c.text,
        "tags": tags_of_all_clients().c.text,
        "silence": silence(clock.now()),
        "silent_days": silent_days(clock.now()),
        "last_contact_by": _LAST_BY.name,
        "last_contact_kind": named(_LAST_KIND),
    }


def joined(asked: Rows) -> Rows:
    """The question with what its columns name beside the client."""
    tables = dict.fromkeys(getattr(column, "table", None) for column in asked.selected_columns)
    for lines in tables:  # those that are dear, and there only where they are told
        if isinstance(lines, Subquery):
            asked = asked.outerjoin(lines, lines.c.key == Client.id)
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
