"""``a_client(name="Ромашка")``: the shortest true sentence that makes a row."""

from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from crmadmin.core import clock
from crmadmin.core.db import db
from models import (
    BulkAct,
    BulkRow,
    Channel,
    Client,
    ClientGroup,
    ContactPerson,
    CuratorPeriod,
    EmailAddress,
    FormOnce,
    ImportRow,
    ImportRun,
    Industry,
    Interaction,
    InteractionKind,
    JournalEntry,
    JournalHead,
    ListLayout,
    OneTimeLink,
    Region,
    Result,
    SavedFilter,
    SignInAttempt,
    SignInSession,
    Tag,
    Telephone,
    User,
)
from models.kinds import BulkKind, BulkVerdict, Direction, InteractionState, Role, RowVerdict

_n = count(1)
Row = TypeVar("Row")


def _kept(row: Row) -> Row:
    db.add(row)
    db.commit()  # to the test's savepoint: a request starts from what is kept
    return row


def _named(model: type[Row], word: str, given: dict[str, Any]) -> Row:
    n = next(_n)
    return _kept(model(**{"code": f"{word}-{n}", "name_ru": f"{word} {n}", "name_en": f"{word} {n}"} | given))


def a_client_group(**given: Any) -> ClientGroup:
    return _named(ClientGroup, "group", {"rhythm_days": 30} | given)


def an_industry(**given: Any) -> Industry:
    return _named(Industry, "industry", given)


def a_region(**given: Any) -> Region:
    return _named(Region, "region", given)


def an_interaction_kind(**given: Any) -> InteractionKind:
    return _named(InteractionKind, "kind", given)


def a_result(**given: Any) -> Result:
    return _named(Result, "result", given)


def a_channel(**given: Any) -> Channel:
    return _named(Channel, "channel", given)


def a_tag(**given: Any) -> Tag:
    return _named(Tag, "tag", given)


def a_bulk_act(**given: Any) -> BulkAct:
    start = {"kind": BulkKind.archive, "key": f"key-{next(_n)}", "at": clock.now(), "parameters": {}}
    return _kept(BulkAct(**start | {"total": 1, "left": 0, "counts": {}} | given))


def a_bulk_row(**given: Any) -> BulkRow:
    act, client = given.pop("act", None) or a_bulk_act(), given.pop("client", None) or a_client()
    return _kept(BulkRow(**{"verdict": BulkVerdict.done, "act_id": act.id, "client_id": client.id} | given))


def a_user(role: Role = Role.manager, **given: Any) -> User:
    n = next(_n)
    start = {"name": f"Person {n}", "login": f"person{n}", "role": role, "created_at": clock.now()}
    return _kept(User(**start | given))


def a_client(**given: Any) -> Client:
    given.setdefault("group", None)
    given["group"] = given["group"] or a_client_group()
    return _kept(Client(**{"name": f"Client {next(_n)}", "created_at": clock.now()} | given))


def a_contact_person(**given: Any) -> ContactPerson:
    client = given.pop("client", None) or a_client()
    start = {"name": f"Contact {next(_n)}", "created_at": clock.now()}
    return _kept(ContactPerson(**start | given, client=client))


def a_telephone(**given: Any) -> Telephone:
    client = given.pop("client", None) or a_client()
    start = {"typed": "8 (916) 123-45-67", "e164": "+79161234567", "last4": "4567"}
    return _kept(Telephone(**start | given, client=client))


def an_email_address(**given: Any) -> EmailAddress:
    client = given.pop("client", None) or a_client()
    return _kept(EmailAddress(**{"typed": "a@b.ru", "normal": "a@b.ru"} | given, client=client))


def an_interaction(**given: Any) -> Interaction:
    person = given.pop("person", None) or a_user()
    start = {
        "client": given.pop("client", None) or a_client(),
        "kind": given.pop("kind", None) or an_interaction_kind(),
        "person": person,
        "recorded_by": person,
        "state": InteractionState.held,
        "direction": Direction.outgoing,
        "happened_at": clock.now() - timedelta(hours=1),
        "recorded_at": clock.now(),
    }
    if given.get("state") == InteractionState.planned:
        start["happened_at"] = start["planned_for"] = given.get(
            "happened_at", clock.now() + timedelta(days=1)
        )
    return _kept(Interaction(**start | given))


def a_curator_period(**given: Any) -> CuratorPeriod:
    start = {"started_at": clock.now() - timedelta(days=30), "ended_at": clock.now() - timedelta(days=10)}
    client = given.pop("client", None) or a_client()
    curator = given.pop("curator", None) or a_user()
    return _kept(CuratorPeriod(**start | given, client=client, curator=curator))


def a_journal_entry(**given: Any) -> JournalEntry:
    start = {"chain": 0, "number": 10_000 + next(_n), "kind": "note", "subject": "journal", "data": {}}
    sealed = {"happened_at": clock.now(), "recorded_at": clock.now(), "salt": "00" * 16, "hash": "00" * 32}
    return _kept(JournalEntry(**start | sealed | given))


def a_journal_head(**given: Any) -> JournalHead:
    return _kept(JournalHead(**{"chain": 10_000 + next(_n), "number": 1, "hash": "00" * 32} | given))


def a_sign_in_attempt(**given: Any) -> SignInAttempt:
    return _kept(SignInAttempt(**{"login": "nobody", "address": "192.0.2.1", "at": clock.now()} | given))


def a_sign_in_session(**given: Any) -> SignInSession:
    user = given.pop("user", None) or a_user()
    start = {"user_id": user.id, "token_hash": f"{next(_n):064}", "started_at": clock.now()}
    return _kept(SignInSession(**start | given))


def a_one_time_link(**given: Any) -> OneTimeLink:
    start = {"token_hash": f"{next(_n):064}", "expires_at": clock.now() + timedelta(hours=1)}
    return _kept(OneTimeLink(**start | given))


def an_import_run(**given: Any) -> ImportRun:
    return _kept(
        ImportRun(**{"file_name": "clients.csv", "layout": "own_ru", "at": clock.now(), "counts": {}} | given)
    )


def an_import_row(**given: Any) -> ImportRow:
    run = given.pop("run", None) or an_import_run()
    return _kept(ImportRow(**{"line": next(_n), "verdict": RowVerdict.new, "run_id": run.id} | given))


def a_saved_filter(**given: Any) -> SavedFilter:
    person = given.pop("person", None) or a_user()
    start = {"list": "clients", "name": f"Filter {next(_n)}", "query": "kind=company"}
    return _kept(SavedFilter(**start | {"created_at": clock.now()} | given, person_id=person.id))


def a_list_layout(**given: Any) -> ListLayout:
    person = given.pop("person", None) or a_user()
    return _kept(ListLayout(**{"list": "clients", "columns": "name city"} | given, person_id=person.id))


def a_form_once(**given: Any) -> FormOnce:
    person = given.pop("person_id", None) or a_user().id
    return _kept(FormOnce(**{"key": f"{next(_n):064}", "person_id": person, "at": clock.now()} | given))
