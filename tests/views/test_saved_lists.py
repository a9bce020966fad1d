"""Lists kept under a name: one's own and shared, as tabs; who may rename, share and remove them."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from models import JournalEntry, SavedFilter
from models.kinds import Role
from tests.factories import a_saved_filter, a_user
from tests.views.doors import token_of


def tabs(page):
    line = re.search(r'<nav class="list-tabs".*?</nav>', page.text, re.DOTALL)
    return (
        dict(re.findall(r'<a href="([^"]+)"[^>]*>\s*(?:<i.*?</span>)?([^<]+)</a>', line[0])) if line else {}
    )


def save(ask, name, query="group=none&kind=company&junk=1", **more):
    data = {"csrf_token": token_of(ask), "list": "clients", "name": name, "query": query, **more}
    return ask.post("/lists/save", data=data)


def change(ask, saved, **more):
    data = {"csrf_token": token_of(ask), "saved": saved.id, "url": "/clients/", "name": saved.name, **more}
    return ask.post("/lists/change", data=data)


def test_a_list_is_kept_under_a_name_and_comes_back_as_a_tab(session, signed_in):
    ask = signed_in(a_user())
    answer = save(ask, "  Компании   мои ", "kind=company&sort=name&desc=1&page=3&junk=1&search=мост")
    assert answer.status_code == 302
    saved = session.scalars(select(SavedFilter)).one()
    assert (saved.name, saved.shared) == ("Компании мои", False)
    assert "junk" not in saved.query
    assert "page" not in saved.query
    page = ask.get(answer.location)
    address = next(address for address, name in tabs(page).items() if name == "Компании мои")
    assert unescape(address) == answer.location
    assert re.search(r'aria-current="page"[^>]*>Компании мои', page.text)


def test_what_others_keep_to_themselves_nobody_sees(session, signed_in):
    a_saved_filter(name="Секрет")
    a_saved_filter(name="Для всех", shared=True)
    found = tabs(signed_in(a_user(Role.admin)).get("/clients/")).values()
    assert "Для всех" in found
    assert "Секрет" not in found
    assert "Для всех" not in tabs(signed_in(a_user()).get("/interactions/")).values()


@pytest.mark.parametrize(
    ("who", "shared", "status"),
    [
        ("owner", False, "changed"),
        ("owner", True, "changed"),
        (Role.head, True, "changed"),
        (Role.admin, True, "changed"),
        (Role.manager, True, "refused"),
        (Role.colleague, True, "refused"),
        (Role.manager, False, "unknown"),
        (Role.admin, False, "unknown"),
    ],
)
@pytest.mark.parametrize("act", ["rename", "remove"])
def test_the_owner_and_whoever_keeps_order_may_change_it(session, signed_in, who, shared, status, act):
    owner = a_user()
    saved = a_saved_filter(person=owner, name="Было", shared=shared)
    ask = signed_in(owner if who == "owner" else a_user(who))
    answer = change(ask, saved, name="Стало", act=act, **({"shared": "1"} if shared else {}))
    assert answer.status_code == (404 if status == "unknown" else 302)
    left = session.scalars(select(SavedFilter.name)).all()
    done = [] if act == "remove" else ["Стало"]
    assert left == (done if status == "changed" else ["Было"])


def test_sharing_and_removing_are_in_the_journal(session, signed_in):
    me = a_user()
    ask = signed_in(me)
    save(ask, "Мост")
    change(ask, session.scalars(select(SavedFilter)).one(), shared="1")
    change(ask, session.scalars(select(SavedFilter)).one(), act="remove")
    told = session.scalars(select(JournalEntry).where(JournalEntry.subject == "saved_filter")).all()
    assert [(each.kind, each.chain, each.by_id) for each in told] == [
        ("saved_filter_created", 0, me.id),
        ("saved_filter_changed", 0, me.id),
        ("saved_filter_removed", 0, me.id),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Give it a name"), (" \x00 ", "Give it a name"), ("ы" * 61, "60 letters"), ("Мост", "already")],
)
def test_a_name_that_will_not_do_is_refused_with_a_word(session, signed_in, name, said):
    me = a_user()
    a_saved_filter(person=me, name="Мост")
    ask = signed_in(me)
    answer = save(ask, name)
    assert said in ask.get(answer.location).text
    assert session.scalars(select(SavedFilter.name)).all() == ["Мост"]


def test_two_people_may_use_one_name_and_one_person_in_two_lists(session, signed_in):
    me = a_user()
    a_saved_filter(name="Мост")
    a_saved_filter(person=me, name="Мост", list="interactions")
    save(signed_in(me), "Мост")
    assert len(session.scalars(select(SavedFilter)).all()) == 3


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_a_list_one_may_not_see_keeps_nothing(session, signed_in, role):
    ask = signed_in(a_user(role))
    for name in ("people", "industries", "home", "", "nowhere"):
        assert save(ask, "x", list=name).status_code == 404
    assert session.scalars(select(SavedFilter)).all() == []


def test_no_form_of_a_list_leads_elsewhere(session, signed_in):
    ask = signed_in(a_user())
    saved = a_saved_filter(shared=True)
    for url in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert change(ask, saved, url=url).status_code == 400
    for id in ("", "x", "0", "99999999999", "-1"):
        assert ask.post("/lists/change", data={"csrf_token": token_of(ask), "saved": id}).status_code == 404


@pytest.mark.parametrize("name", ["", " ", "ы" * 61, "ы" * 300, "Занято"])
def test_the_head_keeps_somebodys_list_to_its_owner_only_under_a_name_that_can_be(session, signed_in, name):
    owner = a_user()
    a_saved_filter(person=owner, name="Занято")
    saved = a_saved_filter(person=owner, name="Было", shared=True)

    answer = change(signed_in(a_user(Role.head)), saved, name=name)

    assert answer.status_code == 302
    session.expire_all()
    kept = session.execute(select(SavedFilter.name, SavedFilter.shared).where(SavedFilter.id == saved.id))
    assert kept.one() == ("Было", True)


@pytest.mark.parametrize(("typed", "name"), [("Стало", "Стало"), ("a\x00b", "ab")])
def test_the_head_keeps_somebodys_list_to_its_owner_and_loses_sight_of_it(session, signed_in, typed, name):
    saved, ask = a_saved_filter(name="Было", shared=True), signed_in(a_user(Role.head))

    assert change(ask, saved, name=typed).status_code == 302

    kept = session.execute(select(SavedFilter.name, SavedFilter.shared).where(SavedFilter.id == saved.id))
    assert kept.one() == (name, False)
    assert change(ask, saved, name="Ещё").status_code == 404
