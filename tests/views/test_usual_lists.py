"""What a list shows while its address says nothing, and how it says so."""

import re
from datetime import timedelta

import pytest

from models import ListLayout
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_client_group, a_user, an_interaction
from tests.views.test_columns import choose, heads


def names_in(page, *names):
    return [name for name in names if f">{name}<" in page.text]


def tab_that_is_on(page):
    return re.findall(
        r'<a href="[^"]*" aria-current="page">([^<]+)</a>', page.text.split('class="list-bar"')[0]
    )


@pytest.fixture
def three_meetings(session, noon):
    """One held, one called off, two planned; clients' names say which."""
    an_interaction(client=a_client(name="Была"), happened_at=noon - timedelta(days=2))
    cancelled = InteractionState.cancelled
    an_interaction(client=a_client(name="Отменена"), state=cancelled, cancel_reason="так",
                   happened_at=noon - timedelta(days=1))  # fmt: skip
    for name, days in (("Далеко", 90), ("Близко", 1)):
        at = noon + timedelta(days=days)
        an_interaction(client=a_client(name=name), state=InteractionState.planned, happened_at=at)
    return "Была", "Отменена", "Далеко", "Близко"


def test_interactions_open_with_what_happened_the_newest_first(session, signed_in, three_meetings):
    page = signed_in(a_user()).get("/interactions/")

    assert names_in(page, *three_meetings) == ["Была", "Отменена"]
    assert page.text.index(">Отменена<") < page.text.index(">Была<")
    assert tab_that_is_on(page) == ["What happened"]


def test_plans_have_a_tab_of_their_own_the_nearest_first(session, signed_in, three_meetings):
    ask = signed_in(a_user())
    (address,) = re.findall(r'<a href="([^"]*)">Plans</a>', ask.get("/interactions/").text)
    page = ask.get(address.replace("&amp;", "&"))

    assert names_in(page, *three_meetings) == ["Далеко", "Близко"]
    assert page.text.index(">Близко<") < page.text.index(">Далеко<")
    assert tab_that_is_on(page) == ["Plans"]


def test_plans_say_what_is_to_be_done_and_which_are_late(session, signed_in, noon):
    for note, days in (("Спросить про остатки", -1), ("Поздравить", 1)):
        an_interaction(state=InteractionState.planned, happened_at=noon + timedelta(days=days), note=note)
    me = a_user()
    ask = signed_in(me)
    page = ask.get("/interactions/?state=planned&sort=happened_at")

    assert heads(page) == ["When", "Client", "Kind", "Our employee", "Note"]
    assert page.text.index("Спросить про остатки") < page.text.index("Поздравить")
    assert page.text.count('class="late"') == 1
    assert "Note" not in heads(ask.get("/interactions/"))


def test_whoever_chose_columns_has_them_in_the_plans_too(session, signed_in):
    an_interaction(state=InteractionState.planned)
    me = a_user()
    ask = signed_in(me)
    usual = re.search(r'name="usual" value="([^"]+)"', ask.get("/interactions/?state=planned").text)[1]
    choose(ask, *usual.split(), where="interactions", usual=usual, page_size="20")
    assert "Result" in heads(ask.get("/interactions/?state=all"))  # only the size was chosen
    assert heads(ask.get("/interactions/?state=planned"))[-1] == "Note"

    choose(ask, "client", "minutes", where="interactions", usual=usual)
    for state in ("planned", "all"):
        assert heads(ask.get(f"/interactions/?state={state}")) == ["When", "Client", "Minutes"]


def test_who_is_to_be_contacted_today_was_not_forgotten_yesterday(session, signed_in, noon):
    me = a_user()
    for name, days in (("Вчерашний", -1), ("Сегодняшний", 0), ("Завтрашний", 1)):
        at = noon + timedelta(days=days, hours=1)
        a_client(name=name, curator=me, next_contact_at=at)
    ask = signed_in(me)
    (address,) = re.findall(r'<a href="([^"]*)">Mine, to be contacted today</a>', ask.get("/clients/").text)
    page = ask.get(address.replace("&amp;", "&"))

    assert names_in(page, "Вчерашний", "Сегодняшний", "Завтрашний") == ["Вчерашний", "Сегодняшний"]
    assert tab_that_is_on(page) == ["Mine, to be contacted today"]


