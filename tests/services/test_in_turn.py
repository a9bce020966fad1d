"""Somebody begins while another is in the middle: nothing false is told, and nobody waits for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.formats import layouts
from crmadmin.formats.tables import Row
from crmadmin.services import assignment, bulk, doctor, imports, journal, journal_check, offers, sign_in
from crmadmin.services.meanwhile import hold
from models import BulkAct, Client, Interaction, InteractionKind, JournalEntry, Region, User
from models.kinds import BulkKind, Direction, InteractionState, Role
from tests.factories import a_client, a_client_group, a_user, an_interaction_kind
from tests.in_turn import in_turn
from tests.services.importing import INN, OTHER_INN

HEADERS = ["Название", "ИНН", "Город", "Регион"]


@pytest.fixture
def admin(engine):
    a_client_group(code="potential")
    return a_user(Role.admin).id


@pytest.fixture
def is_parallel(engine):
    """SQLite has one writer at a time: there the second waits for the first, whatever it does."""
    return engine.dialect.name == "postgresql"


def bring_in(by_id, rows):
    """An import of rows given as they stand under the headers; a pause may stand between two of them."""

    def lines():
        for line, row in enumerate(rows, 2):
            if callable(row):
                row()
            else:
                yield Row(line, dict(zip(HEADERS, [*row, *[""] * len(HEADERS)], strict=False)))

    by = db.get_one(User, by_id)
    with transaction(by=by):
        layout = layouts.named("own_ru").among(HEADERS)
        return imports.run(db, lines(), layout, by=by, at_once=1).run.counts


def told(engine, client_id, kind="client_changed"):
    asked = select(JournalEntry.data).where(JournalEntry.client_id == client_id, JournalEntry.kind == kind)
    with Session(engine) as session:
        return list(session.scalars(asked.order_by(JournalEntry.number)))


def is_well(engine):
    with Session(engine) as session:
        chains = list(journal_check.faults(session))
    found = [*chains, *doctor.faults(db)]
    db.remove()
    return found == []


def test_an_import_makes_a_region_and_nobody_else_waits_to_be_told(engine, admin, is_parallel):
    in_time = []

    def import_it(pause):
        return bring_in(admin, [("А", "", "", "Новый край"), lambda: in_time.append(pause()), ("Б",)])

    def mistype():
        with transaction():
            return sign_in.sign_in("nobody", "wrong wrong", "192.0.2.7")

    counts, refused = in_turn(import_it, mistype, waits=3 if is_parallel else 0.5)

    assert counts["new"] == 2
    assert isinstance(refused, sign_in.Refused)
    assert in_time == [is_parallel]
    with Session(engine) as session:
        kinds = session.scalars(
            select(JournalEntry.kind).where(JournalEntry.chain == 0).order_by(JournalEntry.number)
        ).all()
        assert session.scalar(select(Region.name_ru)) == "Новый край"
    assert [kind for kind in kinds if kind in {"region_created", "import"}] == ["region_created", "import"]
    assert is_well(engine)


def test_an_import_that_makes_a_region_and_whoever_holds_a_client_do_not_stop_each_other(engine, admin):
    client_id = a_client(name="Ромашка", inn=INN).id
    db.remove()

    def import_it(pause):
        return bring_in(admin, [("А", "", "", "Новый край"), pause, ("Ромашка", INN, "Омск")])

    def act():
        with transaction():
            hold(db.get_one(Client, client_id))
            journal.note(db, "export")
            return "done"

    counts, other = in_turn(import_it, act)

    assert (counts["new"], counts["updated"], other) == (1, 1, "done")
    assert is_well(engine)


def test_an_import_and_an_act_on_the_same_clients_in_another_order_are_both_done(engine, admin):
    rows = [a_client(name=f"Клиент {n}", inn=inn) for n, inn in enumerate((INN, OTHER_INN))]
    ids, group_id = [row.id for row in rows], a_client_group().id
    found = [Client.id.in_(ids)]
    with transaction(by=db.get_one(User, admin)):
        act = BulkAct(
            kind=BulkKind.group, target_id=group_id, parameters={"reason": "Осмотр"}, key="k", address=""
        )
        act_id = bulk.begin(act, found, by=db.get_one(User, admin)).id
    db.remove()

    def import_it(pause):
        return bring_in(admin, [("Клиент 1", OTHER_INN, "Омск"), pause, ("Клиент 0", INN, "Омск")])

    def go_on():
        by = db.get_one(User, admin)
        with transaction(by=by):
            return bulk.go_on(act_id, by=by).counts

    assert in_turn(import_it, go_on) == [{"new": 0, "updated": 2, "same": 0, "rejected": 0}, {"done": 2}]
    assert is_well(engine)


def test_an_import_tells_the_value_that_it_writes_over(engine, admin):
    client_id = a_client(name="Ромашка", inn=INN, city="А").id
    db.remove()

    def edit(pause):
        with transaction():
            row = db.get_one(Client, client_id)
            hold(row)
            row.city = "Б"
            db.flush()
            pause()

    def import_it():
        db.get_one(Client, client_id)  # it has been read before
        return bring_in(admin, [("Ромашка", INN, "В")])

    _none, counts = in_turn(edit, import_it)

    assert counts["updated"] == 1
    assert [data["city"] for data in told(engine, client_id)] == [["А", "Б"], ["Б", "В"]]


@pytest.mark.parametrize("recorded_first", [True, False])
@pytest.mark.parametrize("contact", [True, False])
def test_a_kind_becomes_a_contact_or_none_while_somebody_records(engine, admin, recorded_first, contact):
    kind_id, other_id = an_interaction_kind(contact=contact).id, an_interaction_kind().id
    client_id = a_client().id
    db.remove()

    def record(kind_id, hours):
        at = clock.now() - timedelta(hours=hours)
        own = {"client_id": client_id, "kind_id": kind_id, "person_id": admin, "recorded_by_id": admin}
        said = {"state": InteractionState.held, "direction": Direction.outgoing}
        db.add(Interaction(**own, **said, happened_at=at, recorded_at=at))
        db.flush()

    def recording(pause=lambda: None):
        with transaction():
            record(other_id, 5)
            pause()

    def turning(pause=lambda: None):
        with transaction():
            db.get_one(InteractionKind, kind_id).contact = not contact
            db.flush()
            pause()

    with transaction():
        record(kind_id, 1)
    acts = (recording, turning) if recorded_first else (turning, recording)
    assert in_turn(*acts) == [None, None]

    assert is_well(engine)
    with Session(engine) as session:
        last = session.get_one(Client, client_id).last_contact_kind_id
    assert last == (other_id if contact else kind_id)


def test_a_kind_is_turned_by_its_form_while_somebody_records_such_a_call(engine, admin):
    kind_id, client_id = an_interaction_kind().id, a_client().id
    db.remove()

    def turning(pause):
        with transaction():
            kind = db.get_one(InteractionKind, kind_id)
            hold(kind)
            pause()
            kind.contact = False

    def recording():
        with transaction():
            own = {"client_id": client_id, "kind_id": kind_id, "person_id": admin, "recorded_by_id": admin}
            said = {"state": InteractionState.held, "direction": Direction.outgoing}
            db.add(Interaction(**own, **said, happened_at=clock.now(), recorded_at=clock.now()))

    assert in_turn(turning, recording) == [None, None]
    assert is_well(engine)


def test_an_offer_accepted_while_the_client_goes_to_another_takes_nothing_back(engine, admin):
    """Whichever is first: what the second decides on is what the first has left."""
    head, anna, boris, vera = a_user(Role.head), a_user(), a_user(), a_user()
    client = a_client(curator=anna)
    with transaction(by=anna):
        offer_id = offers.offer(client, boris, reason="x", by=anna).id
    ids = {"head": head.id, "vera": vera.id, "client": client.id}
    db.remove()

    def hand_over(pause):
        by = db.get_one(User, ids["head"])
        with transaction(by=by):
            row = db.get_one(Client, ids["client"])
            assignment.assign(row, db.get_one(User, ids["vera"]), reason="y", by=by)
            db.flush()
            pause()

    def accept():
        by = db.get_one(User, ids["head"])
        with transaction(by=by):
            offers.decide(offers.known(offer_id), accept=True, answer="да", by=by)

    done, refused = in_turn(hand_over, accept)

    assert done is None
    assert isinstance(refused, DomainError)
    assert "another curator by now" in str(refused)
    with Session(engine) as session:
        assert session.get_one(Client, ids["client"]).curator_id == ids["vera"]
    assert is_well(engine)
