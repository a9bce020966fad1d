"""Every list, filter and value: what the page shows is what plain Python finds among the same rows."""

import re
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.kinds import InteractionState, Role
from tests import factories as make
from tests.views.doors import screens
from tests.views.plain import LISTS, REFERENCE, found_by
from tests.views.rows import some_rows
from views.admin.filters import ANY, NONE, Filter

DAYS = ("yesterday", "today", "tomorrow", "last_week", "this_week", "next_week", "last_month", "this_month",
        "next_month", "last_1", "last_7", "last_30", "next_7", "next_30", "older_than_1", "older_than_30",
        "older_than_45")  # fmt: skip

DOWN = st.sampled_from(["", "1"])
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # a smaller example would take many new sets of rows
SEARCHES = ("", "ромашка", "ВАСИЛЕК", "рома", "чай ромаш", "клевер", "нет такого")


@contextmanager
def put_back(session):
    """What is made in here is not there afterwards."""
    point = session.get_bind().begin_nested()
    try:
        yield
    finally:
        session.remove()
        point.rollback()


@pytest.fixture
def seen(app, session, noon, signed_in):
    rows, boss = some_rows(session, 7, noon)
    return rows, filters_of(app, rows, boss), signed_in(boss)


def may_be_listed(place, row, said, words=""):
    """What a list leaves out unless it is looked for."""
    if place == "curators" and not _curates(row):
        return False
    if words:
        return found_by(row, words)
    if place == "clients":
        return "archived" in said or not row.archived
    if place == "interactions":
        return "state" in said or row.state is not InteractionState.planned
    return True


def _curates(row):
    may = row.active and row.role in {Role.manager, Role.head, Role.admin}
    return may or any(not client.archived for client in row.its_clients)


def wanted(place, rows, said, words=""):
    means = LISTS[place][1]
    return {
        row.id
        for row in rows[place]
        if may_be_listed(place, row, said, words)
        and all(any(means[arg](row, text) for text in texts) for arg, texts in said.items())
    }


def shown(ask, place, said, **more):
    page = ask.get(f"/{place}/?{urlencode({'page_size': 200} | said | more, doseq=True)}")
    assert page.status_code == 200, said
    return [int(id) for id in re.findall(r'<tr id="r(\d+)"', page.text)]


def turned(ask, place, said, **more):
    """Page by page, twenty rows at a time, until there are no more."""
    found: list[int] = []
    for page in count():
        address = f"/{place}/?{urlencode({'page_size': 20, 'page': page} | said | more, doseq=True)}"
        if page and len(found) == 20 * page and ask.get(address).status_code == 302:
            return found  # there is no such page: the last one was full
        found += (further := shown(ask, place, said, page_size=20, page=page, **more))
        if len(further) < 20:
            return found
    raise AssertionError("pages have no end")


def values_of(each: Filter, place, rows, viewer):
    """What the filter offers, and what it takes without offering it."""
    if each.kind == "yesno":
        return ["0", "1"]
    if each.kind == "number":
        return ["1", "30", "3650"]
    if each.kind == "date":
        return ["2026-01-20", "2026-03-02", "1999-01-01"]
    texts = [str(value) for value, _label in each.options(viewer)]
    texts += [str(row.client_id) for row in rows[place][:3]] if each.kind == "lookup" else []
    return [*texts, *(DAYS if "today" in texts else ())]


def filters_of(app, rows, viewer):
    """Each list's filters with the values to try."""
    with app.test_request_context():
        return {
            place: {each.arg: values_of(each, place, rows, viewer) for each in view.filters}
            for view in screens(app)
            if (place := view.url.strip("/")) in LISTS
        }


def test_each_filter_of_each_list_is_told_in_plain_python(app, seen):
    _rows, found, _ask = seen
    assert {place: set(args) for place, args in found.items()} == {
        place: set(means) for place, (_model, means) in LISTS.items()
    }
    assert set(found) == {view.url.strip("/") for view in screens(app) if view.filters}


