"""Curators: numbers that open the rows behind them."""

import re
from datetime import timedelta

import pytest

from models.kinds import InteractionState, Role
from tests.factories import a_client, a_client_group, a_user, an_interaction, an_interaction_kind, together


def cells_of(page, name):
    row = next(each for each in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL) if name in each)
    return [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]


def links_of(page, name):
    row = next(each for each in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL) if name in each)
    return [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', row)]


@pytest.fixture
def anna(session, noon):
    """Two key clients, one of them silent; a promising one; one put away; two contacts this month."""
    anna, key, promising = (
        a_user(name="Анна"),
        a_client_group(name_en="key"),
        a_client_group(name_en="promising"),
    )
    talked, quiet = (
        a_client(curator=anna, group=key, created_at=noon - timedelta(days=90)) for _ in range(2)
    )
    a_client(curator=anna, group=promising)
    a_client(curator=anna, group=key, archived_at=noon)
    mailing = an_interaction_kind(contact=False)
    an_interaction(client=talked, person=anna, happened_at=noon - timedelta(hours=20))
    an_interaction(client=talked, person=anna, happened_at=noon - timedelta(hours=2))
    an_interaction(client=quiet, person=anna, happened_at=noon - timedelta(days=40))
    an_interaction(client=talked, person=anna, kind=mailing)
    an_interaction(client=talked, person=anna, state=InteractionState.planned)
    an_interaction(client=talked, person=a_user())
    return anna


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_what_each_curator_has(session, signed_in, anna, role):
    cells = cells_of(signed_in(a_user(role)).get("/curators/").text, "Анна")
    assert cells[1:5] == [["3"], ["key", "2", "promising", "1"], ["1"], ["2"]]


def test_every_number_opens_exactly_its_rows(session, signed_in, anna):
    ask = signed_in(a_user())
    counted = [
        int(each)
        for each in re.findall(r"\d+", " ".join(map(str, cells_of(ask.get("/curators/").text, "Анна")[1:5])))
    ]
    links = links_of(ask.get("/curators/").text, "Анна")
    assert len(links) == len(counted) == 5
    for link, number in zip(links, counted, strict=True):
        assert f"<strong>{number}</strong>" in ask.get(link).text, link


def test_a_leaver_is_listed_while_he_has_clients(session, signed_in):
    a_client(curator=a_user(name="Ушедшая", active=False))
    a_user(name="Давно ушедшая", active=False)
    a_user(Role.colleague, name="Бухгалтер")
    page = signed_in(a_user()).get("/curators/").text
    assert "Ушедшая" in page
    assert "Давно" not in page
    assert "Бухгалтер" not in page


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_changed_or_opened_there(session, signed_in, role):
    other, ask = a_user(), signed_in(a_user(role))
    for door in (f"edit/?id={other.id}", "new/", f"details/?id={other.id}"):
        assert ask.get(f"/curators/{door}").status_code in {403, 404}


def test_nobody_not_signed_in_sees_them(app, session):
    assert app.test_client().get("/curators/").status_code == 302


def test_the_list_costs_the_same_with_two_and_with_two_hundred(session, signed_in, queries):
    ask, costs = signed_in(a_user()), []
    for more in (2, 198):
        with together():
            for _ in range(more):
                a_client(curator=(curator := a_user()))
                an_interaction(person=curator)
        with queries().counting() as seen:
            assert ask.get("/curators/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 9


@pytest.mark.parametrize("role", list(Role))
def test_the_head_and_the_admin_take_the_list_out(session, signed_in, anna, role):
    ask = signed_in(a_user(role, name="Я"))
    file, page = (ask.get(f"/curators/export/{kind}/?search=анна") for kind in ("csv", "print"))
    if role not in {Role.head, Role.admin}:
        assert (file.status_code, page.status_code) == (403, 403)
        return
    titles, row = (line.split(";") for line in file.text.lstrip("\ufeff").splitlines())
    told = dict(zip(titles, row, strict=True))
    assert {name: told[name] for name in ("Curator", "Clients", "key", "promising", "Silent")} == {
        "Curator": "Анна", "Clients": "3", "key": "2", "promising": "1", "Silent": "1",
    }  # fmt: skip
    assert told["Contacts this month"] == "2"
    assert "Анна" in page.text


def test_they_are_sorted_by_the_first_group_and_then_by_all(session, signed_in):
    few, key = a_client_group(position=2), a_client_group(position=1)
    names = {"А": [few, few, few], "Б": [key], "В": [key, few]}
    for name, groups in names.items():
        curator = a_user(name=name)
        for group in groups:
            a_client(curator=curator, group=group)
    page = signed_in(a_user(Role.head, name="Глава")).get("/curators/?sort=by_group&desc=1&with_clients=1")
    assert re.findall(r'<tr id="r\d+".*?<th[^>]*>(.)</th>', page.text, re.DOTALL) == ["В", "Б", "А"]
