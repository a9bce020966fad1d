"""How one looks at oneself stands on one's own page, is remembered, and is seen by nobody else."""

from datetime import timedelta

import pytest

from crmadmin.core import clock
from models import User
from models.kinds import InteractionState, KpiLook, Role
from tests.factories import a_client, a_promise, a_user, an_interaction, an_interaction_kind
from tests.support import csrf_of

OWN = "Only you see this."


@pytest.fixture
def call(session):
    return an_interaction_kind(code="call")


@pytest.fixture
def anna(session, noon):
    with clock.stopped_at(noon - timedelta(days=400)):
        return a_user(name="Анна")


@pytest.fixture
def ask(anna, signed_in):
    return signed_in(anna)


def choose(ask, word, **more):
    page = ask.get("/kpi/", follow_redirects=True)
    return ask.post("/kpi/look", data={"csrf_token": csrf_of(page), "look": word} | more)


def test_it_stands_on_one_s_own_page_and_on_nobody_else_s(session, ask, anna, signed_in):
    assert OWN in ask.get(f"/kpi/{anna.id}").text
    head = a_user(Role.head)
    assert OWN not in signed_in(head).get(f"/kpi/{anna.id}").text
    assert OWN in signed_in(head).get(f"/kpi/{head.id}").text


def test_the_choice_is_remembered(session, ask, anna):
    assert "Silent soon" in ask.get(f"/kpi/{anna.id}").text
    answer = choose(ask, "reach", next=f"/kpi/{anna.id}?unit=week")
    assert (answer.status_code, answer.location) == (302, f"/kpi/{anna.id}?unit=week")
    session.expire_all()
    assert session.get(User, anna.id).kpi_look is KpiLook.reach
    page = ask.get(f"/kpi/{anna.id}").text
    assert "Silent soon" not in page
    assert "a new row of days" in page.lower()


@pytest.mark.parametrize("word", ["", "both", "x" * 999, "\x00"])
def test_an_unknown_word_changes_nothing(session, ask, anna, word):
    assert choose(ask, word).location == f"/kpi/{anna.id}"
    assert session.get(User, anna.id).kpi_look is KpiLook.missed


def test_nobody_is_led_elsewhere(session, ask, anna):
    assert choose(ask, "reach", next="//evil.example").status_code == 400
    assert choose(ask, "reach", next="http://evil.example").status_code == 400


def test_the_choice_is_told_to_nobody_who_sees_people(session, ask, anna, signed_in):
    choose(ask, "reach")
    admin = signed_in(a_user(Role.admin))
    for page in ("/people/", f"/people/edit/?id={anna.id}", f"/people/details/?id={anna.id}"):
        assert "reach" not in admin.get(page).text.lower(), page


def test_nothing_missed_leads_to_each_client(session, ask, anna, call, noon):
    names = ("Поздний", "Сегодняшний", "Обещанный", "Просящий", "Тихий")
    late, today, promised, asks, soon = (a_client(curator=anna, name=name) for name in names)
    plan = {"kind": call, "person": anna, "state": InteractionState.planned}
    an_interaction(client=late, happened_at=noon - timedelta(days=2), **plan)
    an_interaction(client=today, happened_at=noon + timedelta(hours=2), **plan)
    a_promise(client=promised, person=anna, due_at=noon - timedelta(hours=2), text="Выслать прайс")
    an_interaction(
        client=asks, request="Образцы", reaction="", happened_at=noon - timedelta(days=1), person=anna
    )
    soon.rhythm_days = 10
    an_interaction(client=soon, kind=call, person=anna, happened_at=noon - timedelta(days=9))
    session.commit()
    a_client(curator=a_user(), name="Чужой", rhythm_days=10)
    part = ask.get(f"/kpi/{anna.id}").text.split('class="card look"')[1].split("</section>\n</div>")[0]
    for client in (late, today, promised, asks, soon):
        assert f'href="/clients/{client.id}">{client.name}</a>' in part
    assert "Выслать прайс" in part
    assert "9 days without a contact, nothing is planned" in part
    assert "Чужой" not in part


def test_with_nothing_to_do_it_says_so_kindly(session, ask, anna):
    page = ask.get(f"/kpi/{anna.id}").text
    for sentence in ("Nothing else is due today.", "Nothing is late.", "Nobody is about to fall silent."):
        assert sentence in page


def test_what_is_in_reach_tells_records_marks_and_no_name_of_anybody(session, ask, anna, call, noon):
    others = [a_user(name=name) for name in ("Борис Ежов", "Вера Громова")]
    for person, several in ((anna, 2), (others[0], 4), (others[1], 6)):
        for number in range(several):
            at = noon - timedelta(minutes=number + 1)
            an_interaction(person=person, kind=call, client=a_client(), happened_at=at, recorded_at=at)
    for number in range(9):
        at = noon - timedelta(days=14, minutes=number)
        an_interaction(person=anna, kind=call, client=a_client(), happened_at=at, recorded_at=at)
    choose(ask, "reach")
    page = ask.get(f"/kpi/{anna.id}?unit=week").text
    part = " ".join(page.split('class="card look"')[1].split("fifty-two weeks")[0].split())
    contacts = part.split(">Contacts</th>")[1].split("</tr>")[0]
    assert "<strong>4</strong>" in contacts
    assert "the median of the team" in contacts
    assert ">9 <small" in contacts
    assert "16–22 Feb" in contacts
    assert "2 working days in a row everything was written down the same day." in part
    assert not [person.name for person in others if person.name in page]


def test_before_there_is_any_record_it_says_when_they_come(session, ask, anna):
    choose(ask, "reach")
    assert "Your records come here by themselves" in ask.get(f"/kpi/{anna.id}").text
