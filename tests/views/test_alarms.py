"""The inbox of alarms, one alarm with its steps, and what everybody sees of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import alarms
from crmadmin.services.alarm_found import Found
from models import Alarm, Notice
from models.kinds import AlarmKind, AlarmState, Role
from tests import factories as make
from tests.views.doors import token_of
from views import alarm_words, notice_words

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


@pytest.fixture
def head(session):
    return make.a_user(Role.head, name="Ольга Глава")


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна Белова")


def send(ask, alarm, act, **typed):
    data = {"csrf_token": token_of(ask), "act": act, **typed}
    return ask.post(f"/alarms/{alarm.id}", data=data)


def plain(page):
    return " ".join(page.text.split())


def test_the_inbox_says_about_whom_and_what(signed_in, head, anna):
    make.an_alarm(person=anna)
    page = plain(signed_in(head).get("/alarms/"))

    assert "Анна Белова" in page
    assert "Contacts: 5, the norm is 20 – 60" in page
    assert "new alarm" in page


def test_whoever_has_most_comes_first_or_the_newest(signed_in, head, anna):
    boris = make.a_user(name="Борис Котов")
    for days in (3, 2):
        make.an_alarm(person=boris, raised_at=clock.now() - days * DAY)
    make.an_alarm(person=anna)
    ask = signed_in(head)

    def order(address, mark):
        parts = ask.get(address).text.split(mark)[1:]
        return [name for part in parts for name in ("Анна", "Борис") if name in part.split("</li>")[0]]

    assert order("/alarms/", 'class="card-head"') == ["Борис", "Анна"]
    assert order("/alarms/?order=newest", '<li class="alarm-row') == ["Анна", "Борис", "Борис"]
    assert "2 alarms" in ask.get("/alarms/").text


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("", [True, True, False]),
        ("?state=new", [True, False, False]),
        ("?state=talked", [False, True, False]),
        ("?state=decided", [False, False, True]),
        ("?state=all", [True, True, True]),
        ("?kind=promise", [False, True, False]),
        ("?kind=x&state=y&person=z&page=-1", [True, True, False]),
        ("?to=2026-02-27", [False, True, False]),
    ],
)
def test_the_address_says_which(signed_in, head, address, seen):
    names = ["Новая", "Обсуждённая", "Решённая"]
    people = [make.a_user(name=name) for name in names]
    make.an_alarm(person=people[0])
    facts = {"number": 2, "promises": []}
    make.an_alarm(person=people[1], kind=AlarmKind.promise, indicator="", facts=facts,
                  state=AlarmState.talked, raised_at=clock.now() - 4 * DAY)  # fmt: skip
    make.an_alarm(person=people[2], state=AlarmState.decided, decision="Ждём", decided_at=clock.now())

    def shown(address):
        page = signed_in(head).get(address).text
        return page.split('<section class="card alarm-group"', 1)[1].split('<div class="list-foot">')[0]

    assert [name in shown(f"/alarms/{address}") for name in names] == seen
    assert "Новая" not in shown(f"/alarms/?person={people[1].id}")


def test_a_manager_sees_his_own_with_nothing_to_decide(signed_in, anna):
    mine, other = make.an_alarm(person=anna), make.an_alarm(person=make.a_user(name="Борис Котов"))
    ask = signed_in(anna)
    page = ask.get("/alarms/").text
    assert "Анна Белова" in page
    assert "Борис" not in page
    assert 'value="see"' not in page

    assert "What I say of it" in ask.get(f"/alarms/{mine.id}").text
    assert "What is decided" not in ask.get(f"/alarms/{mine.id}").text
    for id in (other.id, 99999999999, 0):
        assert ask.get(f"/alarms/{id}").status_code == 404
    assert send(ask, mine, "decide", decision="Всё хорошо").status_code == 403
    assert signed_in(make.a_user(Role.colleague)).get("/alarms/").status_code == 403


def test_an_alarm_leads_to_the_rows_of_its_number(signed_in, head, anna):
    facts = make.an_alarm().facts
    also = {"indicator": "quality", **facts, "why": "weeks", "value": 0.415, "middle": 0.8}
    alarm = make.an_alarm(person=anna, facts={**facts, "also": [also]})
    page = signed_in(head).get(f"/alarms/{alarm.id}").text

    for key in ("contacts", "quality"):
        assert f"/kpi/{anna.id}/rows?indicator={key}&amp;from=2026-02-23&amp;to=2026-03-01" in page
    assert "Quality of records: 42\u00a0%, usually 80\u00a0%, for the second week" in page
    assert "and also: Quality of records" in plain(signed_in(head).get("/alarms/"))
    assert "with a result: 40 % of contacts" in " ".join(page.split())


def test_each_kind_is_said_and_leads_to_its_rows(app, signed_in, head, anna):
    client = make.a_client(name="Ромашка", curator=anna)
    silent = {"id": client.id, "name": "Ромашка", "days": 31, "rhythm": 14}
    promise = {"id": 7, "text": "цены", "due": clock.now().isoformat(), "client": "Ромашка"}
    request = {"id": 8, "text": "акт", "at": clock.now().isoformat(), "client": "Ромашка"}
    told = {"number": 3, "names": ["А", "Б", "В"], "problem": "Насос"}
    share = {"why": "share", "value": 0.62, "high": 0.5, "weeks": 4}
    slide = {"why": "weeks", "value": 14.25, "low": 20, "high": 40, "middle": 30, "weeks": 4}
    kinds = [
        (AlarmKind.silence, {"number": 1, "clients": [silent], "percent": 150},
         "Ромашка has been silent for 31 days, the rhythm is 14", f"/clients/{client.id}"),
        (AlarmKind.silence, {"number": 12, "clients": [silent], "percent": 150},
         "12 clients have been silent for longer than 150 % of their rhythm", f"/silence/?curator={anna.id}"),
        (AlarmKind.promise, {"number": 1, "promises": [promise]},
         "1 promise to a client is not kept", "/promises/7"),
        (AlarmKind.third_colleague, told,
         "Ромашка has told its task to 3 of us", f"/clients/{client.id}#task"),
        (AlarmKind.unanswered, {"number": 2, "days": 10, "requests": [request]},
         "2 requests have waited for longer than 10 days", "/requests/8"),
        (AlarmKind.too_many, share,
         "Ромашка takes 62 % of four weeks&#39; time, more than 50 %", "top_share"),
        (AlarmKind.too_few, slide, "Contacts: 14.2 a week for four weeks, usually 30", "contacts"),
    ]  # fmt: skip
    ask = signed_in(head)
    for kind, facts, said, place in kinds:
        indicator = place if place in {"top_share", "contacts"} else ""
        alarm = make.an_alarm(person=anna, client=client, kind=kind, facts=facts, indicator=indicator)
        page = plain(ask.get(f"/alarms/{alarm.id}"))
        assert said in page
        assert place in page


def test_the_steps_one_after_the_other(session, signed_in, head, anna):
    alarm, ask = make.an_alarm(person=anna), signed_in(head)
    back = send(ask, alarm, "see", next="/alarms/?state=new")
    assert back.location == "/alarms/?state=new"
    assert send(ask, alarm, "talk", talk="Болела").location == f"/alarms/{alarm.id}"
    assert "Ольга Глава: Болела" in ask.get(f"/alarms/{alarm.id}").text
    send(ask, alarm, "decide", decision="Наверстает", act_on="2026-03-20")

    page = plain(signed_in(anna).get(f"/alarms/{alarm.id}"))
    assert "Наверстает" in page
    assert "to show by 20 Mar" in page
    assert "What I say of it" not in page
    assert session.get(Alarm, alarm.id).state is AlarmState.decided


def test_what_is_wrong_is_said_and_what_was_typed_stays(session, signed_in, head, anna):
    alarm, ask = make.an_alarm(person=anna), signed_in(head)
    wrong = send(ask, alarm, "decide", decision="Наверстает", act_on="2026-03-02")
    assert wrong.status_code == 422
    assert "A day after today, within a year." in wrong.text
    assert ">Наверстает</textarea>" in wrong.text
    assert "This is no date." in send(ask, alarm, "decide", decision="а", act_on="завтра").text
    assert "Say what you have talked over." in send(ask, alarm, "talk", talk=" ").text

    stale = ask.post(f"/alarms/{alarm.id}", data={"act": "talk", "talk": "Долго писал", "csrf_token": "x"})
    assert stale.status_code == 422
    assert "open for too long" in stale.text
    assert ">Долго писал</textarea>" in stale.text
    assert session.get(Alarm, alarm.id).state is AlarmState.new


def test_a_double_click_says_it_once(session, signed_in, anna):
    alarm, ask = make.an_alarm(person=anna), signed_in(anna)
    for _n in range(2):
        assert send(ask, alarm, "answer", answer="Была в отпуске", once="x" * 20).status_code == 302
    assert session.get(Alarm, alarm.id).talk.count("Была в отпуске") == 1


def test_of_two_who_decide_at_once_the_second_is_told(signed_in, head, anna):
    alarm, ask = make.an_alarm(person=anna), signed_in(make.a_user(Role.admin))
    send(signed_in(head), alarm, "decide", decision="Поговорить")
    said = send(ask, alarm, "decide", decision="Иначе")
    assert said.status_code == 422
    assert "Ольга Глава has decided it already: Поговорить" in said.text


@pytest.mark.parametrize(("role", "count"), [(Role.head, 2), (Role.manager, 1)])
def test_the_menu_counts_what_waits(session, signed_in, role, count):
    viewer = make.a_user(role)
    make.an_alarm(person=viewer)
    make.an_alarm()
    make.an_alarm(person=viewer, state=AlarmState.decided, decision="Да", decided_at=clock.now())
    page = signed_in(viewer).get("/alarms/").text
    item = page.split('href="/alarms/"')[1].split("</a>")[0]
    assert f">{count}<" in item


def test_a_notice_says_it_and_leads_there(app, session, head, anna):
    facts = {"number": 1, "promises": []}
    alarms.raise_those([Found(AlarmKind.promise, "promise-1", anna.id, facts)])
    of_anna, of_head = (
        session.scalars(select(Notice).where(Notice.person_id == each.id)).one() for each in (anna, head)
    )
    with app.test_request_context():
        assert notice_words.of(of_anna) == "1 promise to a client is not kept"
        assert notice_words.of(of_head) == "Анна Белова: 1 promise to a client is not kept"
        of_head.data = {"number": 3, "people": ["Анна", "Борис"]}
        assert notice_words.of(of_head) == "3 new alarms: Анна, Борис"
    assert notice_words.address(of_anna) == f"/alarms/{of_anna.subject_id}"
    of_head.subject_id = None
    assert notice_words.address(of_head) == "/alarms/"


def test_bounds_and_values_are_said_as_people_write_them(app):
    with app.test_request_context():
        assert alarm_words.bounds("quality", 0.7, None) == "at least 70\u00a0%"
        assert alarm_words.bounds("lag", None, 24.0) == "at most 24\u00a0h"
        assert alarm_words.bounds("minutes", 600.0, 1200.5) == "600\u00a0min – 1,200\u00a0min"
        assert alarm_words.value("contacts", None) == "–"


def test_the_inbox_costs_the_same_however_long(signed_in, head, queries):
    ask, costs = signed_in(head), []
    for number in (2, 30):
        for _n in range(number):
            make.an_alarm(client=make.a_client())
        with queries().counting() as seen:
            assert ask.get("/alarms/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 8, "\n".join(seen)
