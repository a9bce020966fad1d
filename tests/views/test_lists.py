"""What every list does alike: one total order, pages, a count that stops, an address that brings it back."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from models import Client, Interaction
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_user, an_interaction, an_interaction_kind
from views.admin import lists


def names(page):
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*">([^<]*)</a>', page.text)


@pytest.fixture
def many(session):
    """Sixty-one clients, of which many share a name."""
    group = a_client_group()
    for number in range(61):
        a_client(name=f"Клиент {number // 10}", group=group)
    return group


@pytest.mark.parametrize(
    ("sort", "column"),
    [
        ("sort=name", Client.name_fold),
        ("sort=0", Client.name_fold),
        ("sort=last_contact_at", Client.last_contact_at),
        ("sort=next_contact_at", Client.next_contact_at),
    ],
)
@pytest.mark.parametrize("desc", ["", "&desc=1"])
def test_pages_together_are_the_whole_list_in_one_order(session, signed_in, many, sort, column, desc):
    """Every row once, whatever else is equal; what has no value stands last in either direction."""
    for number, client in enumerate(session.scalars(select(Client).limit(5)).all()):
        an_interaction(client=client, kind=an_interaction_kind(), person=a_user())
        session.commit()
        assert number < 5
    ask = signed_in(a_user())
    found: list[int] = []
    for page in range(4):
        text = ask.get(f"/clients/?page_size=20&page={page}&{sort}{desc}").text
        found += [int(each) for each in re.findall(r'<th scope="row"[^>]*><a href="/clients/(\d+)[?"]', text)]

    parts = [column.desc(), Client.id.desc()] if desc else [column, Client.id]
    wanted = session.scalars(select(Client.id).order_by(parts[0].nulls_last(), parts[1])).all()
    assert found == wanted


def test_a_page_that_is_not_there_is_the_last_one(session, signed_in, many):
    ask = signed_in(a_user())
    answer = ask.get(f"/clients/?page=7&group={many.id}&page_size=20")
    assert answer.status_code == 302
    assert f"group={many.id}" in answer.location
    assert len(names(ask.get(answer.location))) == 1


def test_a_long_list_is_counted_as_far_as_it_is_of_use(session, signed_in, many, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 40)
    page = signed_in(a_user()).get("/clients/?page_size=20")
    assert "<strong>40+</strong>" in page.text
    assert 'aria-label="Next page"' in page.text


def test_what_lies_too_deep_is_refused_with_a_word(session, signed_in, many, monkeypatch):
    monkeypatch.setattr(lists, "DEEPEST", 20)
    monkeypatch.setattr(lists, "COUNTED", 10)
    ask = signed_in(a_user())
    answer = ask.get("/clients/?page_size=20&page=2")
    assert answer.status_code == 302
    assert "page=1" in answer.location
    assert "narrow the list" in ask.get(answer.location).text


def test_the_address_alone_brings_the_same_list_back(session, signed_in, many):
    a_client(name="Клиент 9")
    address = f"/clients/?group={many.id}&search=клиент&sort=name&desc=1&page=1&page_size=20"
    mine, hers = (signed_in(a_user()).get(address) for _ in range(2))
    assert names(mine) == names(hers)
    assert names(mine)[0] == "Клиент 4"


def test_a_chip_drops_its_filter_and_nothing_else(session, signed_in, many):
    page = signed_in(a_user()).get(f"/clients/?group={many.id}&kind=company&search=клиент&sort=0").text
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    without_group = next(each for each in chips if "group=" not in each)
    assert len(chips) == 3
    assert "kind=company" in without_group
    assert "search=" in without_group


def test_a_file_has_the_lists_filters_and_order(session, signed_in, many):
    a_client(name="Другой")
    page = signed_in(a_user(Role.head)).get(f"/clients/?group={many.id}&sort=0&desc=1").text
    address = re.search(r'href="(/clients/export/csv/[^"]*)"', page)[1].replace("&amp;", "&")
    rows = signed_in(a_user(Role.head)).get(address).text.splitlines()
    assert len(rows) == 62
    assert rows[1].startswith("Клиент 6")
    assert "Другой" not in "".join(rows)


def test_days_begin_in_the_installations_zone(session, signed_in, noon):
    """2 March begins in Moscow at 21:00 of 1 March in UTC."""
    for hour, name in ((20, "Вчерашний"), (21, "Сегодняшний")):
        at = noon.replace(day=1, hour=hour)
        an_interaction(client=a_client(name=name), happened_at=at)
    ask = signed_in(a_user())
    since, until = (
        ask.get("/interactions/?from=2026-03-02").text,
        ask.get("/interactions/?to=2026-03-01").text,
    )
    assert ("Вчерашний" in since, "Сегодняшний" in since) == (False, True)
    assert ("Вчерашний" in until, "Сегодняшний" in until) == (True, False)


def test_a_list_with_nothing_in_it_offers_the_first(session, signed_in):
    page = signed_in(a_user()).get("/clients/").text
    assert "from the first touch on" in page
    assert "/clients/new/" in page
    assert session.scalar(select(Interaction.id)) is None


def choices(page, arg):
    """Of each choice of a filter on a page: its value, whether it is ticked, what it says."""
    said = re.findall(rf'<input type="checkbox" name="{arg}" value="([^"]+)"( checked)?>([^<]*)', page.text)
    return [(value, bool(ticked), words.strip()) for value, ticked, words in said]


def test_many_choices_wait_until_they_are_asked_for(session, signed_in):
    curators = [a_user(name=f"Curator {n}") for n in range(3)]
    ask = signed_in(a_user(Role.head, name="Head"))
    first = curators[0]
    page = ask.get(f"/clients/?curator={first.id}&curator=none")
    assert choices(page, "curator") == [(str(first.id), True, "Curator 0"), ("none", True, "nobody")]

    where = unescape(re.search(r'data-later="([^"]*of=curator[^"]*)"', page.text)[1])
    all_of_it = choices(ask.get(where), "curator")
    assert {words for _value, _ticked, words in all_of_it} >= {"Curator 0", "Curator 2", "nobody", "anybody"}
    assert [value for value, ticked, _words in all_of_it if ticked] == [str(first.id), "none"]

    without_scripts = ask.get(f"/clients/?curator={first.id}&curator=none&whole=1")
    assert choices(without_scripts, "curator") == all_of_it
    assert choices(ask.get("/clients/"), "curator") == []


@pytest.mark.parametrize("of", ["", "nothing", "next_contact", "search", "<b>"])
def test_choices_of_what_has_none_are_none(signed_in, of):
    answer = signed_in(a_user()).get("/clients/filters/", query_string={"of": of})
    assert answer.status_code == 200
    assert "<b>" not in answer.text
