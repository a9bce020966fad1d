"""The rules of groups by their pages: written, put in order, tried, applied; why a client is where it is."""

import re

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import standings
from models import AxisPoint, Client, GroupRule
from models.kinds import Axis, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_group_rule,
    a_group_standing,
    a_region,
    a_user,
    an_axis_point,
    an_interaction,
)
from tests.support import csrf_of

EVERYBODY = {"all": [{"all": [{"fact": "age_days", "is": "at_least", "value": 0}]}]}


@pytest.fixture
def head(session, signed_in):
    return signed_in(a_user(Role.head))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def form_of(ask, address="/groups/rule/"):
    page = ask.get(address)
    return {name: hidden(page, name) for name in ("key", "version")} | {"csrf_token": csrf_of(page)}


def filled(group, **more):
    first = {"b0.join": "all", "b0.r0.fact": "contacts_90", "b0.r0.is": "at_least", "b0.r0.value": "3"}
    return {"name": "Часто", "group": group.id, "stay_days": "20", "join": "all", **first, **more}


def test_a_rule_is_written_without_scripts_row_by_row(session, head):
    group = a_client_group()
    sent = form_of(head) | filled(group) | {"b0.r0.stay": "2"}
    page = head.post("/groups/rule/", data=sent | {"step": "add-0"})
    assert page.status_code == 200
    assert 'name="b0.r1.fact"' in page.text

    page = head.post(
        "/groups/rule/", data=sent | {"step": "block", "b0.r1.fact": "silence", "b0.r1.value": "1,5"}
    )
    assert 'name="b1.r0.fact"' in page.text
    assert 'value="1,5"' in page.text
    more = {"b0.r1.fact": "silence", "b0.r1.is": "at_most", "b0.r1.value": "1,5", "join": "any"}
    more |= {"b1.join": "all", "b1.r0.fact": "persons", "b1.r0.is": "at_least", "b1.r0.value": "4"}
    answer = head.post("/groups/rule/", data=sent | more | {"step": "save"})

    (rule,) = session.scalars(select(GroupRule)).all()
    assert answer.status_code == 302
    assert (rule.name, rule.group_id, rule.stay_days, rule.active) == ("Часто", group.id, 20, False)
    assert rule.conditions == {
        "any": [
            {
                "all": [
                    {"fact": "contacts_90", "is": "at_least", "value": 3, "stay": 2},
                    {"fact": "silence", "is": "at_most", "value": 1.5},
                ]
            },
            {"all": [{"fact": "persons", "is": "at_least", "value": 4}]},
        ]
    }


def test_a_choice_offers_its_list_and_keeps_what_was_chosen(session, head):
    region, group = a_region(name_ru="Урал", name_en="Ural"), a_client_group()
    sent = form_of(head) | filled(group) | {"b0.r0.fact": "region", "b0.r0.is": "", "b0.r0.value": ""}
    page = head.post("/groups/rule/", data=sent | {"step": "look"})
    assert f'<option value="{region.id}">Ural' in page.text
    head.post("/groups/rule/", data=sent | {"step": "save", "b0.r0.value": [region.id]})
    assert session.scalars(select(GroupRule)).one().conditions == {
        "all": [{"all": [{"fact": "region", "is": "one_of", "value": [region.id]}]}]
    }


def test_a_double_click_makes_one_rule(session, head):
    sent = form_of(head) | filled(a_client_group()) | {"step": "save"}
    assert [head.post("/groups/rule/", data=sent).status_code for _each in range(2)] == [302, 302]
    assert len(session.scalars(select(GroupRule)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "A rule needs a name"),
        ({"group": "9999999"}, "Choose a group."),
        ({"group": "x"}, "Choose a group."),
        ({"stay_days": "-1"}, "This is no whole number."),
        ({"stay_days": "9999"}, "A whole number from 0 to 3650."),
        ({"b0.r0.value": "три"}, "This is no number."),
        ({"b0.r0.value": ""}, "This is no number."),
        ({"b0.r0.fact": "money"}, "Choose what it is about."),
        ({"b0.r0.fact": "region", "b0.r0.value": "999999"}, "Choose one at least."),
        ({"b0.r0.stay": "5"}, "To stay may not be harder"),
    ],
)
def test_a_wrong_value_is_told_and_what_was_typed_stays(session, head, wrong, said):
    sent = form_of(head) | filled(a_client_group()) | {"step": "save", "b0.r1.fact": "persons"} | wrong
    page = head.post("/groups/rule/", data=sent | {"b0.r1.value": "77"})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="77"' in page.text
    assert session.scalar(select(GroupRule.id)) is None


