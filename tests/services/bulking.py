"""What tests of acts on many clients share: each act, done and undone to its end."""

from datetime import timedelta

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.services import bulk, bulk_undo
from models import BulkAct, Client, JournalEntry
from models.kinds import BulkKind
from tests.factories import (
    a_channel,
    a_client_group,
    a_tag,
    a_user,
    an_interaction_kind,
)

NOTHING_WRONG: list[str] = []


def act_of(kind, target=None, **chosen):
    key = f"{kind}-{target}-{chosen}"[:64]
    return BulkAct(kind=kind, target_id=target and target.id, parameters=chosen, key=key, address="/clients/")


def of(rows):
    return [Client.id.in_([row.id for row in rows])]


def done(act, found, by):
    with transaction(by=by):
        begun = bulk.begin(act, found, by=by)
    return finished(begun, by)


def finished(act, by):
    while bulk.is_running(act):
        with transaction(by=by):
            bulk.go_on(act.id, by=by)
    return act


def undone(act, by, picked=()):
    with transaction(by=by):
        bulk_undo.begin(act, picked=picked, by=by)
    return finished(act, by)


def told(session, client, since=0):
    asked = select(JournalEntry).where(JournalEntry.client_id == client.id, JournalEntry.number > since)
    return session.scalars(asked.order_by(JournalEntry.number)).all()


def last_number(session, client):
    return told(session, client)[-1].number


def everything(client):
    return {
        "group": client.group_id,
        "curator": client.curator_id,
        "channel": client.channel_id,
        "archived": client.archived_at,
        "tags": sorted(tag.id for tag in client.tags),
        "next": client.next_contact_at,
    }


def acts():
    """Each act that there is, on the same ground."""
    return {
        BulkKind.group: lambda: act_of(BulkKind.group, a_client_group(), reason="Осмотр"),
        BulkKind.curator: lambda: act_of(BulkKind.curator, a_user(), reason="Передача"),
        BulkKind.tag: lambda: act_of(BulkKind.tag, a_tag()),
        BulkKind.channel: lambda: act_of(BulkKind.channel, a_channel()),
        BulkKind.plan: lambda: act_of(
            BulkKind.plan, an_interaction_kind(), at=(clock.now() + timedelta(days=1)).isoformat()
        ),
        BulkKind.archive: lambda: act_of(BulkKind.archive),
    }
