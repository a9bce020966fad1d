"""What leaves by the export of the list of clients comes back by the import, and changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import Client, JournalEntry
from models.kinds import ClientKind, Language, Role
from seeds import reference
from tests.factories import a_client, a_client_group, a_region, a_telephone, a_user, an_email_address
from tests.support import REAL_DATA


@pytest.fixture
def import_clients(app, session):
    reference.load(session)
    session.commit()

    def run(path):
        answer = app.test_cli_runner().invoke(args=["import", "clients", str(path)])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return run


@pytest.fixture
def exported(signed_in, tmp_path):
    """The list of clients as a file, in the language of whoever exports it."""

    def export(form, language):
        page = signed_in(a_user(Role.admin, language=Language(language))).get(f"/clients/export/{form}/")
        assert page.status_code == 200
        path = tmp_path / f"clients.{form}"
        path.write_bytes(page.data)
        return path

    return export


def _awkward(session):
    """Clients whose every field is hard on a spreadsheet."""
    first = a_client(
        name="=Ромашка; «Ё»",
        inn="7707083893",
        kpp="773601001",
        ogrn="1027700132195",
        address=" +7 ; a,b\t'\r\nвторая строка",
        remember="=1+1\n'x  \n\n -5",
        site="-x",
        region=a_region(name_ru="@Регион", name_en=""),
        group=a_client_group(name_ru="+группа", name_en="+group"),
        curator=a_user(name="Анна"),
    )
    a_telephone(client=first, typed="+7 916 123-45-67 доб. 12", e164="+79161234567", last4="4567")
    a_telephone(client=first, typed="нет, звонить в 9", e164="", last4="", position=1)
    an_email_address(client=first)
    a_client(name="Иванов И.", kind=ClientKind.person, recommended_by=first, group=first.group)
    a_client(name="Ромашка", created_at=first.created_at - timedelta(days=1), group=first.group)
    session.expire_all()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_and_import_change_nothing(session, import_clients, exported, form, language):
    _awkward(session)
    if REAL_DATA.is_dir():
        import_clients(REAL_DATA / "fns-sme" / "legal_entities.csv")
    clients = session.scalar(select(func.count()).select_from(Client))
    file = exported(form, language)
    changes = select(func.count()).where(JournalEntry.client_id.is_not(None))
    before = session.scalar(changes)

    assert import_clients(file).startswith(f"0 new, 0 updated, {clients} same, 0 rejected")
    assert session.scalar(changes) == before
