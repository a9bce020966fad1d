"""What the undoing of an act puts back: nothing that somebody has decided since, nothing that may not be."""

import pytest

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.services import bulk_undo
from models import Tag
from models.kinds import BulkKind, BulkVerdict, Role
from tests.factories import a_channel, a_client, a_client_group, a_tag, a_user
from tests.services.bulking import act_of, acts, done, of, undone


def changed(row, **given):
    """Something has been changed about it since."""
    with transaction(by=a_user(Role.head, name="Вера Позже")):
        for name, value in given.items():
            setattr(row, name, value)


def now(session, row):
    session.refresh(row)
    return row


def test_what_was_ticked_for_one_undoing_is_not_ticked_for_the_next(session):
    head, before, chosen = a_user(Role.head), a_user(), a_user()
    row = a_client(curator=before)
    act = done(act_of(BulkKind.curator, a_user(), reason="x"), of([row]), head)
    changed(now(session, row), curator_id=chosen.id)
    changed(before, active=False)
    undone(act, head, picked=[row.id])
    changed(before, active=True)
    assert act.counts == {"stays": 1}

    with pytest.raises(DomainError):
        undone(act, head)

    assert now(session, row).curator_id == chosen.id
    assert [each.by_name for each in bulk_undo.touched(act, by=head)] == ["Вера Позже"]


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.colleague}])
def test_nobody_gets_a_client_back_who_looks_after_none_any_more(session, change):
    head, before, after = a_user(Role.head), a_user(), a_user()
    row = a_client(curator=before)
    act = done(act_of(BulkKind.curator, after, reason="x"), of([row]), head)
    changed(before, **change)

    undone(act, head)

    assert act.counts == {"stays": 1}
    assert now(session, row).curator_id == after.id


def test_a_client_that_had_no_curator_has_none_again(session):
    head, row = a_user(Role.head), a_client()
    act = done(act_of(BulkKind.curator, a_user(), reason="x"), of([row]), head)

    undone(act, head)

    assert now(session, row).curator_id is None


def test_nothing_goes_back_into_a_group_or_a_channel_that_is_switched_off_nor_under_such_a_tag(session):
    head, group, channel, tag = a_user(Role.head), a_client_group(), a_channel(), a_tag()
    row = a_client(group=group, channel=channel, tags=[tag])
    acts = [
        done(act_of(BulkKind.group, a_client_group(), reason="x"), of([row]), head),
        done(act_of(BulkKind.channel, a_channel()), of([row]), head),
        done(act_of(BulkKind.untag, tag), of([row]), head),
    ]
    for each in (group, channel, tag):
        changed(each, active=False)

    assert [undone(act, head).counts for act in acts] == [{"stays": 1}] * 3


def test_a_tag_that_is_switched_off_since_is_still_taken_back(session):
    head, tag, row = a_user(Role.head), a_tag(), a_client()
    act = done(act_of(BulkKind.tag, tag), of([row]), head)
    changed(tag, active=False)

    assert undone(act, head).counts == {"undone": 1}
    assert now(session, row).tags == []


@pytest.mark.parametrize("kind", [BulkKind.group, BulkKind.curator, BulkKind.channel, BulkKind.tag])
def test_what_went_away_and_came_back_was_decided_by_somebody_else(session, kind):
    """He may have had a reason of his own; a client nobody has touched is put back beside it."""
    head, row, other = a_user(Role.head), a_client(), a_client()
    act = done(acts()[kind](), of([row, other]), head)
    for value in (elsewhere(kind), act.target_id):
        away = [session.get_one(Tag, value)] if kind is BulkKind.tag else value
        changed(now(session, row), **{FIELDS[kind]: away})

    assert bulk_undo.preview(act, by=head) == {BulkVerdict.touched: 1, BulkVerdict.undone: 1}
    assert [each.by_name for each in bulk_undo.touched(act, by=head)] == ["Вера Позже"]
    assert undone(act, head).counts == {"touched": 1, "undone": 1}


FIELDS = {
    BulkKind.group: "group_id",
    BulkKind.curator: "curator_id",
    BulkKind.channel: "channel_id",
    BulkKind.tag: "tags",
}


def elsewhere(kind):
    makers = {BulkKind.group: a_client_group, BulkKind.curator: a_user, BulkKind.channel: a_channel}
    return makers.get(kind, a_tag)().id


def test_what_was_archived_by_an_act_brought_back_and_archived_again_stays_archived(session):
    head, row = a_user(Role.head), a_client(archived_at=clock.now())
    act = done(act_of(BulkKind.restore), of([row]), head)
    changed(now(session, row), archived_at=clock.now())
    changed(now(session, row), archived_at=None)

    assert undone(act, head).counts == {"touched": 1}


def test_another_field_or_another_tag_is_not_what_the_act_changed(session):
    head, row = a_user(Role.head), a_client()
    tagged = done(acts()[BulkKind.tag](), of([row]), head)
    channelled = done(acts()[BulkKind.channel](), of([row]), head)
    changed(now(session, row), city="Омск", tags=[*row.tags, a_tag()])
    done(acts()[BulkKind.tag](), of([row]), head)

    assert [undone(act, head).counts for act in (tagged, channelled)] == [{"undone": 1}] * 2
    assert len(now(session, row).tags) == 2


def test_an_act_that_came_between_and_was_undone_has_touched_nothing(session):
    head, row = a_user(Role.head), a_client()
    before = row.group_id
    first = done(acts()[BulkKind.group](), of([row]), head)
    undone(done(acts()[BulkKind.group](), of([row]), head), a_user(Role.head))

    assert undone(first, head).counts == {"undone": 1}
    assert now(session, row).group_id == before
