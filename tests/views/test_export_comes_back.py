"""What is exported and brought in again changes nothing: in either language, as either kind of file."""

import pytest
from sqlalchemy import func, select

from crmadmin.core.db import act_as
from crmadmin.formats import layouts
from crmadmin.formats.tables import opened
from crmadmin.services import imports
from crmadmin.services.contacts import set_emails, set_telephones
from models import JournalEntry
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
    a_client(name="Пётр Ильич", kind=ClientKind.person)
    session.commit()
    return 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", list(Language))
def test_an_export_imported_changes_nothing(session, signed_in, tmp_path, clients, language, kind):
    me = a_user(Role.admin, language=language)
    file = tmp_path / f"clients.{kind}"
    file.write_bytes(signed_in(me).get(f"/clients/export/{kind}/").data)
    before = session.scalar(select(func.count()).select_from(JournalEntry))

    with opened(file) as table:
        layout = layouts.recognised(table.headers).among(table.headers)
        act_as(me)
        done = imports.run(session, table.rows, layout, by=me, file_name=file.name)

    assert [str(outcome.verdict) for outcome in done.outcomes] == ["same"] * clients
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before + 1  # the import itself


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