def test_the_second_editor_is_told_and_saves_over_it_only_if_he_wants(session, head, signed_in):
    rule = a_group_rule(conditions=EVERYBODY, name="Было")
    address = f"/groups/rule/{rule.id}"
    sent = form_of(head, address) | filled(rule.group) | {"step": "save"}
    other = signed_in(a_user(Role.admin, name="Ольга"))
    other.post(address, data=form_of(other, address) | filled(rule.group, name="Её") | {"step": "save"})

    page = head.post(address, data=sent)

    assert page.status_code == 422
    assert "Ольга has changed this rule meanwhile: it is version 2 now." in page.text
    assert 'value="Часто"' in page.text
    assert session.get(GroupRule, rule.id, populate_existing=True).name == "Её"
    head.post(address, data=sent | {"version": hidden(page, "version")})
    rule = session.get(GroupRule, rule.id, populate_existing=True)
    assert (rule.name, rule.version) == ("Часто", 3)


def test_rules_are_put_in_order_and_switched(session, head):
    first, second = a_group_rule(position=1), a_group_rule(position=2)
    token = csrf_of(head.get("/groups/rules/"))

    def press(rule, word):
        return head.post(f"/groups/rule/{rule.id}/place", data={"csrf_token": token, "word": word})

    press(second, "up")
    press(first, "off")
    session.expire_all()
    assert session.get(GroupRule, second.id).position < session.get(GroupRule, first.id).position
    assert not session.get(GroupRule, first.id).active
    press(first, "down")
    press(first, "on")
    assert press(first, "nonsense").status_code == 302


def test_points_are_changed_as_a_whole(session, head):
    an_axis_point(axis=Axis.potential)
    page = head.get("/groups/rule/points")
    sent = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "step": "save"}
    row = {"b1.r0.fact": "contacts_90", "b1.r0.is": "at_least", "b1.r0.value": "6", "b1.r0.points": "2"}
    assert head.post("/groups/rule/points", data=sent | row).status_code == 302
    (point,) = session.scalars(select(AxisPoint)).all()
    assert (point.axis, point.points, point.condition["value"]) == (Axis.intensity, 2, 6)

    again = head.post("/groups/rule/points", data=sent | row)
    assert again.status_code == 422
    assert "Somebody has changed the points meanwhile" in again.text


def test_what_the_rules_would_do_is_shown_and_then_done_and_undone(session, head):
    curator, old = a_user(name="Анна Ковалёва"), a_client_group(name_en="Old")
    rule = a_group_rule(name="Все", group=a_client_group(name_en="New"), conditions=EVERYBODY)
    client = a_client(name="Ромашка", curator=curator, group=old)
    page = head.get("/groups/rule/trial")
    assert "Ромашка" in page.text
    assert "Days since it was added: 0" in page.text
    assert "1 → <strong>0</strong>" in page.text
    assert "0 → <strong>1</strong>" in page.text
    sent = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "key": hidden(page, "key")}

    answers = [head.post("/groups/rule/run", data=sent) for _each in range(2)]

    assert answers[0].location == answers[1].location
    assert session.get(Client, client.id, populate_existing=True).group_id == rule.group_id
    assert "Все" in head.get(f"/clients/{client.id}").text
    undo = f"{answers[0].location}/undo"
    head.post(undo, data={"csrf_token": csrf_of(head.get(undo))})
    assert session.get(Client, client.id, populate_existing=True).group_id == old.id


