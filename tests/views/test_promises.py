"""Promises: their register, the form, what becomes of each, the card, and the lines of the quick record."""

from datetime import UTC, datetime, timedelta

import pytest

from crmadmin.core import clock
from models import Promise
from models.kinds import PromiseSide, PromiseState, Role
from tests import factories as make
from tests.support import all_of, csrf_of
from tests.views.doors import posted
from tests.views.recording import PART, sent

DAY = timedelta(days=1)
FRIDAY = datetime(2026, 3, 6, 21, tzinfo=UTC) - timedelta(microseconds=1)


def post(ask, where, **data):
    return posted(ask, f"/promises/{where}", **data)


@pytest.fixture
def some(client, anna):
    """One of each, by its text."""
    boris = make.a_user(name="Борис Котов")
    lives = {"client": client, "person": anna, "settled_at": clock.now()}
    return {
        "due": make.a_promise(client=client, person=anna, text="смета", due_at=clock.now() + 9 * DAY),
        "late": make.a_promise(client=client, person=boris, text="каталог", due_at=clock.now() - DAY),
        "theirs": make.a_promise(person=boris, text="реквизиты", side=PromiseSide.theirs),
        "kept": make.a_promise(text="акт", state=PromiseState.kept, **lives),
        "broken": make.a_promise(text="образцы", state=PromiseState.broken, **lives),
    }


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("", {"смета", "каталог", "реквизиты"}),
        ("?state=overdue", {"каталог"}),
        ("?state=kept", {"акт"}),
        ("?state=broken", {"образцы"}),
        ("?state=moved", set()),
        ("?state=all", {"смета", "каталог", "реквизиты", "акт", "образцы"}),
        ("?side=theirs", {"реквизиты"}),
        ("?hands=mine", {"смета"}),
        ("?due=next_week", {"смета"}),
        ("?from=2026-03-05", {"смета"}),
        ("?state=nonsense&side=x&due=x&page=x", {"смета", "каталог", "реквизиты"}),
        ("?page=99999999999", {"смета", "каталог", "реквизиты"}),
        ("?page=3", set()),
    ],
)
def test_the_address_says_which(signed_in, anna, some, address, seen):
    page = signed_in(anna).get(f"/promises/{address}")

    assert page.status_code == 200
    assert {each.text for each in some.values() if f">{each.text}</a>" in page.text} == seen


def test_by_person_and_by_group(signed_in, anna, some):
    late = some["late"]
    page = signed_in(anna).get(f"/promises/?person={late.person_id}&group={late.client.group_id}").text

    assert ">каталог</a>" in page
    assert ">смета</a>" not in page
    assert ">реквизиты</a>" not in page


def test_what_is_late_says_so_and_the_menu_counts_it(signed_in, some):
    ask = signed_in(some["late"].person)

    assert "overdue:" in ask.get("/promises/?state=overdue").text
    assert '<span class="side-count">1</span>' in ask.get("/clients/").text


def test_one_is_kept_by_a_click_on_its_line(session, signed_in, anna, some):
    ask = signed_in(anna)
    answer = post(ask, f"{some['due'].id}/keep", next="/promises/?hands=mine")

    assert answer.location == "/promises/?hands=mine"
    assert session.get(Promise, some["due"].id).state is PromiseState.kept
    assert post(ask, f"{some['due'].id}/keep").status_code == 422


def test_one_is_moved_with_consent_in_words(session, signed_in, anna, some):
    ask = signed_in(anna)
    where = f"{some['due'].id}/move"
    wrong = post(ask, where, due="когда-нибудь", reason="ждём склад")
    assert wrong.status_code == 422
    assert "Say until when" in wrong.text
    assert "ждём склад" in wrong.text

    answer = post(ask, where, due="до пятницы", reason="ждём склад")
    assert answer.location == f"/clients/{some['due'].client_id}"
    new = all_of(session, Promise)[-1]
    assert (new.text, new.due_at, new.moved_from_id) == ("смета", FRIDAY, some["due"].id)
    assert "ждём склад" in ask.get(f"/promises/{some['due'].id}").text
    assert ask.get(f"/promises/{new.id}").status_code == 200


def test_one_is_broken_with_a_reason(session, signed_in, anna, some):
    ask = signed_in(anna)
    assert post(ask, f"{some['due'].id}/break_off", reason=" ").status_code == 422
    post(ask, f"{some['due'].id}/break_off", reason="сняли с производства")

    assert session.get(Promise, some["due"].id).outcome == "сняли с производства"


def test_strangers_see_it_and_settle_nothing(session, signed_in, some):
    stranger = signed_in(make.a_user())
    page = stranger.get(f"/promises/{some['due'].id}")

    assert page.status_code == 200
    assert "break_off" not in page.text
    assert post(stranger, f"{some['due'].id}/keep").status_code == 403
    assert stranger.get("/promises/99999999").status_code == 404
    assert stranger.get("/promises/99999999999999").status_code == 404
    assert post(stranger, f"{some['due'].id}/burn").status_code == 404


def test_without_a_token_nothing_is_done(signed_in, anna, some):
    assert signed_in(anna).post(f"/promises/{some['due'].id}/keep").status_code == 422