@pytest.mark.parametrize("place", LISTS)
def test_each_value_alone_finds_exactly_its_rows(seen, place):
    rows, found, ask = seen
    several = 0
    for arg, texts in found[place].items():
        for text in dict.fromkeys(texts):
            said = {arg: [text]}
            expected = wanted(place, rows, said)
            assert set(shown(ask, place, said)) == expected, said
            several += 0 < len(expected) < len(rows[place])
    assert several >= min(4, len(found[place])) or LISTS[place][1] is REFERENCE


def some_filters(found, several):
    """Any values of any filters together, in an address as people may write it."""
    one_filter = st.sampled_from(sorted(arg for arg in found if found[arg])).flatmap(
        lambda arg: st.tuples(
            st.just(arg),
            st.lists(
                st.sampled_from(found[arg]), min_size=1, max_size=3 if arg in several else 1, unique=True
            ),
        )
    )
    return st.lists(one_filter, max_size=3, unique_by=lambda pair: pair[0]).map(dict)


@pytest.mark.parametrize("place", LISTS)
def test_filters_a_search_an_order_and_pages_go_together(app, session, noon, signed_in, place):
    """Whichever rows there are: several values are any, several filters all; none is lost or comes twice."""
    (view,) = (view for view in screens(app) if view.url.strip("/") == place)
    several = {each.arg for each in view.filters if each.several}
    searches = SEARCHES if LISTS[place][1] is not REFERENCE else ("",)

    @settings(max_examples=4 if len(searches) > 1 else 1, deadline=None, derandomize=False, print_blob=True,
              suppress_health_check=list(HealthCheck), phases=PHASES)  # fmt: skip
    @given(seed=st.integers(0, 999), data=st.data())
    def compare(seed, data):
        with put_back(session):
            rows, boss = some_rows(session, seed, noon)
            ask, found = signed_in(boss), filters_of(app, rows, boss)[place]
            for _ in range(12 if len(searches) > 1 else 3):
                said = data.draw(some_filters(found, several))
                words = data.draw(st.sampled_from(searches))
                how = {"sort": data.draw(st.sampled_from(sorted(view.sorts))), "desc": data.draw(DOWN)}
                shown_rows = turned(ask, place, said, search=words, **how)
                assert len(shown_rows) == len(set(shown_rows)), (said, words, how)
                assert set(shown_rows) == wanted(place, rows, said, words), (said, words, how)

    compare()


def test_what_may_be_empty_can_be_asked_for(app):
    """Whoever adds a filter of a column that may be empty gets both words."""
    for view in screens(app):
        for each in view.filters:
            if each.empty is not None:
                assert each.accepted([NONE, ANY, "x"]) == (NONE, ANY), (view.url, each.arg)


def test_nonsense_beside_a_value_is_left_out(seen):
    rows, _found, ask = seen
    group = rows["clients"][0].group_id
    said = {
        "group": [str(group), "x", "-1", "99999999999", str(group)],
        "next_contact": ["soon"],
        "silent_days": ["0"],
    }
    assert set(shown(ask, "clients", said)) == wanted("clients", rows, {"group": [str(group)]})


@pytest.mark.parametrize("arg", ["group", "region", "industry", "channel", "tag"])
def test_a_chip_names_what_is_switched_off(session, signed_in, arg):
    makers = {"group": make.a_client_group, "region": make.a_region, "industry": make.an_industry,
              "channel": make.a_channel, "tag": make.a_tag}  # fmt: skip
    row = makers[arg](name_en="Old ones", active=False)
    ask = signed_in(make.a_user(Role.head))

    page = ask.get(f"/clients/?{arg}={row.id}").text

    assert "Old ones" in re.search(r'class="chips?.*?</a>', page, re.DOTALL)[0]
    assert re.search(rf'value="{row.id}"[^>]*(selected|checked)[^>]*>\s*[^<]*Old ones', page)


@pytest.mark.parametrize("place", LISTS)
def test_no_filter_offers_the_same_twice(seen, place):
    _rows, _filters, ask = seen
    offered = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)"', ask.get(f"/{place}/").text)
    assert offered
    assert len(offered) == len(set(offered))
