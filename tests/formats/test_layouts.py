import pytest

from crmadmin.core.errors import DomainError
from crmadmin.formats import layouts
from crmadmin.formats.client_columns import CLIENT_COLUMNS, TOLD_COLUMNS
from crmadmin.formats.tables import opened
from tests.formats.test_tables import MADE_BY_OTHERS
from tests.support import REAL_DATA


@pytest.mark.parametrize(("name", "locale"), [("own_ru", "ru"), ("own_en", "en")])
def test_our_own_layouts_are_the_headers_of_our_own_export(name, locale):
    wanted = {column.key: [column.title(locale)] for column in CLIENT_COLUMNS}

    assert layouts.named(name).client == wanted


@pytest.mark.parametrize(("name", "locale"), [("own_ru", "ru"), ("own_en", "en")])
def test_what_the_program_knows_by_itself_is_in_its_export_and_left_alone_by_an_import(name, locale):
    layout = layouts.named(name)

    assert list(layout.ignores) == [column.title(locale) for column in TOLD_COLUMNS]
    assert not layout.headers.intersection(layout.ignores)


def test_every_layout_can_be_read_and_is_recognised_by_its_own_headers():
    for name in layouts.known():
        layout = layouts.named(name)
        assert layouts.recognised(sorted(layout.headers)).name == name


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["Название", "Телефоны"], "own_ru"),
        ([" НАЗВАНИЕ ", "инн", "Примечание"], "own_ru"),
        (["Name", "INN", "Curator"], "own_en"),
        (["inn", "ogrn", "name", "short_name", "region_code", "region", "okved"], "fns"),
    ],
)
def test_a_layout_is_recognised_by_some_headers_in_any_case(headers, name):
    assert layouts.recognised(headers).name == name


def test_a_file_of_unknown_columns_is_refused_and_named():
    with pytest.raises(DomainError, match="Köln, 42"):
        layouts.recognised(["Köln", "42"])


def test_a_layout_asked_for_by_a_wrong_name_tells_the_right_ones():
    with pytest.raises(DomainError, match="amocrm_contacts, fns, leads, own_en, own_ru, salesforce_accounts"):
        layouts.named("bitrix")


def test_a_layout_that_the_file_does_not_have_is_refused():
    with pytest.raises(DomainError, match="okved"):
        layouts.named("fns").among(["inn", "short_name", "region_code"])


def test_the_preferred_text_comes_first_and_blank_ones_are_left_out():
    headers = ["inn", "name", "short_name", "region_code", "region", "okved"]
    layout = layouts.named("fns").among(headers)

    card = layout.card(dict(zip(headers, ["7707083893", "Общество", " ", "59", "ПЕРМСКИЙ", ""], strict=True)))

    assert card.client == {
        "kind": ("company",),
        "name": ("Общество",),
        "legal_name": ("Общество",),
        "inn": ("7707083893",),
        "region": ("59", "ПЕРМСКИЙ"),
    }
    assert card.person == {}


def _amocrm(**cells):
    layout = layouts.named("amocrm_contacts")
    here = layout.among(sorted(layout.headers))
    return here.card({header: cells.get(header.replace(" ", "_"), "") for header in layout.headers})


def test_a_contact_of_amocrm_with_a_company_is_a_client_and_a_person():
    card = _amocrm(
        Название_компании="Ромашка",
        Полное_имя_контакта="Иван",
        Рабочий_телефон="1",
        Мобильный_телефон="2",
        Должность="Д",
    )

    assert card.client == {"kind": ("company",), "name": ("Ромашка", "Иван")}
    assert card.person == {"name": ("Иван",), "job_title": ("Д",), "telephones": ("1", "2")}


def test_a_contact_of_amocrm_without_a_company_is_the_client():
    card = _amocrm(Полное_имя_контакта="Иван", Рабочий_телефон="1", Личный_email="a@b.ru", Примечание_1="x")

    assert card.client == {
        "kind": ("person",),
        "name": ("Иван",),
        "telephones": ("1",),
        "emails": ("a@b.ru",),
        "remember": ("x",),
    }
    assert card.person == {}


@MADE_BY_OTHERS
@pytest.mark.parametrize(
    ("path", "name"),
    [("fns-sme/legal_entities.csv", "fns"), ("amocrm-export/contacts_test.csv", "amocrm_contacts")],
)
def test_real_files_are_recognised(path, name):
    with opened(REAL_DATA / path) as table:
        layout = layouts.recognised(table.headers)
        cards = [layout.among(table.headers).card(row.cells) for row in table.rows]

    assert layout.name == name
    assert all(card.client["name"] for card in cards)


@pytest.mark.parametrize(
    "headers",
    [
        ["code", "name", "short_name", "iso_code"],
        ["type_id", "fias_level", "name", "name_full"],
        ["group", "code", "name"],
        ["Name", "Quality", "Colour", "City"],
    ],
)
def test_a_name_alone_is_no_client_and_one_is_told_how_to_go_on(headers):
    with pytest.raises(DomainError, match=f"{headers[0]}.*--layout.*leads, own_en"):
        layouts.recognised(headers)


@pytest.mark.parametrize(
    ("headers", "name", "unread"),
    [
        (["Name", "Email", "Phone", "Company", "Lead Owner", "Status", "Source"], "leads", ["Status"]),
        (["full_name", "email", "phone_number", "form_name"], "leads", ["form_name"]),
        (["Name", "Email", "Name (2)"], "leads", ["Name (2)"]),
        (["ID", "NAME", "BILLINGSTREET", "BILLINGCITY", "PHONE"], "salesforce_accounts", ["ID"]),
        (["Название", "ИНН", "Добавлен", "Цвет"], "own_ru", ["Цвет"]),
    ],
)  # fmt: skip
def test_what_a_layout_does_not_know_is_known(headers, name, unread):
    layout = layouts.recognised(headers)

    assert (layout.name, layout.among(headers).unread) == (name, unread)


def _lead(**cells):
    headers = list(cells)
    return layouts.named("leads").among(headers).card(cells)


def test_a_lead_is_a_person_at_his_company_or_the_client_himself():
    there = _lead(Name="Ivan", Company="Romashka", Email="i@r.ru", Status="new")
    alone = _lead(Name="Ivan", Company="", Email="i@r.ru")
    bare = _lead(Name="Ivan", Email="i@r.ru")

    assert there.client == {"name": ("Romashka", "Ivan"), "kind": ("company",)}
    assert there.person == {"name": ("Ivan",), "emails": ("i@r.ru",)}
    assert there.unread == {"Status": "new"}
    assert alone.client == {"name": ("Ivan",), "kind": ("person",), "emails": ("i@r.ru",)}
    assert bare.client == {"name": ("Ivan",), "emails": ("i@r.ru",)}
    assert (alone.person, bare.person) == ({}, {})
