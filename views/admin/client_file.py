"""The clients as a file: what each column says. What is taken out here comes back by an import unchanged."""

from collections.abc import Sequence

from sqlalchemy.orm import aliased

from crmadmin.core.db import Rows
from crmadmin.formats.client_columns import CLIENT_COLUMNS, title_of
from crmadmin.queries import clients as which
from models import Channel, Client, ClientGroup, Industry, Region, User
from views.admin.exports import ExportColumn

_GROUP, _CURATOR, _INDUSTRY, _REGION = aliased(ClientGroup), aliased(User), aliased(Industry), aliased(Region)
_CHANNEL, _RECOMMENDING = aliased(Channel), aliased(Client)


def columns() -> Sequence[ExportColumn]:
    special = {
        "group": _GROUP.name,
        "curator": _CURATOR.name,
        "industry": _INDUSTRY.name,
        "region": _REGION.name,
        "channel": _CHANNEL.name,
        "recommended_by": _RECOMMENDING.name,
        "telephones": which.telephones_of(Client),
        "emails": which.emails_of(Client),
    }
    return [
        ExportColumn(title_of(column.key), special.get(column.key, getattr(Client, column.key)))
        for column in CLIENT_COLUMNS
    ]


def joined(asked: Rows) -> Rows:
    """The question with what its columns name beside the client."""
    return (
        asked.outerjoin(_GROUP, _GROUP.id == Client.group_id)
        .outerjoin(_CURATOR, _CURATOR.id == Client.curator_id)
        .outerjoin(_INDUSTRY, _INDUSTRY.id == Client.industry_id)
        .outerjoin(_REGION, _REGION.id == Client.region_id)
        .outerjoin(_CHANNEL, _CHANNEL.id == Client.channel_id)
        .outerjoin(_RECOMMENDING, _RECOMMENDING.id == Client.recommended_by_id)
    )
