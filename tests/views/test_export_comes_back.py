"""What is exported and brought in again changes nothing: in either language, as either kind of file."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import act_as
from crmadmin.formats import layouts
from crmadmin.formats.tables import opened
from crmadmin.services import imports
from crmadmin.services.contacts import set_emails, set_telephones
from models import Client, JournalEntry
from models.kinds import ClientKind, Language, Role
from tests.factories import a_channel, a_client, a_client_group, a_region, a_tag, a_user, an_industry


@pytest.fixture
def clients(session):
    """A company of which everything is known; names and texts that spreadsheets like to spoil."""
    friend = a_client(name="=Формула", city="-Тверь", remember="+7\n@кто; \"кавычки\", 'апостроф'")
    full = a_client(
        name="Ромашка", kind=ClientKind.company, legal_name="ООО «Ромашка»", inn="7707083893",
        kpp="773601001", ogrn="1027700132195", city="Пермь", address="Мира, 5", site="romashka.ru",
        industry=an_industry(), region=a_region(), group=a_client_group(), channel=a_channel(),
        curator=a_user(name="Анна Белова"), recommended_by=friend, remember="раз\nдва",
        tags=[a_tag(), a_tag(name_ru="=дебиторка", name_en="-owes")],
    )  # fmt: skip
    set_telephones(full, "8 (342) 212-34-56 доб. 12\n+7 916 123-45-67")
    set_emails(full, "Info@romashka.ru\nb@romashka.ru")
    a_client(name="Пётр Ильич", kind=ClientKind.person, rhythm_days=45, archived_at=clock.now())
    a_client(name="＝Широкая", address="\n=1", remember="\t=1\n =2", city=" -Тверь")
    session.commit()
    return 4


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", list(Language))
def test_an_export_imported_changes_nothing(session, signed_in, tmp_path, clients, language, kind):
    me = a_user(Role.admin, language=language)
    file = tmp_path / f"clients.{kind}"
    file.write_bytes(signed_in(me).get(f"/clients/export/{kind}/?archived=all").data)
    before = session.scalar(select(func.count()).select_from(JournalEntry))

    with opened(file) as table:
        layout = layouts.recognised(table.headers).among(table.headers)
        act_as(me)
        done = imports.run(session, table.rows, layout, by=me, file_name=file.name)

    assert [str(outcome.verdict) for outcome in done.outcomes] == ["same"] * clients
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before + 1  # the import itself


def test_a_file_tells_what_a_head_wants_to_know(session, signed_in, noon):
    spoken = a_client(name="Ромашка", last_contact_at=noon - timedelta(days=12), rhythm_days=30)
    spoken.next_contact_at = noon + timedelta(days=3)
    session.commit()
    titles, row = signed_in(a_user(Role.head)).get("/clients/export/csv/").text.lstrip("\ufeff").splitlines()
    told = dict(zip(titles.split(";"), row.split(";"), strict=True))

    assert told["Days without a contact"] == "12"
    assert told["Own rhythm, days"] == "30"
    assert told["Put away"] == ""
    assert told["Last contact"].startswith("2026-02-18")
    assert told["Next contact"].startswith("2026-03-05")


@pytest.mark.parametrize("language", list(Language))
def test_rhythm_and_what_is_put_away_come_back_into_an_empty_base(session, signed_in, tmp_path, language):
    client = a_client(name="Ромашка", rhythm_days=45, archived_at=clock.now())
    id, kept = client.id, client.archived_at
    me = a_user(Role.admin, language=language)
    file = tmp_path / "clients.csv"
    file.write_bytes(signed_in(me).get("/clients/export/csv/?archived=1").data)
    client = session.get_one(Client, id)
    client.rhythm_days = client.archived_at = None
    session.commit()

    with opened(file) as table:
        layout = layouts.recognised(table.headers).among(table.headers)
        act_as(me)
        done = imports.run(session, table.rows, layout, by=me, file_name=file.name)

    assert done.outcomes[0].fields == ["rhythm_days", "archived_at"]
    session.refresh(client)
    assert client.rhythm_days == 45
    assert client.archived_at == kept.replace(second=0, microsecond=0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_export_is_in_the_journal(session, signed_in, clients, kind):
    me = a_user(Role.head)
    assert signed_in(me).get(f"/clients/export/{kind}/?search=ромашка&kind=company").data

    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "export")).one()
    assert (told.chain, told.by_id) == (0, me.id)
    assert told.data == {
        "list": [None, "clients"],
        "rows": [None, 1],
        "search": [None, "ромашка"],
        "filters": [None, {"kind": "company"}],
    }


def test_a_manager_takes_out_his_own_clients_only(session, signed_in, clients):
    me = a_user()
    a_client(name="Своя", curator=me)
    rows = signed_in(me).get("/clients/export/csv/").text.splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("Своя;")
