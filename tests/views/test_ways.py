"""From a list to a card, on to the next and back; and to the last page, as fast as to the first."""

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import select

from models import Client
from models.kinds import Role
from tests import factories as make
from tests.views.test_columns import mixed, plain_order  # noqa: F401  (a fixture)
from views.admin import lists
from views.admin.clients import ClientView

OPTIONS = [(sort, desc) for sort in ClientView.sorts for desc in ("", "&desc=1")]


def ids(page):
    return [int(id) for id in re.findall(r'<tr id="r(\d+)"', page.text)]


def id_in(address):
    return int(re.match(r"/clients/(\d+)", address)[1])


def link(page, label):
    found = re.search(rf'<a class="btn btn-outline-secondary" href="([^"]+)" aria-label="{label}"', page.text)
    return unescape(found[1]) if found else None


@pytest.mark.parametrize(("sort", "desc"), OPTIONS)
def test_next_and_previous_follow_the_lists_order(session, signed_in, mixed, sort, desc):  # noqa: F811
    """All the way through; and each step back again leads to where one came from."""
    curator = mixed[1].curator_id
    list_address = f"/clients/?curator={curator}&curator=none&sort={sort}{desc}"
    meant = [row for row in mixed if row.curator_id in {None, curator}]
    order = plain_order(meant, sort, bool(desc))
    ask = signed_in(make.a_user())
    address, seen = f"/clients/{order[0]}?url={quote(list_address)}", []
    while address:
        page = ask.get(address)
        before = link(page, "Previous in the list")
        assert (id_in(before) if before else None) == (seen[-1] if seen else None)
        seen.append(id_in(address))
        address = link(page, "Next in the list")
    assert seen == order


def test_a_card_leads_back_to_its_row_on_the_same_page(session, signed_in):
    with make.together():
        for _ in range(45):
            make.a_client()
    ask = signed_in(make.a_user(Role.head))
    page = ask.get("/clients/?page=1&page_size=20&sort=created_at")
    address, id = re.search(r'<a href="(/clients/(\d+)\?url=[^"]+)"', page.text).groups()
    card = ask.get(unescape(address)).text
    back = unescape(re.search(r'href="([^"]+)"><i class="bi bi-arrow-left"', card)[1])
    path, _, place = back.partition("#")
    assert place == f"r{id}"
    assert ids(ask.get(path)) == ids(page)
    edit = unescape(re.search(r'href="(/clients/edit/[^"]+)"', card)[1])
    cancel = re.search(r'href="([^"]+)" data-leave', ask.get(edit).text)[1]
    assert unescape(cancel) == unescape(address)


@pytest.mark.parametrize("url", ["", "/interactions/", "/clients/1", "/clients/%00", "x", "/clients"])
def test_a_card_opened_from_elsewhere_has_no_way(session, signed_in, url):
    client = make.a_client()
    page = signed_in(make.a_user()).get(f"/clients/{client.id}?url={url}")
    assert page.status_code in {200, 400}
    assert 'class="way"' not in page.text or url.startswith("/clients/%00")


@pytest.mark.parametrize("url", ["//evil.example/clients/", "https://evil.example/", "/\\evil"])
def test_a_card_leads_to_no_other_place(session, signed_in, url):
    assert signed_in(make.a_user()).get(f"/clients/{make.a_client().id}?url={url}").status_code == 400


def test_a_client_that_is_no_longer_in_the_list_still_has_neighbours(session, signed_in):
    group, other = make.a_client_group(), make.a_client_group()
    first, middle, last = (make.a_client(name=name, group=group) for name in "абв")
    middle.group = other
    session.commit()
    page = signed_in(make.a_user()).get(f"/clients/{middle.id}?url=/clients/?group={group.id}")
    assert link(page, "Previous in the list").startswith(f"/clients/{first.id}?")
    assert link(page, "Next in the list").startswith(f"/clients/{last.id}?")


