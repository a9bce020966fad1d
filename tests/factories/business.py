"""Factories of who and what there is: people, clients, interactions, the team's acts, the journal."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from crmadmin.core import clock
from models import (
    Absence,
    Attachment,
    BulkAct,
    BulkRow,
    Channel,
    Client,
    ClientGroup,
    ClientTask,
    Comment,
    ContactPerson,
    CuratorPeriod,
    DepartmentRule,
    EmailAddress,
    FirstTouchDecision,
    FormOnce,
    HandoverOffer,
    ImportRow,
    ImportRun,
    Industry,
    Interaction,
    InteractionKind,
    JournalAnchor,
    JournalAnchorEnd,
    JournalEntry,
    JournalHead,
    ListLayout,
    Notice,
    OneTimeLink,
    Region,
    Result,
    SavedFilter,
    SeenAfterAbsence,
    SignInAttempt,
    SignInSession,
    Substitution,
    Tag,
    Telephone,
    User,
)
from models.kinds import BulkKind, BulkVerdict, Direction, InteractionState, NoticeKind, Role, RowVerdict
from tests.factories.keeping import kept, number

Row = TypeVar("Row")

FILE = b"%PDF"  # what every attachment holds that says nothing else; it lies in the store from the start


def _named(model: type[Row], word: str, given: dict[str, Any]) -> Row:
    n = number()
    return kept(model(**{"code": f"{word}-{n}", "name_ru": f"{word} {n}", "name_en": f"{word} {n}"} | given))


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
    start = {"kind": BulkKind.archive, "key": f"key-{number()}", "at": clock.now(), "parameters": {}}
    return kept(BulkAct(**start | {"total": 1, "left": 0, "counts": {}} | given))


def a_bulk_row(**given: Any) -> BulkRow:
    act, client = given.pop("act", None) or a_bulk_act(), given.pop("client", None) or a_client()
    return kept(BulkRow(**{"verdict": BulkVerdict.done, "act_id": act.id, "client_id": client.id} | given))


def a_user(role: Role = Role.manager, **given: Any) -> User:
    n = number()
    start = {"name": f"Person {n}", "login": f"person{n}", "role": role, "created_at": clock.now()}
    return kept(User(**start | given))


def a_client(**given: Any) -> Client:
    given.setdefault("group", None)
    given["group"] = given["group"] or a_client_group()
    return kept(Client(**{"name": f"Client {number()}", "created_at": clock.now()} | given))


def a_contact_person(**given: Any) -> ContactPerson:
    client = given.pop("client", None) or a_client()
    start = {"name": f"Contact {number()}", "created_at": clock.now()}
    return kept(ContactPerson(**start | given, client=client))


def a_telephone(**given: Any) -> Telephone:
    client = given.pop("client", None) or a_client()
    start = {"typed": "8 (916) 123-45-67", "e164": "+79161234567", "last4": "4567"}
    return kept(Telephone(**start | given, client=client))


def an_email_address(**given: Any) -> EmailAddress:
    client = given.pop("client", None) or a_client()
    return kept(EmailAddress(**{"typed": "a@b.ru", "normal": "a@b.ru"} | given, client=client))


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
    return kept(Interaction(**start | given))


def a_plan(**given: Any) -> Interaction:
    """Of now, unless it says when; whatever became of it since, it was planned for then."""
    at = given.setdefault("happened_at", clock.now())
    return an_interaction(**{"state": InteractionState.planned, "planned_for": at} | given)


def a_curator_period(**given: Any) -> CuratorPeriod:
    start = {"started_at": clock.now() - timedelta(days=30), "ended_at": clock.now() - timedelta(days=10)}
    client = given.pop("client", None) or a_client()
    curator = given.pop("curator", None) or a_user()
    return kept(CuratorPeriod(**start | given, client=client, curator=curator))


def a_journal_entry(**given: Any) -> JournalEntry:
    start = {"chain": 0, "number": 10_000 + number(), "kind": "note", "subject": "journal", "data": {}}
    sealed = {"happened_at": clock.now(), "recorded_at": clock.now(), "salt": "00" * 16, "hash": "00" * 32}
    return kept(JournalEntry(**start | sealed | given))


def a_journal_head(**given: Any) -> JournalHead:
    return kept(JournalHead(**{"chain": 10_000 + number(), "number": 1, "hash": "00" * 32} | given))


def a_sign_in_attempt(**given: Any) -> SignInAttempt:
    return kept(SignInAttempt(**{"login": "nobody", "address": "192.0.2.1", "at": clock.now()} | given))


def a_sign_in_session(**given: Any) -> SignInSession:
    start = {"user_id": (given.pop("user", None) or a_user()).id, "token_hash": f"{number():064}"}
    return kept(SignInSession(**start | {"started_at": clock.now()} | given))


def a_one_time_link(**given: Any) -> OneTimeLink:
    start = {"token_hash": f"{number():064}", "expires_at": clock.now() + timedelta(hours=1)}
    return kept(OneTimeLink(**start | given))


def an_import_run(**given: Any) -> ImportRun:
    return kept(
        ImportRun(**{"file_name": "clients.csv", "layout": "own_ru", "at": clock.now(), "counts": {}} | given)
    )


def an_import_row(**given: Any) -> ImportRow:
    run = given.pop("run", None) or an_import_run()
    return kept(ImportRow(**{"line": number(), "verdict": RowVerdict.new, "run_id": run.id} | given))


def a_saved_filter(**given: Any) -> SavedFilter:
    person = given.pop("person", None) or a_user()
    start = {"list": "clients", "name": f"Filter {number()}", "query": "kind=company"}
    return kept(SavedFilter(**start | {"created_at": clock.now()} | given, person_id=person.id))


def a_list_layout(**given: Any) -> ListLayout:
    person = given.pop("person", None) or a_user()
    return kept(ListLayout(**{"list": "clients", "columns": "name city"} | given, person_id=person.id))


def a_form_once(**given: Any) -> FormOnce:
    person = given.pop("person_id", None) or a_user().id
    return kept(FormOnce(**{"key": f"{number():064}", "person_id": person, "at": clock.now()} | given))


def a_client_task(**given: Any) -> ClientTask:
    start = {"problem": "Нужен насос к марту", "opened_at": clock.now()}
    given["client"] = given.get("client") or a_client()
    given["opened_by"] = given.get("opened_by") or a_user()
    return kept(ClientTask(**start | given))


def a_comment(**given: Any) -> Comment:
    given["client"] = given.get("client") or a_client()
    given["by"] = given.get("by") or a_user()
    return kept(Comment(**{"text": f"Comment {number()}", "written_at": clock.now()} | given))


def an_attachment(**given: Any) -> Attachment:
    start = {
        "name": "offer.pdf",
        "media_type": "application/pdf",
        "size": len(FILE),
        "sha256": sha256(FILE).hexdigest(),
    }
    given["client"] = given.get("client") or a_client()
    given["by"] = given.get("by") or a_user()
    return kept(Attachment(**start | {"added_at": clock.now()} | given))


def a_notice(**given: Any) -> Notice:
    given["person"] = given.get("person") or a_user()
    start = {"kind": NoticeKind.mentioned, "at": clock.now(), "key": f"key-{number()}", "data": {}}
    return kept(Notice(**start | given))


def a_handover_offer(**given: Any) -> HandoverOffer:
    for role in ("from_person", "to_person"):
        given[role] = given.get(role) or a_user()
    given["client"] = given.get("client") or a_client(curator=given["from_person"])
    return kept(HandoverOffer(**{"reason": "because", "offered_at": clock.now()} | given))


def an_absence(**given: Any) -> Absence:
    """Of somebody who is away since yesterday, for a week."""
    given["person"] = given.get("person") or a_user()
    given["set_by"] = given.get("set_by") or given["person"]
    start = {"starts_at": clock.now() - timedelta(days=1), "ends_at": clock.now() + timedelta(days=6)}
    return kept(Absence(**start | {"set_at": clock.now()} | given))


def a_substitution(**given: Any) -> Substitution:
    given["absence"] = given.get("absence") or an_absence(person=given.pop("person", None))
    given["substitute"] = given.get("substitute") or a_user()
    return kept(Substitution(**given))


def a_seen_after_absence(**given: Any) -> SeenAfterAbsence:
    absence, seen = given.pop("absence", None) or an_absence(), given.pop("interaction", None)
    start = {"absence_id": absence.id, "interaction": seen or an_interaction(), "seen_at": clock.now()}
    return kept(SeenAfterAbsence(**start | given))


def a_first_touch_decision(**given: Any) -> FirstTouchDecision:
    for role in ("person", "decided_by"):
        given[role] = given.get(role) or a_user()
    given["client"] = given.get("client") or a_client()
    return kept(FirstTouchDecision(**{"reason": "because", "decided_at": clock.now()} | given))


def a_department_rule(**given: Any) -> DepartmentRule:
    return kept(DepartmentRule(**{"code": f"rule-{number()}", "value": 90} | given))


def a_journal_anchor(**given: Any) -> JournalAnchor:
    start = {"day": date(2000, 1, 1) + timedelta(days=number()), "made_at": clock.now(), "root": "00" * 32}
    return kept(JournalAnchor(**start | {"chains": 1, "entries": 1, "last_id": 1} | given))


def a_journal_anchor_end(**given: Any) -> JournalAnchorEnd:
    anchor_id = given.pop("anchor_id", None) or a_journal_anchor().id
    start = {"anchor_id": anchor_id, "chain": number(), "number": 1, "hash": "00" * 32}
    return kept(JournalAnchorEnd(**start | given))
