"""A little of the journal is checked every night, all of it in a month."""

from datetime import timedelta

from sqlalchemy import select, text

from crmadmin.core import clock
from crmadmin.jobs import chain_watch
from models import JournalHead, Notice
from models.kinds import NoticeKind, Role
from tests.conftest import NOON
from tests.factories import a_client, a_comment, a_user
from views import notice_words

DAY = timedelta(days=1)


def damage(session, client):
    session.execute(text("UPDATE journal_head SET hash = 'x' WHERE chain = :chain"), {"chain": client.id})
    session.commit()


def test_a_fault_is_told_once_to_whoever_can_do_something_about_it(session, work):
    admin, head, _manager = a_user(Role.admin), a_user(Role.head), a_user()
    client = a_client(name="Мост")
    damage(session, client)
    for _n in range(2):
        chain_watch.check(work())

    told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.chain_broken)).all()
    assert {row.person_id for row in told} == {admin.id, head.id}
    assert len(told) == 2
    assert told[0].client_id == client.id


def test_a_row_that_says_something_else_than_its_journal_is_told(session, work):
    admin, client = a_user(Role.admin), a_client(name="Мост")
    comment = a_comment(client=client, text="Не платят")
    session.execute(text("UPDATE comment SET text = 'Платят'"))
    session.commit()

    chain_watch.check(work())

    (told,) = session.scalars(select(Notice).where(Notice.kind == NoticeKind.chain_broken))
    assert told.person_id == admin.id
    assert notice_words.of(told) == f"Мост: a row says something else than the journal: comment {comment.id}."


def test_a_whole_journal_is_no_news(session, work):
    a_client()

    assert int(chain_watch.check(work())) >= 1
    assert session.scalars(select(Notice)).all() == []


def test_a_chain_that_rests_is_read_once_in_thirty_days(session, work):
    clients = [a_client() for _n in range(3)]
    chains = set(session.scalars(select(JournalHead.chain)))
    read = list[int]()
    for days in range(40, 40 + chain_watch.PARTS):
        with clock.stopped_at(NOON + days * DAY):
            read += session.scalars(chain_watch._chains(work()))

    assert sorted(read) == sorted(chains)
    assert {client.id for client in clients} <= chains