@pytest.mark.parametrize("asked", ["state=all", "state=held&state=cancelled&state=planned"])
def test_all_interactions_are_there_for_the_asking(session, signed_in, three_meetings, asked):
    page = signed_in(a_user()).get(f"/interactions/?{asked}")
    assert names_in(page, *three_meetings) == list(three_meetings)


def test_a_file_has_what_its_list_shows(session, signed_in, three_meetings):
    ask = signed_in(a_user(Role.head))
    assert len(ask.get("/interactions/export/csv/").text.splitlines()) == 1 + 2
    assert len(ask.get("/interactions/export/csv/?state=all").text.splitlines()) == 1 + 4
    assert len(ask.get("/interactions/export/csv/?state=planned").text.splitlines()) == 1 + 2


def test_a_search_looks_through_everything(session, signed_in, three_meetings):
    assert names_in(signed_in(a_user()).get("/interactions/?search=далеко"), "Далеко") == ["Далеко"]


def test_the_card_leads_to_all_of_its_interactions(session, signed_in):
    client = a_client()
    an_interaction(client=client)
    assert (
        f"/interactions/?client={client.id}&amp;state=all"
        in signed_in(a_user()).get(f"/clients/{client.id}").text
    )


def test_the_list_of_clients_says_that_it_leaves_the_archived_out(session, signed_in, noon):
    a_client(name="Живая"), a_client(name="Убранная", archived_at=noon)
    ask = signed_in(a_user())

    assert names_in(ask.get("/clients/"), "Живая", "Убранная") == ["Живая"]
    assert "no; a search finds all" in ask.get("/clients/filters/").text
    for asked, found in (
        ("archived=1", 1),
        ("archived=0", 1),
        ("archived=all", 2),
        ("archived=0&archived=1", 2),
    ):
        page = ask.get(f"/clients/?{asked}")
        assert f"<strong>{found}</strong>" in page.text, asked
    assert "Убранная" in ask.get("/clients/?archived=all").text


def test_a_groups_number_is_that_of_the_list_behind_it(session, signed_in, noon):
    group = a_client_group(name_ru="Ключевые", name_en="Key")
    a_client(group=group), a_client(group=group), a_client(group=group, archived_at=noon)
    ask = signed_in(a_user())

    assert f'<a href="/clients/?group={group.id}">2</a>' in ask.get("/groups/").text
    assert "<strong>2</strong>" in ask.get(f"/clients/?group={group.id}").text


@pytest.mark.parametrize(
    ("role", "offered", "not_offered"),
    [
        (Role.manager, ["Mine", "Mine and silent"], ["Without a curator"]),
        (Role.head, ["Silent ones", "Without a curator", "Mine"], []),
        (Role.colleague, [], ["Silent ones", "Mine"]),
    ],
)
def test_ready_lists_are_those_of_ones_work(session, signed_in, role, offered, not_offered):
    page = signed_in(a_user(role)).get("/clients/").text
    tabs = re.findall(r"<a [^>]+>([^<]+)</a>", page.split('class="list-tabs"')[-1].split("</nav>")[0])
    assert not set(offered) - set(tabs)
    assert not set(not_offered) & set(tabs)


def test_clients_without_a_curator_are_found_by_their_tab(session, signed_in):
    a_client(name="Ничья", curator=None), a_client(name="Чья-то", curator=a_user())
    page = signed_in(a_user(Role.head)).get("/clients/?curator=none")

    assert names_in(page, "Ничья", "Чья-то") == ["Ничья"]
    assert tab_that_is_on(page) == ["Without a curator"]


def test_a_small_screen_leaves_a_column_out_until_columns_are_chosen(session, signed_in):
    a_client()
    me = a_user(Role.colleague)
    assert 'class="table list gives-3"' in signed_in(me).get("/clients/").text

    session.add(ListLayout(person_id=me.id, list="clients", columns="name industry group"))
    session.commit()
    assert 'class="table list"' in signed_in(me).get("/clients/").text