def test_a_promise_by_the_form_is_made_once(session, signed_in, anna, client):
    ask = signed_in(anna)
    where = f"/promises/new?client={client.id}"
    page = ask.get(where)
    once = page.text.split('name="once" value="')[1].split('"')[0]
    data = {"csrf_token": csrf_of(page), "once": once, "side": "theirs", "text": "реквизиты",
            "due": "до пятницы", "person": anna.id}  # fmt: skip
    for _n in range(2):
        assert ask.post(where, data=data).location == f"/clients/{client.id}"

    (made,) = all_of(session, Promise)
    assert (made.side, made.due_at) == (PromiseSide.theirs, FRIDAY)
    assert (made.client_id, made.person_id) == (client.id, anna.id)


def test_a_wrong_form_keeps_what_was_typed(signed_in, anna, client):
    answer = post(
        signed_in(anna), f"new?client={client.id}", text="", due="потом", side="ours", person=anna.id
    )

    assert answer.status_code == 422
    assert 'value="потом"' in answer.text
    assert "Say what is promised" in answer.text
    assert "Say until when" in answer.text


def test_the_form_takes_the_record_it_was_given_in(session, signed_in, anna, client):
    own, others = make.an_interaction(client=client), make.an_interaction()
    ask = signed_in(anna)
    for record in (own.id, others.id, "x"):
        post(ask, f"new?client={client.id}&record={record}", text="акт", due="завтра", person=anna.id)

    assert [each.interaction_id for each in all_of(session, Promise)] == [own.id, None, None]
    assert ask.get("/promises/new?client=x").location == "/clients/"
    assert ask.get("/promises/new?client=99999999").status_code == 404


def test_the_card_tells_both_ways_and_what_is_late_in_red(signed_in, client, some):
    make.a_promise(client=client, text="прислать устав", side=PromiseSide.theirs)
    page = signed_in(make.a_user()).get(f"/clients/{client.id}").text

    part = page.split('id="card-promises"')[1].split("</details>")[0]
    assert [word in part for word in ("смета", "каталог", "прислать устав", "образцы", "акт")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    assert part.count('class="promise-late"') == 2
    assert "overdue:" in part


def test_a_line_of_the_quick_record_becomes_a_promise(session, signed_in, anna, client):
    call = make.an_interaction_kind(code="call")
    answer = sent(signed_in(anna), client, call, reaction="! цены до пятницы")

    assert answer.status_code == 302
    (made,) = all_of(session, Promise)
    assert (made.text, made.due_at, made.interaction.reaction) == ("цены", FRIDAY, "")


def test_a_line_that_says_no_day_is_told_at_its_field_and_kept(session, signed_in, anna, client):
    call = make.an_interaction_kind(code="call")
    answer = sent(signed_in(anna), client, call, reaction="! цены", follow="none", no_next_reason="закрыто")

    assert answer.status_code == 422
    assert "Until when is “цены”?" in answer.text
    assert "! цены</textarea>" in answer.text
    assert all_of(session, Promise) == []


def test_while_one_types_the_form_says_how_it_understands(session, signed_in, anna, client):
    make.an_interaction_kind(code="call")
    ask = signed_in(anna)
    said = post(ask, f"understood/{client.id}", follow="7", request="!! акт завтра",
                reaction="! <b>цены</b> до пятницы\n! скидка").text  # fmt: skip

    assert "&lt;b&gt;цены&lt;/b&gt;" in said
    assert "Fri, 6 Mar" in said
    assert "The client promises: <b>акт</b>" in said
    assert "with the next contact" in said
    assert "Until when" in post(ask, f"understood/{client.id}", reaction="! скидка", follow="none").text
    assert "Fri, 6 Mar, 15:00" in post(ask, f"understood/{client.id}", due="в пятницу к 15:00").text
    assert "No day is recognized" in post(ask, f"understood/{client.id}", due="когда-нибудь").text
    assert all_of(session, Promise) == []


def test_how_well_they_are_kept_by_person(signed_in, anna, some):
    some["late"].due_at = clock.now() - timedelta(hours=1)
    make.a_promise(person=anna, state=PromiseState.kept_late, settled_at=clock.now(), due_at=clock.now())
    make.a_promise(person=anna, state=PromiseState.moved, settled_at=clock.now(), due_at=clock.now())
    page = signed_in(make.a_user(Role.head)).get("/promises/kept?period=this_month").text
    own = signed_in(anna).get("/promises/kept?period=nonsense").text

    row = page.split("Анна Белова")[-1].split("</tr>")[0]
    assert [word in row for word in (">3</a>", ">1</a>", "33 %")] == [True, True, True]
    assert "Борис Котов" in page.split("<tbody>")[1]
    assert "Борис Котов" not in own.split("<tbody>")[1]


def test_a_register_costs_the_same_however_long(signed_in, anna, queries):
    ask, costs = signed_in(anna), []
    for number in (1, 20):
        for _n in range(number):
            make.a_promise(person=anna)
        with queries().counting() as seen:
            assert ask.get("/promises/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 12, "\n".join(seen)


def test_a_part_of_a_page_does_not_count_for_the_menu(signed_in, anna, client, queries):
    ask = signed_in(anna)
    with queries().counting() as seen:
        ask.get(f"/clients/{client.id}/record", headers=PART)

    assert not [each for each in seen if "FROM promise" in each]
