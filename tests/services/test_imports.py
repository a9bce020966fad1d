import pytest
from sqlalchemy import create_engine, func, select

from crmadmin.core.errors import DomainError
from crmadmin.formats import layouts
from crmadmin.formats.tables import Row
from crmadmin.services import imports
from models import (
    Client,
    ImportRow,
    ImportRun,
    JournalEntry,
)
from models.kinds import ClientKind, Role, RowVerdict
from tests.factories import (
    a_client,
    a_client_group,
    a_region,
    a_telephone,
    a_user,
    an_industry,
)
from tests.services.importing import INN, OTHER_INN, count, said, verdicts

FULL = {
    "Название": " Ромашка ",
    "Вид": "Компания",
    "Полное наименование": 'Общество с ограниченной ответственностью "Ромашка"',
    "ИНН": "7707 083893",
    "КПП": "773601001",
    "ОГРН": "1027700132195",
    "Отрасль": "Строительство",
    "Регион": "ПЕРМСКИЙ",
    "Город": "Пермь",
    "Адрес": "Мира, 5",
    "Сайт": "romashka.ru",
    "Телефоны": "8 (342) 212-34-56 доб. 12; +7 916 123-45-67",
    "Почта": "Info@ROMASHKA.ru",
    "Важно помнить": "звонить\nпосле обеда",
    "Группа": "ключевые",
    "Куратор": "Анна",
    "Канал": "Сайт",
    "Рекомендовал": "Василёк",
}


def test_a_full_row_makes_a_whole_client(session, bring_in):
    key, anna = a_client_group(code="key", name_ru="ключевые"), a_user(name="Анна")
    perm = a_region(code="59", name_ru="Пермский край")
    building = an_industry(code="f", name_ru="Строительство")
    friend = a_client(name="Василёк")

    done = bring_in(FULL)

    client = session.get(Client, done.outcomes[0].client_id)
    assert (verdicts(done), said(done)) == (["new"], [""])
    assert (client.name, client.kind, client.inn, client.kpp) == (
        "Ромашка",
        ClientKind.company,
        INN,
        "773601001",
    )
    assert (client.group, client.curator, client.region, client.industry) == (key, anna, perm, building)
    assert (client.channel.name, client.recommended_by) == ("Сайт", friend)
    assert [each.e164 for each in client.telephones] == ["+73422123456", "+79161234567"]
    assert [each.normal for each in client.emails] == ["Info@romashka.ru"]
    assert client.remember == "звонить\nпосле обеда"
    assert "79161234567" in client.search_text


def test_the_second_run_of_the_same_file_changes_nothing(session, bring_in):
    a_client_group(code="key", name_ru="ключевые")
    a_user(name="Анна")
    file = [
        FULL,
        {"Название": "Василёк", "Телефоны": "нет, 123-45"},
        {"Название": "Без всего"},
        {"Название": "Анна", "Вид": "Человек", "Почта": "a@b.ru"},
        {"Название": "Лютик", "ИНН": OTHER_INN, "Город": "Салехард"},
        {"Название": "ООО «Лютик»", "ИНН": OTHER_INN, "Город": "Лабытнанги", "Сайт": "l.ru"},
        {"Название": "ИП Пион", "Телефоны": "89161112233"},
        {"Название": "пион", "Телефоны": "+7 916 111-22-33", "Город": "Москва"},
    ]
    first = bring_in(*file)
    session.commit()
    session.expire_all()
    entries = count(session, JournalEntry)

    second = bring_in(*file)

    assert verdicts(first) == ["new", "new", "new", "new", "new", "updated", "new", "updated"]
    assert (verdicts(second), said(second)) == (["same"] * 8, [""] * 8)
    assert count(session, JournalEntry) == entries + 1  # that there was an import
    assert count(session, Client) == 6


def test_a_row_in_a_later_chunk_finds_the_client_of_an_earlier_one(session, bring_in):
    done = bring_in(
        {"Название": "Ромашка", "ИНН": INN},
        {"Название": "Василёк"},
        {"Название": "Иная", "ИНН": INN},
        at_once=1,
    )

    assert verdicts(done) == ["new", "new", "same"]
    assert session.scalar(select(Client.name).where(Client.inn == INN)) == "Ромашка"


def test_an_updated_row_tells_which_fields(session, bring_in):
    client = a_client(name="Ромашка", inn=INN, city="Пермь", remember="старое")
    a_telephone(client=client)

    done = bring_in(
        {
            "Название": "Ромашка",
            "ИНН": INN,
            "Город": "Москва",
            "Телефоны": "84951112233",
            "Важно помнить": "новое",
        }
    )

    session.expire_all()
    assert said(done) == ["Changed: City, What to remember, Telephones."]
    assert (client.city, client.remember) == ("Москва", "новое")
    assert [each.e164 for each in client.telephones] == ["+79161234567", "+74951112233"]


def test_a_blank_cell_erases_nothing(session, bring_in):
    client = a_client(name="Ромашка", inn=INN, city="Пермь")

    assert verdicts(bring_in({"Название": "Ромашка", "ИНН": INN, "Город": " "})) == ["same"]
    assert client.city == "Пермь"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"Название": ""}, "A client needs a name."),
        ({"ИНН": "7707083894"}, "There is a mistake in the INN 7707083894: its check digit is wrong"),
        ({"КПП": "7"}, "A KPP has 9 digits: 7"),
        ({"ОГРН": "1027700132196"}, "There is a mistake in the OGRN 1027700132196: its check digit is wrong"),
        ({"Почта": "нет"}, "This is not an e-mail address: нет"),
        ({"Вид": "зверь"}, "A client is a company or a person, not зверь"),
        ({"Название": "я" * 201}, "Name: no more than 200 signs fit in."),
        ({"ИНН": "500100732259", "КПП": "773601001"}, "A person has no KPP."),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_stops_nothing(session, bring_in, row, why):
    done = bring_in({"Название": "Первая"}, {"Название": "Плохая", **row}, {"Название": "Последняя"})

    assert verdicts(done) == ["new", "rejected", "new"]
    assert said(done)[1] == why
    assert set(session.scalars(select(Client.name))) == {"Первая", "Последняя"}


