"""The team's history: everything that happened, by day, whoever did it; and today beside it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from crmadmin.core import clock
from crmadmin.queries import history
from models import Client, Interaction
from models.kinds import InteractionState, Role
from tests import factories as make


def shown(page):
    return [int(id) for id in re.findall(r'id="interaction-(\d+)"', page.text)]


@pytest.fixture
def happened(session):
    """Many interactions, some at one moment, planned and cancelled ones among them."""
    people, kinds = [make.a_user() for _ in range(3)], [make.an_interaction_kind() for _ in range(2)]
    clients = [make.a_client(), make.a_client()]
    for n in range(130):
        make.an_interaction(
            person=people[n % 3], kind=kinds[n % 2], client=clients[n % 5 == 0],
            happened_at=clock.now() - timedelta(hours=5 * (n // 2)),
            state=list(InteractionState)[1 + (n % 7 == 0)], cancel_reason="x" if n % 7 == 0 else "",
        )  # fmt: skip
    make.an_interaction(state=InteractionState.planned)
    session.commit()
    return session.scalars(select(Interaction).options(joinedload(Interaction.client))).all()


def in_order(rows):
    past = [row for row in rows if row.state is not InteractionState.planned]
    return [row.id for row in sorted(past, key=lambda row: (row.happened_at, row.id), reverse=True)]


def walked(ask, address):
    """All pages of the feed, as one scrolls."""
    found = []
    for _ in range(10):
        page = ask.get(address, headers={"HX-Request": "true"} if "before=" in address else {})
        found += shown(page)
        further = re.search(r'hx-get="([^"]*before=[^"]*)"', page.text)
        if not further:
            return found
        address = further.group(1).replace("&amp;", "&")
    raise AssertionError("the feed has no end")


def test_the_feed_tells_everything_once_newest_first(happened, signed_in):
    assert walked(signed_in(make.a_user(Role.colleague)), "/history/") == in_order(happened)


def test_the_feed_is_narrowed_by_its_address(happened, signed_in):
    ask = signed_in(make.a_user())
    row = happened[0]
    for words, fits in (
        (f"person={row.person_id}", lambda each: each.person_id == row.person_id),
        (f"kind={row.kind_id}", lambda each: each.kind_id == row.kind_id),
        (f"group={row.client.group_id}", lambda each: each.client.group_id == row.client.group_id),
        (f"person={row.person_id}&kind={row.kind_id}",
         lambda each: (each.person_id, each.kind_id) == (row.person_id, row.kind_id)),
        ("when=last_7", lambda each: each.happened_at > clock.now() - timedelta(days=30)),
    ):  # fmt: skip
        found = walked(ask, f"/history/?{words}")
        wanted = in_order(each for each in happened if fits(each))
        assert found == wanted if "when" not in words else set(found) < set(wanted), words
        assert found


def test_a_large_group_that_speaks_rarely_is_found_by_and_by_and_wholly(session, signed_in, noon):
    quiet, loud = make.a_client_group(), make.a_client()
    clients = [make.a_client(group=quiet) for _ in range(2)]
    same = {name: getattr(clients[0], name) for name in ("kind", "name", "group_id", "created_at")}
    session.execute(insert(Client), [same] * history.FEW)
    rows = [
        make.an_interaction(client=clients[n % 2], happened_at=noon - timedelta(days=n)) for n in (0, 9, 20)
    ]
    other = make.an_interaction(client=loud)
    names = ("client_id", "kind_id", "person_id", "recorded_by_id", "recorded_at")
    same = {name: getattr(other, name) for name in names}
    many = [same | {"happened_at": noon - timedelta(minutes=1 + n)} for n in range(history.WINDOW + 10)]
    session.execute(insert(Interaction), many)
    session.commit()
    ask, address = signed_in(make.a_user()), f"/history/?group={quiet.id}"
    first = ask.get(address)
    assert shown(first) == [rows[0].id]
    assert "Nothing happened here" not in first.text
    assert walked(ask, address) == [row.id for row in rows]
    narrowed = f"{address}&person={rows[2].person_id}"
    assert walked(ask, narrowed) == [rows[2].id]


@pytest.mark.parametrize("nonsense", ["before=x", "before=-1", "before=9-9-9", "before=" + "9" * 30 + "-1",
                                      "person=x&kind=99999999999&when=?", "from=2026-99-99&to="])  # fmt: skip
def test_nonsense_in_the_address_is_left_out(happened, signed_in, nonsense):
    page = signed_in(make.a_user()).get(f"/history/?{nonsense}")
    assert page.status_code == 200
    assert shown(page) == in_order(happened)[: history.PAGE]
    assert shown(signed_in(make.a_user()).get(f"/history/fresh?{nonsense}")) == []


def test_what_is_written_down_meanwhile_comes_by_itself_and_once(happened, session, signed_in):
    ask = signed_in(make.a_user())
    fresh = re.search(r'hx-get="(/history/fresh[^"]*)"', ask.get("/history/").text).group(1)
    fresh = fresh.replace("&amp;", "&")
    assert ask.get(fresh).status_code == 204
    rows = [make.an_interaction(recorded_at=clock.now() + timedelta(seconds=n)) for n in (1, 2)]
    make.an_interaction(state=InteractionState.planned, recorded_at=clock.now() + timedelta(seconds=3))
    session.commit()
    page = ask.get(fresh)
    assert shown(page) == [rows[1].id, rows[0].id]
    again = re.search(r'hx-get="(/history/fresh[^"]*)"', page.text).group(1).replace("&amp;", "&")
    assert ask.get(again).status_code == 204


def asked_next(page):
    return re.search(r'hx-get="(/history/fresh[^"]*)"', page.text).group(1).replace("&amp;", "&")


def polled(ask, address, most=20):
    """What the page is told by and by, until there is nothing new; and where it would ask next."""
    answers = []
    for _ in range(most):
        page = ask.get(address)
        if page.status_code == 204:
            return answers, address
        answers.append(shown(page))
        address = asked_next(page)
    raise AssertionError("there is no end to what is new")


def test_what_is_kept_later_but_was_written_down_earlier_is_shown_too_and_once(session, signed_in):
    now = clock.now()
    make.an_interaction(recorded_at=now)
    ask = signed_in(make.a_user())
    first = asked_next(ask.get("/history/"))
    quick = make.an_interaction(recorded_at=now + timedelta(seconds=5))
    answers, address = polled(ask, first)
    assert answers == [[quick.id]]
    slow = make.an_interaction(recorded_at=now + timedelta(seconds=2))
    slower = make.an_interaction(recorded_at=now - timedelta(seconds=1))
    answers, address = polled(ask, address)
    assert answers == [[slow.id, slower.id]]
    later = make.an_interaction(recorded_at=now + timedelta(minutes=5))
    assert polled(ask, address)[0] == [[later.id]]


def test_many_written_down_at_one_moment_come_by_and_by_each_once(session, signed_in):
    make.an_interaction()
    ask = signed_in(make.a_user())
    first = asked_next(ask.get("/history/"))
    person, client, kind = make.a_user(), make.a_client(), make.an_interaction_kind()
    at = clock.now() + timedelta(seconds=1)
    rows = [make.an_interaction(person=person, client=client, kind=kind, recorded_at=at) for _ in range(130)]
    answers, _address = polled(ask, first)
    found = [id for each in answers for id in each]
    assert sorted(found) == [row.id for row in rows]
    assert max(map(len, answers)) <= history.FRESH


def test_asking_for_what_is_new_costs_the_same_whatever_the_filter_leaves(session, signed_in, queries):
    ask, nobody = signed_in(make.a_user()), make.a_user()
    person, client, kind = make.a_user(), make.a_client(), make.an_interaction_kind()
    first = asked_next(ask.get(f"/history/?person={nobody.id}"))
    at, costs = clock.now(), []
    for number in (2, 70):
        for _n in range(number):
            at += timedelta(seconds=1)
            make.an_interaction(person=person, client=client, kind=kind, recorded_at=at)
        with queries().counting() as seen:
            page = ask.get(first)
        assert shown(page) == []
        costs.append(len(seen))
        assert f"person={nobody.id}" in asked_next(page)
        first = asked_next(page)
    assert costs[0] == costs[1] <= 8
    answers, address = polled(ask, first)
    assert answers == [[], []]  # what is left of the seventy is gone through, though nothing of it is shown
    with queries().counting() as seen:
        assert ask.get(address).status_code == 204
    assert len(seen) < costs[0]
    assert all("LIMIT" in each for each in seen if "FROM interaction \n" in each)


def test_today_tells_who_does_what_and_who_is_away(session, signed_in, noon):
    me, other = make.a_user(name="Анна"), make.a_user(name="Борис")
    make.an_interaction(person=me, happened_at=noon - timedelta(hours=1))
    client = make.a_client(name="Ромашка")
    make.an_interaction(
        person=other, client=client, state=InteractionState.planned, happened_at=noon + timedelta(hours=2)
    )
    absence = make.an_absence(person=make.a_user(name="Вера"))
    make.a_substitution(absence=absence, substitute=me)
    session.commit()
    text = signed_in(me).get("/history/").text
    beside = text[text.index('class="history-today"') :]
    assert "1 held" in beside
    assert "1 planned" in beside
    assert "Ромашка" in beside
    assert "acts for them: Анна" in beside
    assert beside.index("Борис") < beside.index("Вера")


def test_of_a_large_team_s_plans_as_many_of_each_are_shown_as_there_is_room_for(session, signed_in, noon):
    people, client, kind = [make.a_user() for _ in range(20)], make.a_client(), make.an_interaction_kind()
    for person in people:
        for n in range(6):
            make.an_interaction(
                person=person, client=client, kind=kind, state=InteractionState.planned,
                happened_at=noon + timedelta(hours=n),
            )  # fmt: skip
    text = signed_in(people[0]).get("/history/").text
    beside = text[text.index('class="history-today"') :]
    assert beside.count("6 planned") == 20
    assert beside.count(f'href="/clients/{client.id}"') == 60
    assert beside.count("and 3 more") == 20
    assert f'href="/interactions/?person={people[7].id}&amp;state=planned&amp;when=today"' in beside


def test_a_page_costs_as_many_questions_for_two_entries_as_for_two_hundred(session, signed_in, queries):
    ask, counts = signed_in(make.a_user()), []
    for more in (2, 198):
        with make.together():
            for n in range(more):
                person = make.a_user() if n < 20 else me_of(session)
                row = make.an_interaction(person=person, happened_at=clock.now() - timedelta(minutes=n))
                row.contact_persons = [make.a_contact_person(client=row.client)]
                make.an_interaction(
                    state=InteractionState.planned, happened_at=clock.now() + timedelta(minutes=1)
                )
        with queries().counting() as seen:
            assert ask.get("/history/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 18


def me_of(session):
    return session.scalars(select(make.User).limit(1)).one()


def test_who_has_worked_with_a_client_and_how_much(session, signed_in):
    client, kind = make.a_client(), make.an_interaction_kind(usual_minutes=15)
    anna, boris = make.a_user(name="Анна"), make.a_user(name="Борис")
    for minutes in (10, None, 30):
        make.an_interaction(client=client, person=anna, kind=kind, minutes=minutes)
    make.an_interaction(client=client, person=boris, kind=kind, minutes=5)
    make.an_interaction(
        client=client, person=boris, kind=make.an_interaction_kind(contact=False), minutes=500
    )
    make.an_interaction(client=client, person=boris, kind=kind, state=InteractionState.planned)
    session.commit()
    text = signed_in(make.a_user()).get(f"/history/clients/{client.id}").text
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)[1:]]
    assert re.search(r"Анна\s+3\s+55 \(of them 15 estimated\)", rows[0])
    assert re.search(r"Борис\s+1\s+5\s", rows[1])
    assert signed_in(make.a_user()).get("/history/clients/999999").status_code == 404
