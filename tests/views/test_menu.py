"""The menu is drawn once for many; everybody still sees his own."""

import re

import pytest

from models.kinds import InteractionState, Language, Role
from tests import factories as make

LINE = re.compile(
    r'<a class="side-link" href="([^"]+)"( aria-current="page")?>.*?<span class="side-text">([^<]*)</span>'
    r'(?:\s*<span class="side-count">(\d+)</span>)?</a>',
)


def menu(page):
    """Each line's address: what it says, its number, whether one is there."""
    return {where: (said, number, bool(here)) for where, here, said, number in LINE.findall(page.text)}


@pytest.fixture(autouse=True)
def drawn_before(signed_in):
    """Others of each role have looked already, in both languages."""
    for role in Role:
        for language in Language:
            signed_in(make.a_user(role, language=language)).get("/clients/")


def test_each_sees_what_his_role_may_open(signed_in):
    assert "/people/" in menu(signed_in(make.a_user(Role.admin)).get("/clients/"))
    assert "/people/" not in menu(signed_in(make.a_user(Role.manager)).get("/clients/"))


def test_each_reads_it_in_his_language(signed_in):
    page = signed_in(make.a_user(language=Language.ru)).get("/clients/")
    assert menu(page)["/clients/"][0] == "Клиенты"
    page = signed_in(make.a_user(language=Language.en)).get("/clients/")
    assert menu(page)["/clients/"][0] == "Clients"


def test_each_has_his_own_numbers(signed_in, noon):
    busy, idle = make.a_user(), make.a_user()
    for _ in range(3):
        make.an_interaction(state=InteractionState.planned, happened_at=noon, planned_for=noon, person=busy)
    assert menu(signed_in(busy).get("/clients/"))["/"][1] == "3"
    assert menu(signed_in(idle).get("/clients/"))["/"][1] == ""


def test_it_says_where_one_is(signed_in):
    ask = signed_in(make.a_user())
    for address in ("/clients/", "/groups/"):
        here = [where for where, (_said, _number, is_here) in menu(ask.get(address)).items() if is_here]
        assert here == [address]
