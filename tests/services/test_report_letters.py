"""Pages of numbers that go out by themselves: set by whoever may, sent once to whoever may read them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import report_letters, report_post
from crmadmin.services.letters import Withheld
from crmadmin.services.report_letters import Wanted
from models import JournalEntry
from models.kinds import Every, LetterKind, Role
from tests.conftest import NOON
from tests.factories import (
    a_letter,
    a_notice_times,
    a_report_letter,
    a_user,
)
from tests.services.reporting import DAY, WEEK, given, set_up, written

EIGHT = NOON - timedelta(hours=4)  # of a Monday, in Moscow


def takes(letter):
    letter.sent_at = clock.now()


# Setting


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_only_head_and_admin_set_them(session, olga, role):
    for act in (
        lambda by: report_letters.set_up(Wanted("team", Every.week, [olga]), by=by),
        lambda by: report_letters.switch(a_report_letter(readers=[olga]), False, by=by),
    ):
        with pytest.raises(NotAllowed):
            act(a_user(role))


def test_whoever_may_not_see_the_numbers_is_refused_as_a_reader(session, olga):
    anna, boris = a_user(name="Анна"), a_user(name="Борис")
    with pytest.raises(DomainError, match="may not see the numbers of this page: Анна, Борис") as refused:
        set_up(olga, olga, anna, boris)
    assert refused.value.field == "readers"
    with pytest.raises(DomainError, match="Борис"):
        set_up(olga, anna, boris, page="person", person=anna)

    assert set_up(olga, anna, olga, page="person", person=anna).readers == [olga, anna]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"page": "nonsense"}, "page"),
        ({"page": "person"}, "person"),
        ({"readers": []}, "readers"),
    ],
)
def test_what_is_not_said_is_told_at_its_field(session, olga, given, field):
    wanted = Wanted(**{"page": "team", "every": Every.week, "readers": [olga]} | given)
    with pytest.raises(DomainError) as refused:
        report_letters.set_up(wanted, by=olga)

    assert refused.value.field == field


def test_who_set_it_and_for_whom_is_in_the_journal(session, olga, weekly):
    session.flush()
    entry = session.scalars(select(JournalEntry).where(JournalEntry.kind == "report_letter_created")).one()

    assert entry.subject_id == weekly.id
    assert "Ольга" in str(entry.data["readers"])


def test_the_second_editor_is_told_and_can_insist(session, olga, weekly):
    seen = report_letters.mark(weekly)
    report_letters.change(weekly, Wanted("team", Every.month, [olga]), seen=seen, by=olga)
    with pytest.raises(DomainError, match="meanwhile"):
        report_letters.change(weekly, Wanted("team", Every.week, [olga]), seen=seen, by=olga)
    report_letters.change(
        weekly, Wanted("team", Every.week, [olga]), seen=report_letters.mark(weekly), by=olga
    )

    assert weekly.every is Every.week


# When


def test_it_is_written_on_monday_at_eight_for_the_week_before_and_once(session, posting, olga, weekly):
    with clock.stopped_at(EIGHT - timedelta(minutes=1)):
        assert report_post.write(posting) == 0
    with clock.stopped_at(EIGHT):
        assert report_post.write(posting) == 1
        assert report_post.write(posting) == 0

    (letter,) = written()
    assert (letter.to, letter.key) == ("olga@example.ru", f"report-{weekly.id}-2026-03-02")
    assert letter.subject == "CRM: The team's numbers, 23 Feb – 1 Mar"
    with clock.stopped_at(EIGHT + WEEK):
        assert report_post.write(posting) == 1


def test_a_monthly_one_is_written_on_the_first(session, posting, olga):
    set_up(olga, every=Every.month, at=NOON - 10 * DAY)
    with clock.stopped_at(EIGHT - DAY):  # the first of March, a Sunday
        assert report_post.write(posting) == 1

    assert written()[0].subject == "CRM: The team's numbers, February 2026"


def test_a_period_counts_as_sent_when_no_letter_of_it_waits(session, posting, olga, weekly):
    first = weekly.sent_for
    report_post.write(posting)
    (letter,) = written()
    report_post.write(posting)
    assert weekly.sent_for == first
    letter.error, letter.tries = "451 later", 3
    report_post.write(posting)
    assert weekly.sent_for == first
    takes(letter)
    report_post.write(posting)

    assert weekly.sent_for == first + WEEK
    assert len(written()) == 1


def test_weeks_that_were_missed_are_sent_each_once(session, posting, olga, weekly):
    with clock.stopped_at(NOON + 2 * WEEK):
        assert report_post.write(posting) == 3
        assert report_post.write(posting) == 0
        for letter in written():
            takes(letter)
        report_post.write(posting)

    assert [letter.key[-10:] for letter in written()] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert str(weekly.sent_for) == "2026-03-16"


def test_what_fell_into_a_pause_is_not_sent_after_it(session, posting, olga, weekly):
    report_letters.switch(weekly, False, by=olga)
    with clock.stopped_at(NOON + 3 * WEEK):
        assert report_post.write(posting) == 0
        report_letters.switch(weekly, True, by=olga)
        assert report_post.write(posting) == 0
    with clock.stopped_at(NOON + 4 * WEEK):
        assert report_post.write(posting) == 1


def test_without_a_server_none_is_written_and_quiet_hours_are_waited_for(session, posting, olga, weekly):
    a_notice_times(person=olga, quiet_from=22 * 60, quiet_until=13 * 60)
    assert report_post.write(replace(posting, mail_url="")) == 0
    report_post.write(posting)

    assert written()[0].next_try_at == NOON + timedelta(hours=1)


# To whom


def test_whoever_left_lost_the_right_or_has_no_address_gets_none(session, posting, olga):
    others = [a_user(Role.head, email="x@example.ru") for _n in range(3)]
    row = set_up(olga, olga, *others)
    others[0].active = False
    others[1].role = Role.manager
    others[2].email = ""
    session.commit()
    assert report_post.write(posting) == 1

    told = {each.id: report_letters.hindrance(row, each) for each in row.readers}
    assert [told[each.id] for each in (olga, *others)] == [
        "",
        "is no longer with us",
        "may not see these numbers",
        "has no e-mail address here",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row, olga: setattr(olga, "role", Role.manager), "may not see"),
        (lambda row, olga: setattr(olga, "email", ""), "has no e-mail"),
        (lambda row, olga: setattr(row, "active", False), "was stopped"),
        (lambda row, olga: setattr(row, "every", Every.month), "set otherwise"),
        (lambda row, olga: row.readers.clear(), "not among the readers"),
        (lambda row, olga: setattr(row, "page", "gone"), "no such letters"),
    ],
)
def test_what_was_written_is_withheld_when_it_is_not_to_be_read_any_more(
    session, posting, olga, weekly, change, said
):
    a_user(Role.admin)
    report_post.write(posting)
    change(weekly, olga)
    session.commit()
    with pytest.raises(Withheld, match=said):
        given(written()[0], posting)


def test_a_letter_that_is_about_nothing_there_is_is_withheld(session, posting):
    with pytest.raises(Withheld):
        given(a_letter(kind=LetterKind.report, key="report-999-2026-03-02"), posting)
