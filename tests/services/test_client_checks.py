"""What a form may type of a client, and what is refused: all at once, each at its field."""

import pytest

from crmadmin.core.errors import DomainError, Refusals
from crmadmin.rules import telephones
from crmadmin.services import clients, contacts
from models import Client
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_user


def a_draft(**given):
    return Client(**{"name": "Ромашка", "group": a_client_group()} | given)


# One INN, one client


@pytest.mark.parametrize(
    ("there", "typed"), [("", ""), ("", "540602001"), ("773601001", ""), ("773601001", "773601001")]
)
def test_the_same_inn_is_the_same_client_unless_both_kpps_say_otherwise(session, there, typed):
    known = a_client(name="Ромашка", inn="7707083893", kpp=there, curator=a_user(name="Анна Белова"))
    with pytest.raises(DomainError) as refused:
        clients.check(a_draft(name="Другая", inn="7707083893", kpp=typed), by=a_user(), is_new=True)

    assert str(refused.value) == "There is such a client already: Ромашка, curator Анна Белова."
    assert (refused.value.field, refused.value.about) == ("inn", ("client", known.id, "Ромашка"))


def test_a_client_of_nobody_is_told_as_such_where_its_inn_comes_again(session):
    a_client(name="Ромашка", inn="7707083893", curator=None)
    with pytest.raises(DomainError, match="already: Ромашка, without a curator"):
        clients.check(a_draft(inn="7707083893"), by=a_user(), is_new=True)


def test_two_that_are_alike_since_long_ago_may_be_changed_in_other_things(session):
    head = a_user(Role.head)
    a_client(inn="7707083893")
    branch = a_client(inn="7707083893", kpp="540602001")
    branch.city = "Пермь"
    clients.check(branch, by=head)

    assert branch.city == "Пермь"


def test_all_that_is_wrong_with_a_client_is_told_at_once(session):
    draft = a_draft(name=" ", inn="123", kpp="1", ogrn="2", site="javascript:alert(1)")
    with pytest.raises(Refusals) as refused:
        clients.check(draft, by=a_user(), is_new=True)

    assert [part.field for part in refused.value.parts] == ["name", "inn", "kpp", "ogrn", "site"]
    assert "A client needs a name. An INN has 10 digits (a company) or 12 (a person): 123." in str(
        refused.value
    )


def test_both_reasons_that_lack_are_told_at_once(session):
    client, other, group = a_client(curator=a_user()), a_user(), a_client_group()
    head = a_user(Role.head)
    client.curator, client.group = other, group
    with pytest.raises(Refusals) as refused:
        clients.check(client, by=head)

    assert [part.field for part in refused.value.parts] == ["group_reason", "curator_reason"]


def test_what_an_older_client_has_for_a_site_hinders_no_other_change(session):
    client = a_client(site="нет")
    client.city = "Пермь"
    clients.check(client, by=a_user(Role.admin))

    assert client.site == "нет"


# Telephones


@pytest.mark.parametrize("typed", ["абвгд", "12"])
def test_a_telephone_without_digits_to_dial_is_refused_at_its_field(session, typed):
    client = a_client()
    with pytest.raises(DomainError, match="This is no telephone") as refused:
        contacts.set_telephones(client, f"8 916 123-45-67\n{typed}")

    assert refused.value.field == "telephones"
    assert client.telephones == []


@pytest.mark.parametrize("typed", ["112", "2-15-40", "+86 10 1234 5678"])
def test_a_short_telephone_is_one(session, typed):
    client = a_client()
    contacts.set_telephones(client, typed)

    assert [each.typed for each in client.telephones] == [typed]


def test_nonsense_that_an_import_has_kept_may_stay(session):
    client = a_client()
    contacts.add(client, [telephones.telephone("спросить Олю")], [])
    contacts.set_telephones(client, "спросить Олю\n112")

    assert [each.typed for each in client.telephones] == ["спросить Олю", "112"]