def test_rules_changed_since_they_were_shown_are_refused(session, head):
    rule = a_group_rule(conditions=EVERYBODY)
    client = a_client()
    page = head.get("/groups/rule/trial")
    rule.active = False
    a_group_rule()
    sent = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "key": hidden(page, "key")}
    answer = head.post("/groups/rule/run", data=sent)
    assert answer.location.endswith("/groups/rule/trial")
    assert "The rules were changed since" in head.get(answer.location).text
    assert session.get(Client, client.id).group_id == client.group_id


def test_the_page_of_a_client_tells_the_values_then_and_now(session, head):
    condition = {"fact": "contacts_90", "is": "at_least", "value": 3}
    rule = a_group_rule(name="Часто", conditions={"all": [{"all": [condition]}]})
    client = a_client(group=rule.group)
    a_group_standing(client=client, rule_id=rule.id, rule_version=1, facts={"contacts_90": 7})
    an_interaction(client=client)
    page = head.get(f"/clients/{client.id}/group").text
    assert "<td>7</td><td>1</td>" in page
    assert "not true:" in page


def test_a_client_is_held_by_hand_until_a_day(session, head):
    client, group = a_client(), a_client_group()
    address = f"/clients/{client.id}/group"
    sent = {"csrf_token": csrf_of(head.get(address)), "group": group.id, "reason": "Ждём тендер"}
    for wrong in ({"until": "2020-01-01"}, {"until": "x"}, {"reason": ""}, {"group": "999999"}):
        page = head.post(f"{address}/hold", data=sent | {"until": "2026-05-01"} | wrong)
        assert page.status_code == 422
    assert head.post(f"{address}/hold", data=sent | {"until": "2026-05-01"}).status_code == 302

    client = session.get(Client, client.id, populate_existing=True)
    standing = standings.of(client)
    assert (client.group_id, standing.by_hand, standing.reason) == (group.id, True, "Ждём тендер")
    assert standing.held_until > clock.now()
    assert "Held by hand until 1 May: Ждём тендер" in " ".join(head.get(f"/clients/{client.id}").text.split())
    head.post(f"{address}/hold", data={"csrf_token": sent["csrf_token"], "step": "release"})
    session.expire_all()
    assert not standings.is_held(standings.of(client))


def test_a_manager_sees_the_rules_and_holds_his_own_clients_alone(session, signed_in):
    me = a_user()
    ask = signed_in(me)
    a_group_rule(name="Видно")
    page = ask.get("/groups/rules/").text
    assert "Видно" in page
    assert "Switch off" not in page
    assert ask.get("/groups/rule/trial").status_code == 403
    foreign, own = a_client(), a_client(curator=me)
    token = csrf_of(ask.get(f"/clients/{own.id}/group"))
    sent = {"csrf_token": token, "group": a_client_group().id, "reason": "Так надо"}
    assert ask.post(f"/clients/{foreign.id}/group/hold", data=sent).status_code == 403
    assert ask.post(f"/clients/{own.id}/group/hold", data=sent).status_code == 302


def test_a_colleague_sees_why_but_no_rules(session, signed_in):
    ask, client = signed_in(a_user(Role.colleague)), a_client()
    assert ask.get(f"/clients/{client.id}/group").status_code == 200
    assert ask.get("/groups/rules/").status_code == 403
    assert ask.post(f"/clients/{client.id}/group/hold").status_code == 403


@pytest.mark.parametrize(
    "address", ["/groups/rule/99999999999999999999", "/groups/rule/7", "/clients/7/group"]
)
def test_what_is_not_there_is_not_found(session, head, address):
    assert head.get(address).status_code == 404


def test_pages_ask_the_same_number_of_questions_for_two_and_for_thirty(session, head, queries):
    costs = []
    for number in (2, 30):
        for _each in range(number):
            client = a_client(curator=a_user())
            rule = a_group_rule(conditions=EVERYBODY, position=number, active=number == 2)
            a_group_standing(client=client, rule_id=rule.id)
        for address in ("/groups/rules/", "/groups/rule/trial", f"/clients/{client.id}/group"):
            head.get(address)
            with queries().counting() as seen:
                head.get(address)
            costs.append(len(seen))
    assert costs[:3] == costs[3:]
