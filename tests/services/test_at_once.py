"""Two people, or two programs, at the same rows at the same moment: nobody is refused, nothing is lost."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmadmin.core import clock, db
from crmadmin.services import journal_check, maintained, people, sign_in
from models import Client, CuratorPeriod, Interaction, JournalEntry, SignInAttempt
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_client_group, a_user, an_interaction_kind

TIMES = 15


def faults(engine):
    with Session(engine) as session:
        return list(journal_check.faults(session))


def together(*acts):
    """Run each in a thread of its own, all at once; whatever one raises fails the test."""
    wrong: list[BaseException] = []

    def guarded(act):
        try:
            db.going_to_write(True)
            act()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=100)
    assert wrong == []


def test_a_card_is_edited_while_others_record(engine):
    client, kind, people = a_client(), an_interaction_kind(), [a_user(), a_user()]
    ids = client.id, kind.id, [person.id for person in people]
    db.db.remove()

    def edit():
        for n in range(TIMES):
            with Session(engine) as session, session.begin():
                session.get(Client, ids[0]).city = f"Пермь {n}"

    def record(person_id):
        def act():
            for n in range(TIMES):
                with Session(engine) as session, session.begin():
                    at = clock.now() - timedelta(minutes=n)
                    own = {"client_id": ids[0], "kind_id": ids[1], "person_id": person_id}
                    moments = {"happened_at": at, "recorded_at": at, "state": InteractionState.held}
                    session.add(Interaction(**own, **moments, recorded_by_id=person_id))

        return act

    together(edit, *(record(person_id) for person_id in ids[2]))

    with Session(engine) as session:
        client = session.get(Client, ids[0])
        told = [getattr(client, column) for column in maintained.COLUMNS]
        assert tuple(told) == maintained.truth(session, [client.id])[client.id]
        counted = select(func.count()).select_from(JournalEntry).where(JournalEntry.chain == client.id)
        assert session.scalar(counted) == 1 + TIMES * 3
    assert faults(engine) == []


def test_two_heads_give_one_client_away_at_once(engine):
    client, curators = a_client(), [a_user(), a_user()]
    client_id, curator_ids = client.id, [person.id for person in curators]
    db.db.remove()

    def give(curator_id):
        def act():
            for _ in range(TIMES):
                with Session(engine) as session, session.begin():
                    row = session.get(Client, client_id, with_for_update=True)
                    row.curator_id = curator_id

        return act

    together(*map(give, curator_ids))

    with Session(engine) as session:
        periods = session.scalars(select(CuratorPeriod).order_by(CuratorPeriod.id)).all()
    assert sum(period.ended_at is None for period in periods) == 1
    for one, other in pairwise(periods):
        assert one.ended_at == other.started_at
    assert faults(engine) == []


def test_two_begin_a_chain_at_once(engine):
    group_ids = [a_client_group().id for _ in range(4)]
    db.db.remove()

    def make(group_id):
        def act():
            for n in range(TIMES):
                with Session(engine) as session, session.begin():
                    name = f"Клиент {group_id} {n}"
                    session.add(Client(name=name, group_id=group_id, created_at=clock.now()))

        return act

    together(*map(make, group_ids))

    assert faults(engine) == []


GUESSES = 24


@pytest.mark.parametrize(
    ("login", "address", "free"),
    [
        ("anna", "192.0.2.7", sign_in.TOGETHER.free),
        ("nobody", "192.0.2.7", sign_in.TOGETHER.free),
        ("user{n}", "192.0.2.7", sign_in.ADDRESS.free),
    ],
)
def test_guessing_by_many_hands_at_once_is_no_faster(engine, login, address, free):
    """Each guess is counted before the next one is looked at, however many come together."""
    with db.transaction():
        people.create("anna", name="Анна", role=Role.manager, password="синий-трамвай-7", by=None)
    db.db.remove()
    answers = []

    def guess(n):
        def act():
            with db.transaction():
                answers.append(sign_in.sign_in(login.format(n=n), "wrong wrong", address))
            db.db.remove()

        return act

    together(*map(guess, range(GUESSES)))

    tried = sum(isinstance(answer, sign_in.Refused) for answer in answers)
    assert (tried, len(answers)) == (free, GUESSES)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == free
    assert faults(engine) == []
