"""What somebody began with many clients, and left, is finished in his name and by his rights."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.jobs import left_over
from crmadmin.services import bulk, bulk_undo
from models import BulkAct, Client, JournalEntry
from models.kinds import BulkKind, Role
from tests.conftest import NOON
from tests.factories import a_client, a_tag, a_user

LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def begun(session):
    """Begun, and its browser closed before the first slice."""

    def begin(owner):
        client, tag = a_client(), a_tag()
        act = BulkAct(kind=BulkKind.tag, target_id=tag.id, parameters={}, key=f"key-{client.id}")
        bulk.begin(act, [Client.id == client.id], by=owner)
        session.commit()
        return act

    return begin


def is_tagged(session, act):
    session.expire_all()
    client_id = session.scalar(select(Client.id).where(Client.tags.any(id=act.target_id)))
    return client_id is not None


def test_it_is_finished_in_its_owner_s_name(session, begun, work):
    owner = a_user(Role.head)
    act = begun(owner)
    assert left_over.finish(work()) == ""
    assert not is_tagged(session, act), "whoever has just begun goes on by himself"
    with clock.stopped_at(LATER):
        assert left_over.finish(work()) == "1"
        assert left_over.finish(work()) == ""

    assert is_tagged(session, act)
    newest = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert newest.by_id == owner.id


def test_whoever_has_left_or_lost_the_right_finishes_nothing(session, begun, work):
    gone, colleague = a_user(Role.head), a_user(Role.head)
    acts = [begun(gone), begun(colleague)]
    gone.active, colleague.role = False, Role.colleague
    session.commit()
    with clock.stopped_at(LATER):
        assert left_over.finish(work()) == ""

    assert [is_tagged(session, act) for act in acts] == [False, False]


def test_an_undoing_is_finished_by_whoever_undoes(session, begun, work):
    act = begun(a_user(Role.head))
    with clock.stopped_at(LATER):
        left_over.finish(work())
        bulk_undo.begin(session.get(BulkAct, act.id), picked=[], by=a_user(Role.head))
        session.commit()
    with clock.stopped_at(LATER + timedelta(minutes=3)):
        assert left_over.finish(work()) == "1"

    assert not is_tagged(session, act)