def test_the_way_through_costs_a_constant_number_of_questions(session, signed_in, queries):
    ask, costs = signed_in(make.a_user()), []
    group = make.a_client_group()
    for more in (2, 198):
        with make.together():
            made = [make.a_client(group=group) for _ in range(more)]
        with queries().counting() as seen:
            ask.get(f"/clients/{made[0].id}?url=/clients/?sort=next_contact_at")
        costs.append(len(seen))
    assert abs(costs[0] - costs[1]) <= 2  # those without a value are asked for apart
    assert max(costs) <= 44


def test_an_interaction_has_its_way_too(session, signed_in, noon):
    made = [make.an_interaction() for _ in range(3)]
    page = signed_in(make.a_user()).get(f"/interactions/details/?id={made[1].id}&url=/interactions/")
    assert f"id={made[0].id}" in link(page, "Next in the list")
    assert f"id={made[2].id}" in link(page, "Previous in the list")


@pytest.fixture
def long(session, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 30)
    group = make.a_client_group()
    with make.together():
        for number in range(67):
            make.a_client(name=f"К {number // 9}", group=group)
    return session.scalars(select(Client.id).order_by(Client.name_fold, Client.id)).all()


@pytest.mark.parametrize("desc", ["", "&desc=1"])
def test_pages_from_the_end_are_the_end_of_the_plain_order(signed_in, long, desc):
    ask = signed_in(make.a_user())
    order = long[::-1] if desc else long
    for page in (-1, -2, -3):
        end = len(order) + (page + 1) * 20
        assert ids(ask.get(f"/clients/?page_size=20&sort=name{desc}&page={page}")) == order[end - 20 : end]
    assert ids(ask.get(f"/clients/?page_size=20&sort=name{desc}&page=-4")) == order[:7]
    assert ask.get(f"/clients/?page_size=20&page=-5{desc}").status_code == 302


def test_the_last_page_is_a_click_away_and_costs_what_the_first_does(signed_in, long, queries):
    ask = signed_in(make.a_user())
    page = ask.get("/clients/?page_size=20")
    address = unescape(re.search(r'href="([^"]+)" aria-label="Last page"', page.text)[1])
    assert "page=-1" in address
    costs = []
    for where in ("/clients/?page_size=20", address):
        with queries().counting() as seen:
            last = ask.get(where)
        costs.append(len(seen))
    assert costs[1] <= costs[0] + 1
    assert "OFFSET" not in "".join(each for each in seen if "OFFSET ? OFFSET" in each)
    assert ids(last) == long[-20:]
    assert "page=-2" in last.text


def test_a_short_list_numbers_its_last_page(session, signed_in):
    with make.together():
        for _ in range(45):
            make.a_client()
    answer = signed_in(make.a_user()).get("/clients/?page_size=20&page=-1")
    assert answer.status_code == 302
    assert "page=2" in answer.location


@pytest.mark.parametrize("words", ["мост", "мост и вода", "100% & +7 #1", "<b>\"'", "a=b&c", "ё%20ё"])
def test_whatever_was_searched_for_the_way_back_is_the_same_list(session, signed_in, words):
    client = make.a_client(name=f"Клиент {words}")
    session.commit()
    ask = signed_in(make.a_user(Role.head))
    listed = f"/clients/?search={quote(words)}"
    page = ask.get(listed)
    for pattern in (r'<a href="(/clients/\d+\?url=[^"]+)"', r'href="(/clients/edit/\?id=\d+&url=[^"]+)"'):
        address = unescape(re.search(pattern, page.text)[1])
        back = parse_qs(urlsplit(address).query)["url"][0]
        assert parse_qs(urlsplit(back).query)["search"] == [words]
        assert urlsplit(back).fragment == f"r{client.id}"
    card = ask.get(unescape(re.search(r'<a href="(/clients/\d+\?url=[^"]+)"', page.text)[1]))
    back = unescape(re.search(r'href="([^"]+)"><i class="bi bi-arrow-left"', card.text)[1])
    assert ids(ask.get(back.partition("#")[0])) == [client.id]


def test_an_address_carried_in_a_row_is_no_longer_than_it_must_be(session, signed_in):
    make.a_client(name="Мостотрест")
    session.commit()
    page = signed_in(make.a_user(Role.head)).get("/clients/?search=мост")
    assert re.search(r'<a href="/clients/\d+\?url=/clients/\?search=мост%23r\d+"', page.text)