def test_a_row_of_the_wrong_length_is_rejected(session, bring_in):
    layout = layouts.named("own_ru").among(["Название"])
    rows = [Row(2, {"Название": "Ромашка"}, "The row has 2 cells."), Row(3, {"Название": "Василёк"})]

    done = imports.run(session, rows, layout, by=a_user(Role.admin))

    assert (verdicts(done), said(done)[0]) == (["rejected", "new"], "The row has 2 cells.")


def test_a_refused_update_leaves_the_client_as_it_was(session, bring_in):
    client = a_client(name="Иванов", inn="500100732259", kind=ClientKind.person)

    done = bring_in(
        {"Название": "Петров", "ИНН": "500100732259", "КПП": "773601001", "Телефоны": "84951112233"}
    )

    session.expire_all()
    assert said(done) == ["A person has no KPP."]
    assert (client.name, client.kpp, client.telephones) == ("Иванов", "", [])


def test_a_row_that_only_the_database_refuses_is_left_out_alone(session, bring_in, monkeypatch):
    monkeypatch.setattr("crmadmin.services.import_drafts._check_lengths", lambda *_: None)
    check = imports.Changes.create

    def create(self, draft, found):
        client = check(self, draft, found)
        client.group_id, client.group = (-1 if draft.name == "Плохая" else client.group_id), client.group
        client.rhythm_days = -1 if draft.name == "Плохая" else None
        return client

    monkeypatch.setattr(imports.Changes, "create", create)

    done = bring_in({"Название": "Первая"}, {"Название": "Плохая"}, {"Название": "Последняя"})

    assert verdicts(done) == ["new", "rejected", "new"]
    assert said(done)[1] == "The database does not take this row."


def test_a_manager_changes_only_clients_of_his_own(session, bring_in):
    manager = a_user()
    a_client(name="Моя", inn=INN, curator=manager), a_client(name="Чужая", inn=OTHER_INN)

    done = bring_in(
        {"Название": "Моя", "ИНН": INN, "Город": "Пермь"},
        {"Название": "Чужая", "ИНН": OTHER_INN, "Телефоны": "84951112233"},
        {"Название": "Чужая", "ИНН": OTHER_INN},
        by=manager,
    )

    assert verdicts(done) == ["updated", "rejected", "same"]
    assert "somebody else's" in said(done)[1]


def test_an_import_is_kept_with_a_verdict_for_each_row_and_told_in_the_journal(session, bring_in):
    done = bring_in({"Название": "Ромашка"}, {"Название": ""}, file_name="clients.csv")

    run = session.scalars(select(ImportRun)).one()
    asked = select(ImportRow.line, ImportRow.verdict, ImportRow.said).order_by(ImportRow.line)
    assert (run.file_name, run.layout, run.by_name) == ("clients.csv", "own_ru", "Админ")
    assert run.counts == {"new": 1, "updated": 0, "same": 0, "rejected": 1}
    assert session.execute(asked).all() == [
        (2, RowVerdict.new, ""),
        (3, RowVerdict.rejected, "A client needs a name."),
    ]
    kinds = session.scalars(select(JournalEntry.kind).order_by(JournalEntry.id)).all()
    assert {"client_created", "import"} <= set(kinds)
    assert imports.report(done) == (
        ["Line", "Verdict", "Name", "Client no.", "What"],
        [
            [2, "new", "Ромашка", done.outcomes[0].client_id, ""],
            [3, "rejected", "", None, "A client needs a name."],
        ],
    )


def test_an_import_costs_the_same_queries_for_two_rows_and_for_two_hundred(session, bring_in, queries):
    def cost(rows):
        with queries().counting() as seen:
            bring_in(*rows)
        return sum(statement.startswith("SELECT") for statement in seen)  # SQLite inserts row by row

    bring_in({"Название": "Первая", "Телефоны": "89160000000"})
    few = [{"Название": f"а{n}", "Телефоны": f"8916111{n:04}"} for n in range(2)]
    many = [{"Название": f"б{n}", "Телефоны": f"8916222{n:04}"} for n in range(200)]

    assert cost(many) <= cost(few) <= 26


def test_two_imports_at_once_are_one_after_the_other(session):
    """The second of two would not see the clients that the first makes."""
    if session.get_bind().dialect.name != "postgresql":
        return  # one writer at a time: the second waits by itself
    url = session.get_bind().engine.url
    other = create_engine(url)
    with other.connect() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(imports.ONE_IMPORT)))
        with pytest.raises(DomainError, match="Another import"):
            imports._alone(session)
    other.dispose()
    imports._alone(session)


def test_a_site_that_is_none_is_left_out_and_told(session, bring_in):
    done = bring_in({"Название": "Ромашка", "Сайт": "javascript:alert(1)"})

    (client,) = session.scalars(select(Client))
    assert client.site == ""
    assert said(done) == ["This is no address of a site: javascript:alert(1)"]
