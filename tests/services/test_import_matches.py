import pytest
from sqlalchemy import select

from models import (
    Client,
    ContactPerson,
    EmailAddress,
    Telephone,
)
from models.kinds import ClientKind
from tests.factories import (
    a_client,
    a_contact_person,
    a_telephone,
)
from tests.services.importing import INN, OTHER_INN, count, said, verdicts


@pytest.mark.parametrize(
    ("kept", "row", "verdict"),
    [
        ({"name": "Ромашка"}, {"Название": "РОМАШКА"}, "updated"),
        ({"name": "Ромашка", "city": "Пермь"}, {"Название": "Ромашка", "Город": "Москва"}, "new"),
        ({"name": "ООО «Ромашка»", "inn": INN}, {"Название": "Ромашка", "ИНН": OTHER_INN}, "new"),
        ({"name": "ООО «Ромашка»", "inn": INN}, {"Название": "Иная", "ИНН": INN}, "updated"),
        ({"name": "Ромашка", "inn": INN, "kpp": "773601001"}, {"Название": "Ромашка", "ИНН": INN}, "same"),
        (
            {"name": "Ромашка", "inn": INN, "kpp": "773601001"},
            {"Название": "Ромашка", "ИНН": INN, "КПП": "590201001"},
            "new",
        ),
        (
            {"name": "Ромашка", "inn": INN},
            {"Название": "Ромашка", "ИНН": INN, "КПП": "590201001"},
            "updated",
        ),
    ],
)
def test_a_client_is_found_by_inn_else_by_name(session, bring_in, kept, row, verdict):
    a_client(**kept)

    assert verdicts(bring_in(row)) == [verdict]


@pytest.mark.parametrize(
    ("name", "telephone", "verdict"),
    [
        ("ООО «РОМАШКА»", "8 916 123 45 67", "updated"),
        ("Ромашка", "8 916 123 45 68", "new"),
        ("Василёк", "8 916 123 45 67", "new"),
        ("Ромашка", "8 916 123 45 67", "same"),
    ],
)
def test_a_client_without_an_inn_is_found_by_name_and_telephone(session, bring_in, name, telephone, verdict):
    a_telephone(client=a_client(name="Ромашка"))

    assert verdicts(bring_in({"Название": name, "Телефоны": telephone})) == [verdict]


def test_a_row_that_may_be_about_several_clients_is_rejected(session, bring_in):
    a_client(name="Ромашка"), a_client(name="Ромашка")

    done = bring_in({"Название": "Ромашка"})

    assert said(done) == ["There are several clients of this name: give an INN or a telephone."]


AMO = (
    "Полное имя контакта",
    "Название компании",
    "Рабочий телефон",
    "Ответственный",
    "Должность",
    "Личный email",
)


def amo(*cells):
    return dict(zip(AMO, cells, strict=True))


def test_contacts_of_amocrm_gather_at_their_company(session, bring_in):
    file = [
        amo("Иван", "Ромашка", "89161112233", "", "Директор", "ivan@romashka.ru"),
        amo("Пётр", "Ромашка", "89161112244; 89161112245", "", "", ""),
        amo("Иван", "Ромашка", "89161112255", "", "", ""),
        amo("Частное Лицо", "", "675660001", "", "", "x@y.ru"),
    ]

    first, second = bring_in(*file, layout="amocrm_contacts"), bring_in(*file, layout="amocrm_contacts")

    people = session.scalars(select(ContactPerson).order_by(ContactPerson.id)).all()
    assert verdicts(first) == ["new", "updated", "updated", "new"]
    assert verdicts(second) == ["same"] * 4
    assert [(person.name, person.job_title, len(person.telephones)) for person in people] == [
        ("Иван", "Директор", 2), ("Пётр", "", 2),
    ]  # fmt: skip
    assert said(first)[1] == "Changed: contact persons."
    assert dict(session.execute(select(Client.name, Client.kind)).all()) == {
        "Ромашка": ClientKind.company,
        "Частное Лицо": ClientKind.person,
    }
    assert (count(session, Telephone), count(session, EmailAddress)) == (5, 2)


def test_a_known_person_gets_what_is_new_of_him(session, bring_in):
    client = a_client(name="Ромашка")
    person = a_contact_person(client=client, name="Иван")

    bring_in(amo("ИВАН", "Ромашка", "89161112233", "", "Директор", ""), layout="amocrm_contacts")

    session.expire_all()
    assert (person.job_title, person.telephones[0].e164) == ("Директор", "+79161112233")
    assert person.telephones[0].client is client


def test_a_row_without_a_kpp_is_about_the_branch_of_its_name_or_about_none(session, bring_in):
    a_client(name="Ромашка", inn="7707083893", kpp="")
    branch = a_client(name="Ромашка Новосибирск", inn="7707083893", kpp="540602001")
    done = bring_in(
        {"Название": "Ромашка Новосибирск", "ИНН": "7707083893", "Город": "Новосибирск"},
        {"Название": "Ромашка Плюс", "ИНН": "7707083893", "Город": "Пермь"},
    )

    assert branch.city == "Новосибирск"
    assert said(done)[1] == "There are several clients with this INN: give the KPP too."


@pytest.mark.parametrize(
    ("header", "told", "values"),
    [
        ("Цвет", "Цвет", ("красный", "синий")),
        ("Адрес", "Address", ("Мира, 5", "Ленина, 1")),
        ("Сайт", "Site", ("a.ru", "b.ru")),
    ],
)
def test_two_rows_of_one_name_that_say_different_things_are_not_one_client(
    session, bring_in, header, told, values
):
    rows = [{"Название": "Ромашка", header: value} for value in (*values, values[0])]

    for at_once, first in ((1, "new"), (500, "same")):
        done = bring_in(*rows, at_once=at_once)

        assert verdicts(done) == [first, "rejected", "same"]
        assert said(done)[1].startswith(f"Another row has the same name, and other values here: {told}.")
    assert count(session, Client) == 1


def test_a_row_with_another_registration_number_is_about_another_client(session, bring_in):
    a_client(name="Ромашка", ogrn="1027700132195")

    assert verdicts(bring_in({"Название": "Ромашка", "ОГРН": "1037739877295"})) == ["new"]
