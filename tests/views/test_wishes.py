"""The bank of wishes: written down from the card and from a record, searched the other way, closed."""

from datetime import date, timedelta

import pytest

from crmadmin.core import clock, i18n
from models import Wish
from models.kinds import WishState
from tests import factories as make
from tests.support import all_of, csrf_of
from tests.views.doors import posted


def post(ask, where, **data):
    return posted(ask, f"/wishes/{where}", **data)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("", {"Хотим в Испанию", "Кабель 3х2,5"}),
        ("?search=испани", {"Хотим в Испанию"}),
        ("?search=ИСПАНИЮ+хот", {"Хотим в Испанию"}),
        ("?search=100%25", set()),
        ("?season=6", {"Хотим в Испанию"}),
        ("?season=none", {"Кабель 3х2,5"}),
        ("?season=13", {"Хотим в Испанию", "Кабель 3х2,5"}),
        ("?state=due", {"Кабель 3х2,5"}),
        ("?state=fulfilled", {"Труба"}),
        ("?state=dropped", set()),
        ("?state=all", {"Хотим в Испанию", "Кабель 3х2,5", "Труба"}),
    ],
)
def test_the_address_says_which(session, signed_in, anna, client, address, seen):
    today = i18n.today()
    texts = {
        "Хотим в Испанию": {"season": 6, "come_back_on": today + timedelta(days=60)},
        "Кабель 3х2,5": {"come_back_on": today},
        "Труба": {"state": WishState.fulfilled, "closed_at": clock.now()},
    }
    for words, more in texts.items():
        make.a_wish(client=client, words=words, words_fold=words.lower(), **more)
    page = signed_in(anna).get(f"/wishes/{address}")

    assert page.status_code == 200
    assert {words for words in texts if f">{words}</a>" in page.text} == seen


def test_one_is_written_down_once_from_a_record(session, signed_in, anna, client):
    record = make.an_interaction(client=client, request="Хотим в Испанию", reaction="")
    ask = signed_in(make.a_user())
    where = f"/wishes/new?client={client.id}&record={record.id}"
    page = ask.get(where)
    assert "Хотим в Испанию</textarea>" in page.text
    once = page.text.split('name="once" value="')[1].split('"')[0]
    data = {
        "csrf_token": csrf_of(page),
        "once": once,
        "words": "Хотим в Испанию",
        "season": "6",
        "lead_days": "60",
    }
    for _n in range(2):
        assert ask.post(where, data=data).location == f"/clients/{client.id}"

    (wish,) = all_of(session, Wish)
    assert (wish.interaction_id, wish.come_back_on) == (record.id, date(2026, 4, 2))
    card = ask.get(f"/clients/{client.id}").text
    assert "Хотим в Испанию" in card.split('id="card-wishes"')[1].split("</details>")[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"words": ""}, "Write down what the client wants"), ({"season": "13"}, "Choose a month"),
     ({"lead_days": "many"}, "whole number"), ({"lead_days": "99999"}, "whole number"),
     ({"come_back_on": "31.02"}, "no date"), ({"come_back_on": "2020-01-01"}, "past")],
)  # fmt: skip
def test_a_wrong_form_says_why_and_keeps_what_was_typed(session, signed_in, anna, client, wrong, sentence):
    typed = {"words": "Хотим", "why_not_now": "нет визы", "lead_days": "30"} | wrong
    answer = post(signed_in(anna), f"new?client={client.id}", **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="нет визы"' in answer.text
    assert all_of(session, Wish) == []


def test_one_is_changed_and_its_day_follows_again(session, signed_in, anna, client):
    wish = make.a_wish(client=client, season=6, lead_days=30, come_back_on=date(2026, 5, 2))
    ask = signed_in(anna)
    same = {"words": "Хотим", "season": "6", "come_back_on": "2026-05-02"}
    post(ask, f"{wish.id}", **same, lead_days="60")
    assert session.get(Wish, wish.id).come_back_on == date(2026, 4, 2)
    post(ask, f"{wish.id}", **same | {"come_back_on": "2026-06-01"}, lead_days="60")
    assert session.get(Wish, wish.id).come_back_on == date(2026, 6, 1)


def test_one_comes_true_or_is_dropped_with_a_reason(session, signed_in, anna, client):
    ask, wish = signed_in(anna), make.a_wish(client=client, words="Хотим в Испанию")
    refused = post(ask, f"{wish.id}/close", act="dropped", outcome="")
    assert refused.status_code == 422
    assert "Say why the wish is dropped" in refused.text
    assert "Хотим в Испанию</textarea>" in refused.text

    assert post(ask, f"{wish.id}/close", act="fulfilled", outcome="съездили").status_code == 302
    assert session.get(Wish, wish.id).state is WishState.fulfilled
    assert "съездили" in ask.get(f"/wishes/{wish.id}").text
    assert post(ask, f"{wish.id}", words="Ещё").status_code == 422


def test_strangers_see_it_and_change_nothing(signed_in, client):
    wish = make.a_wish(client=client, words="Хотим в Испанию")
    ask = signed_in(make.a_user())

    assert "Хотим в Испанию" in ask.get(f"/wishes/{wish.id}").text
    assert "<textarea" not in ask.get(f"/wishes/{wish.id}").text
    assert post(ask, f"{wish.id}", words="Моё").status_code == 403
    assert post(ask, f"{wish.id}/close", act="fulfilled").status_code == 403
    assert ask.post(f"/wishes/{wish.id}/close").status_code == 422
    assert ask.get("/wishes/99999999").status_code == 404
    assert ask.get("/wishes/new").location == "/clients/"


def test_the_bank_costs_the_same_however_full(signed_in, anna, queries):
    ask, costs = signed_in(anna), []
    for number in (1, 20):
        for _n in range(number):
            make.a_wish(client=make.a_client(curator=make.a_user()))
        with queries().counting() as seen:
            assert ask.get("/wishes/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 12, "\n".join(seen)
