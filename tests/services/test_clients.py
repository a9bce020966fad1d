import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import assignment, clients, contact_persons, contacts
from models import Client, ContactPerson, CuratorPeriod, JournalEntry
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_contact_person, a_user


def a_draft(**given):
    return Client(**{"name": "Ромашка", "group": a_client_group()} | given)


def test_a_managers_new_client_is_his_own(session):
    manager = a_user()
    client = a_draft()
    clients.check(client, by=manager, is_new=True)
    session.add(client)
    session.commit()

    assert client.curator is manager
    assert client.created_at == clock.now()
    assert assignment.open_period(client).curator_id == manager.id


def test_a_new_client_starts_among_the_potential(session):
    a_client_group(code="key", position=1)
    potential = a_client_group(code="potential", position=9)
    client = Client(name="Ромашка")
    clients.check(client, by=a_user(), is_new=True)

    assert client.group is potential


def test_a_colleague_adds_no_client(session):
    with pytest.raises(NotAllowed):
        clients.check(a_draft(), by=a_user(Role.colleague), is_new=True)


def test_a_manager_gives_a_new_client_to_nobody_else(session):
    with pytest.raises(NotAllowed):
        clients.check(a_draft(curator=a_user()), by=a_user(), is_new=True)


@pytest.mark.parametrize(
    ("role", "allowed"), [("manager", False), ("head", True), ("colleague", False), ("admin", True)]
)
def test_who_changes_somebody_elses_client(session, role, allowed):
    client = a_client(curator=a_user())
    client.city = "Пермь"
    by = a_user(Role(role))
    if allowed:
        clients.check(client, by=by)
    else:
        with pytest.raises(NotAllowed):
            clients.check(client, by=by)


def test_a_manager_cannot_make_a_client_his_own_by_changing_its_curator(session):
    thief = a_user()
    client = a_client(curator=a_user())
    client.curator = thief

    with pytest.raises(NotAllowed):
        clients.check(client, by=thief)


def test_a_manager_cannot_give_his_client_away(session):
    manager = a_user()
    client = a_client(curator=manager)
    client.curator = a_user()

    with pytest.raises(NotAllowed):
        clients.check(client, by=manager)


def test_nobody_curates_after_he_has_left(session):
    client, gone, head = a_client(), a_user(active=False), a_user(Role.head)
    client.curator = gone

    with pytest.raises(DomainError) as refused:
        clients.check(client, by=head)
    assert refused.value.field == "curator"


@pytest.mark.parametrize(
    ("field", "typed"), [("inn", "7707083894"), ("kpp", "12"), ("ogrn", "1027700132196"), ("name", "  ")]
)
def test_a_wrong_number_is_told_at_its_field(session, field, typed):
    client = a_client(curator=(manager := a_user()))
    setattr(client, field, typed)

    with pytest.raises(DomainError) as refused:
        clients.check(client, by=manager)
    assert refused.value.field == field


def test_one_inn_is_one_client_and_the_other_is_named(session):
    a_client(name="Сбербанк", inn="7707083893")

    with pytest.raises(DomainError, match="Сбербанк"):
        clients.check(a_draft(inn="7707 083 893"), by=a_user(), is_new=True)


def test_branches_share_an_inn(session):
    a_client(inn="7707083893", kpp="773601001")
    branch = a_draft(inn="7707083893", kpp="540602001")
    clients.check(branch, by=a_user(), is_new=True)

    assert branch.kpp == "540602001"


def test_an_archived_client_comes_back(session, noon):
    client, head = a_client(), a_user(Role.head)
    clients.archive(client, by=head)
    assert client.archived_at == noon
    clients.restore(client, by=head)
    assert not client.archived


def test_a_handover_leaves_periods_without_gap_or_overlap(session, noon):
    anna, boris, head = a_user(), a_user(), a_user(Role.head)
    client = a_client(curator=anna)
    with clock.stopped_at(noon.replace(day=9)):
        assignment.assign(client, boris, reason="Анна в отпуске", by=head)
        session.commit()

    asked = select(CuratorPeriod).where(CuratorPeriod.client_id == client.id).order_by(CuratorPeriod.id)
    first, second = session.scalars(asked).all()
    assert first.ended_at == second.started_at == noon.replace(day=9)
    assert (second.curator_id, second.ended_at, second.reason) == (boris.id, None, "Анна в отпуске")


def test_a_manager_hands_nothing_over_by_himself(session):
    manager = a_user()
    with pytest.raises(NotAllowed):
        assignment.assign(a_client(curator=manager), a_user(), reason="устал", by=manager)


def test_telephones_are_kept_as_typed_and_found_as_digits(session):
    client = a_client()
    contacts.set_telephones(client, "8 (916) 123-45-67\n+7 495 111-22-33 доб. 5")
    session.commit()

    assert [each.typed for each in client.telephones] == ["8 (916) 123-45-67", "+7 495 111-22-33 доб. 5"]
    assert client.telephones[0].e164 == "+79161234567"
    assert "79161234567" in client.search_text


def test_a_telephone_that_stays_keeps_its_row(session):
    client = a_client()
    contacts.set_telephones(client, "8 (916) 123-45-67\n8 (916) 765-43-21")
    session.commit()
    kept = client.telephones[1].id
    contacts.set_telephones(client, "8 (916) 765-43-21")
    session.commit()
    session.expire_all()

    assert [each.id for each in client.telephones] == [kept]


def test_a_wrong_email_is_refused(session):
    with pytest.raises(DomainError, match="anna"):
        contacts.set_emails(a_client(), "anna@")


def test_a_persons_telephone_belongs_to_his_client_too(session):
    person = a_contact_person()
    contacts.set_telephones(person, "8 (916) 123-45-67")
    session.commit()
    session.expire_all()

    assert person.telephones[0].client_id == person.client_id
    assert person.client.telephones == []
    assert "79161234567" in person.search_text


def test_a_contact_person_is_added_by_the_clients_curator_only(session):
    curator = a_user()
    client = a_client(curator=curator)
    contact_persons.check(ContactPerson(client=client, name="Пётр"), by=curator, is_new=True)
    with pytest.raises(NotAllowed):
        contact_persons.check(ContactPerson(client=client, name="Пётр"), by=a_user(), is_new=True)


def test_a_move_between_groups_says_why_and_the_journal_keeps_it(session):
    manager, group = a_user(), a_client_group(name_ru="ключевые")
    client = a_client(curator=manager)
    client.group = group
    with pytest.raises(DomainError) as refused:
        clients.check(client, by=manager)
    assert refused.value.field == "group_reason"

    client.group_reason = "Заказывают каждую неделю"
    clients.check(client, by=manager)
    session.commit()

    asked = select(JournalEntry).where(JournalEntry.chain == client.id, JournalEntry.kind == "group_moved")
    assert session.scalars(asked).one().data["reason"] == [None, "Заказывают каждую неделю"]
    assert client.group_reason == ""


def test_whoever_gives_a_client_away_says_why(session):
    head, anna = a_user(Role.head), a_user()
    client = a_client(curator=a_user())
    client.curator = anna
    with pytest.raises(DomainError) as refused:
        clients.check(client, by=head)
    assert refused.value.field == "curator_reason"
