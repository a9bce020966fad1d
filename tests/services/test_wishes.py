"""The bank of wishes: written down by anybody, found by any words, come back to in time, closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import i18n
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries import wishes as asked
from crmadmin.queries.visibility import wish_changeable_by
from crmadmin.services import wishes
from crmadmin.services.wishes import Wanted
from models import JournalEntry, Wish
from models.kinds import Role, WishState
from tests import factories as make


def noted(client, by, words="Хотим в Испанию", **more):
    with transaction(by=by):
        return wishes.note(client, Wanted(words, **more), by=by)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_hears_a_wish_writes_it_down(session, client, role):
    wish = noted(client, make.a_user(role), why_not_now="нет визы", season=6, lead_days=60)

    assert (wish.state, wish.come_back_on) == (WishState.open, date(2026, 4, 2))
    (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.subject == "wish")).all()
    assert entry.kind == "wish_created"
    assert entry.data["words"] == [None, "Хотим в Испанию"]


def test_a_chosen_day_counts_more_than_the_season(client, anna):
    assert noted(client, anna, season=6, come_back_on=date(2026, 3, 20)).come_back_on == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"words": " "}, "words"), ({"words": "x" * 4_001}, "words"),
     ({"why_not_now": "x" * 501}, "why_not_now"),
     ({"season": 13}, "season"), ({"lead_days": -1}, "lead_days"), ({"lead_days": 731}, "lead_days"),
     ({"come_back_on": date(2026, 3, 1)}, "come_back_on")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(client, anna, wrong, field):
    with pytest.raises(DomainError) as refusal:
        noted(client, anna, **wrong)
    assert {each.field for each in refusal.value.parts} == {field}


def test_it_is_found_by_parts_of_words_in_any_order(session, client, anna):
    spain = noted(client, anna, "Хотят ещё раз в Испанию, всей семьёй", why_not_now="паспорта")
    noted(client, anna, "Кабель 3х2,5 в Испанской оплётке")

    def who_wanted(typed):
        return session.scalars(select(Wish).where(asked.says(typed))).all()

    assert who_wanted("СЕМЬЕЙ испани") == [spain]
    assert who_wanted("паспорт") == [spain]
    assert who_wanted("100%") == []
    assert len(who_wanted("испан")) == len(who_wanted(" ")) == 2


def test_it_comes_back_in_its_week_to_whoever_has_the_client_in_hand(session, client, anna):
    boris = make.a_user()
    monday = i18n.today()
    late = make.a_wish(client=client, come_back_on=monday - timedelta(days=40))
    sunday = make.a_wish(client=client, come_back_on=monday + timedelta(days=6))
    next_week = make.a_wish(client=client, come_back_on=monday + timedelta(days=7))
    make.a_wish(client=client, come_back_on=None)
    make.a_wish(come_back_on=monday)  # another's client

    def due(person, day):
        return session.scalars(asked.due_in(person, day)).all()

    assert due(anna, monday) == due(anna, monday + timedelta(days=6)) == [late, sunday]
    assert due(anna, monday + timedelta(days=7)) == [late, sunday, next_week]
    assert due(boris, monday) == []
    make.a_substitution(substitute=boris, absence=make.an_absence(person=anna))
    assert due(boris, monday) == [late, sunday]


def test_it_is_changed_and_comes_true(session, client, anna):
    wish = noted(client, anna)
    with transaction(by=anna):
        wishes.change(wish, Wanted("В Португалию", season=9, lead_days=31), by=anna)
    assert (wish.words_fold, wish.come_back_on) == ("в португалию", date(2026, 8, 1))
    with transaction(by=anna):
        wishes.close(wish, state=WishState.fulfilled, outcome="съездили", by=anna)

    assert (wish.state, wish.closed_by, wish.outcome) == (WishState.fulfilled, anna, "съездили")
    told = select(JournalEntry.kind).where(JournalEntry.subject == "wish").order_by(JournalEntry.number)
    assert session.scalars(told).all() == ["wish_created", "wish_changed", "wish_fulfilled"]
    with pytest.raises(DomainError, match="closed already"):
        wishes.change(wish, Wanted("Ещё"), by=anna)


def test_to_drop_it_takes_a_reason(client, anna):
    wish = noted(client, anna)
    with pytest.raises(DomainError, match="Say why"):
        wishes.close(wish, state=WishState.dropped, outcome=" ", by=anna)
    with pytest.raises(DomainError):
        wishes.close(wish, state=WishState.open, outcome="x", by=anna)


def test_who_changes_it_says_one_rule_twice(session, client, anna):
    heard, away = make.a_user(Role.colleague), make.a_user()
    make.a_substitution(substitute=away, absence=make.an_absence(person=anna))
    wish = noted(client, heard)
    people = [heard, anna, away, make.a_user(Role.head), make.a_user(), make.a_user(Role.colleague)]

    said = [wishes.may_change_wish(wish, each) for each in people]

    rows = [session.scalars(select(Wish.id).where(wish_changeable_by(each))).all() for each in people]
    assert said == [wish.id in found for found in rows] == [True, True, True, True, False, False]
    with pytest.raises(NotAllowed):
        wishes.close(wish, state=WishState.fulfilled, outcome="", by=people[4])
