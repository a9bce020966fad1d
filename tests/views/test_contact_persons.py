"""Contact persons: whom we speak to, and who may change what is known of them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.services.contacts import set_telephones
from models import ContactPerson, JournalEntry
from models.kinds import Role
from tests.factories import a_client, a_contact_person, a_user, together
from tests.views.forms import filled, form_of


def test_a_curator_adds_a_person_from_the_card(session, signed_in):
    me = a_user()
    client = a_client(curator=me, name="Ромашка")
    address = f"/contact-persons/new/?client={client.id}&url=/clients/{client.id}"
    typed = {"name": " Пётр  Ильич ", "job_title": "Директор", "telephones": "8 916 123-45-67",
             "emails": "petr@romashka.ru", "birthday": "1980-05-17"}  # fmt: skip

    answer = filled(signed_in(me), address, **typed)

    assert answer.location == f"/clients/{client.id}"
    row = session.scalars(select(ContactPerson)).one()
    assert (row.name, row.client_id, f"{row.birthday}") == ("Пётр Ильич", client.id, "1980-05-17")
    assert [each.e164 for each in row.telephones] == ["+79161234567"]
    assert "ПЕТР".lower() in row.search_text


@pytest.mark.parametrize("role", list(Role))
def test_everybody_finds_and_reads(session, signed_in, role):
    row = a_contact_person(
        client=a_client(name="Ромашка", curator=a_user()), name="Пётр Ильич", remember="Рыбак"
    )
    set_telephones(row, "8 (916) 123-45-67")
    session.commit()
    a_contact_person(name="Другой")
    ask = signed_in(a_user(role))
    for typed in ("петр", "ромашка", "916 123-45-67"):
        page = ask.get("/contact-persons/", query_string={"search": typed}).text
        assert ("Пётр Ильич" in page, "Другой" in page) == (True, False), typed
    assert "Рыбак" in ask.get(f"/contact-persons/{row.id}").text


def test_the_list_is_narrowed_to_a_client(session, signed_in):
    mine, _other = a_contact_person(name="Здешний"), a_contact_person(name="Чужой")
    page = signed_in(a_user()).get(f"/contact-persons/?client={mine.client_id}").text
    assert ("Здешний" in page, "Чужой" in page) == (True, False)
    assert mine.client.name in page


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_a_person_at_somebody_elses_client_is_not_changed(session, signed_in, role):
    row = a_contact_person(client=a_client(curator=a_user()))
    ask = signed_in(a_user(role))
    assert ask.get(f"/contact-persons/edit/?id={row.id}").status_code == 403
    assert ask.post(f"/contact-persons/edit/?id={row.id}", data={"name": "x"}).status_code == 403
    assert f"/contact-persons/edit/?id={row.id}" not in ask.get("/contact-persons/").text


def test_nobody_is_added_to_somebody_elses_client(session, signed_in):
    client = a_client(curator=a_user())
    answer = filled(signed_in(a_user()), "/contact-persons/new/", client=client.id, name="Пётр")
    assert answer.status_code == 422
    assert "somebody else" in answer.text
    assert form_of(answer).fields["name"] == ["Пётр"]
    assert session.scalar(select(func.count()).select_from(ContactPerson)) == 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("emails", "нет"),
        ("birthday", "2999-01-01"),
        ("birthday", "0001-01-01"),
        ("birthday", "31.12"),
        ("client", "7,8"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(session, signed_in, field, typed):
    data = {"client": a_client(curator=(me := a_user())).id, "name": "Пётр", field: typed}
    answer = filled(signed_in(me), "/contact-persons/new/", **data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize(
    ("birthday", "status"),
    [("2026-03-03", 302), ("2026-03-04", 422), ("1905-03-04", 302), ("1905-03-03", 422), ("0001-01-01", 422)],
)
def test_a_birthday_is_of_the_installations_day_and_of_somebody_who_may_live(
    session, signed_in, birthday, status
):
    """It is 3 March in Moscow already, and still 2 March by UTC."""
    client = a_client(curator=(me := a_user()))
    with clock.stopped_at(datetime(2026, 3, 2, 22, tzinfo=UTC)):
        answer = filled(
            signed_in(me), "/contact-persons/new/", client=client.id, name="Пётр", birthday=birthday
        )
    assert answer.status_code == status


def test_a_person_stays_with_his_client(session, signed_in):
    me = a_user()
    row, other = a_contact_person(client=a_client(curator=me)), a_client(curator=me)
    filled(signed_in(me), f"/contact-persons/edit/?id={row.id}", client=other.id, job_title="Директор")
    kept = session.scalars(select(ContactPerson)).one()
    assert (kept.client_id, kept.job_title) == (row.client_id, "Директор")


def test_a_form_that_nobody_touched_changes_nothing(session, signed_in):
    me = a_user()
    row = a_contact_person(client=a_client(curator=me), remember="раз\nдва")
    set_telephones(row, "8 (916) 123-45-67, доб. 12")
    session.commit()
    ask = signed_in(me)
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    assert filled(ask, f"/contact-persons/edit/?id={row.id}").status_code == 302
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_a_manager_takes_out_persons_at_his_own_clients(session, signed_in):
    me = a_user()
    set_telephones(
        a_contact_person(client=a_client(curator=me), name="Свой"), "8 916 123-45-67; 8 495 123-45-67"
    )
    session.commit()
    a_contact_person(name="Чужой")
    text = signed_in(me).get("/contact-persons/export/csv/").text
    assert ("Свой" in text, "Чужой" in text) == (True, False)
    assert "8 916 123-45-67; 8 495 123-45-67" in text


def test_the_list_costs_the_same_with_two_and_with_two_hundred(session, signed_in, queries):
    ask, costs = signed_in(a_user()), []
    for more in (2, 198):
        with together():
            for _ in range(more):
                set_telephones(a_contact_person(), "8 916 123-45-67")
        with queries().counting() as seen:
            assert ask.get("/contact-persons/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 10
