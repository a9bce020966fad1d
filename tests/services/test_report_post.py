"""A letter with numbers says what they are when it goes, in its reader's language, with its table."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import letters, report_letters, report_post
from models import Letter, ReportLetter
from models.kinds import Language, Role
from tests.conftest import NOON
from tests.factories import a_record_cost, a_user, an_interaction, an_interaction_kind
from tests.services.reporting import DAY, WEEK, given, rows_of, set_up, written


@pytest.fixture
def a_week(session):
    """Anna has spoken far more than usual; Boris as he always does."""
    kind = an_interaction_kind(code="call", name_ru="Звонок", name_en="Call")
    with clock.stopped_at(NOON - 90 * DAY):
        anna, boris = a_user(name="Анна <b>"), a_user(name="Борис")
    for week in range(1, 13):
        for number in range(48 if week == 1 else 4):
            at = NOON - week * WEEK + number * timedelta(hours=2)
            an_interaction(person=anna, kind=kind, happened_at=at, recorded_at=at, minutes=10)
        for day in range(3 + week % 3):
            at = NOON - week * WEEK + day * DAY
            an_interaction(person=boris, kind=kind, happened_at=at, recorded_at=at, minutes=10)
    return anna, boris


def test_the_team_s_letter_says_who_is_to_be_talked_to_and_what_it_comes_to(
    session, posting, olga, weekly, a_week
):
    report_post.write(posting)
    drawn = given(written()[0], posting)

    assert drawn.subject == "CRM: The team's numbers, 23 Feb – 1 Mar (1 to talk to)"
    for said in (
        "- Анна <b> (Contacts: 48, Meetings: 0",
        "  * Contacts: 48, too many, expected 3.2 to 3.2: own history",
        "  * Contacts with a result: 0 %",
        "- Contacts: 52",
        "- Minutes: 8 h 40 min",
        "As expected\n- Борис: Contacts: 4,",
        "https://crm.example.ru/kpi/?from=2026-02-23&to=2026-03-01",
    ):
        assert said in drawn.text, drawn.text
    assert "\n\n\n" not in drawn.text
    assert "Анна &lt;b&gt;" in drawn.html
    assert "<b>" not in drawn.html


def test_the_file_holds_the_same_numbers(session, posting, olga, weekly, a_week):
    report_post.write(posting)
    (file,) = given(written()[0], posting).files
    rows = rows_of(file.content)
    contacts = rows[0].index("Contacts")

    assert file.name == "team-2026-02-23.xlsx"
    assert {row[0]: row[contacts] for row in rows[1:]} | {"Total": 52} == {
        "Анна <b>": 48, "Борис": 4, "Median of the team": None, "Total": 52,
    }  # fmt: skip


def test_it_says_the_numbers_as_they_are_when_it_goes(session, posting, olga, weekly, a_week):
    report_post.write(posting)
    (letter,) = written()
    an_interaction(
        person=a_week[1], kind=an_interaction_kind(code="meeting"), happened_at=NOON - 2 * DAY, minutes=60
    )
    drawn = given(letter, posting)

    assert "- Contacts: 53" in drawn.text
    assert rows_of(drawn.files[0].content)[-1][2] == 53


def test_a_person_reads_his_own_in_his_language(session, posting, olga, a_week):
    anna = a_week[0]
    anna.email, anna.language = "anna@example.ru", Language.ru
    set_up(olga, anna, page="person", person=anna)
    report_post.write(posting)
    drawn = given(written()[0], posting)

    assert drawn.subject.startswith("CRM: Показатели: Анна <b>, 23 февраля – 1 марта")
    assert "Контакты: 48" in drawn.text
    assert "Борис" not in drawn.text
    assert drawn.files[0].name == f"person-{anna.id}-2026-02-23.xlsx"


def test_who_works_with_whom_is_a_page_too(session, posting, olga, a_week):
    """Those with most contacts in words, all of them in the file."""
    client = an_interaction(person=a_week[1], happened_at=NOON - 2 * DAY, minutes=60).client
    client.name = "Мост"
    for _n in range(2):
        an_interaction(person=a_week[0], client=client, happened_at=NOON - 2 * DAY, minutes=10)
    set_up(olga, page="matrix")
    report_post.write(posting)
    drawn = given(written()[0], posting)

    said = "- Мост: Who: Борис, Contacts: 1, Minutes: 60, of them estimated: 0, Last contact: 28 Feb"
    assert said in drawn.text
    assert "and more, in the attached file" in drawn.text
    assert "To be talked about" not in drawn.text
    rows = rows_of(drawn.files[0].content)
    assert [row[:3] for row in rows[1:3]] == [("Мост", "Борис", 1), ("Мост", "Анна <b>", 2)]
    assert drawn.files[0].name == "matrix-2026-02-23.xlsx"


def test_what_recording_costs_goes_to_anybody_of_us(session, posting, olga, a_week):
    """The week before in words, the weeks before it in the file."""
    anna = a_week[0]
    anna.email, anna.language = "anna@example.ru", Language.en
    a_record_cost(person=anna, on_day=(NOON - 3 * DAY).date(), seconds=12, keys=20)
    set_up(olga, anna, page="cost")
    report_post.write(posting)
    drawn = given(written()[0], posting)

    assert "What recording costs, 23 Feb – 1 Mar" in drawn.subject
    assert "- Анна <b>: Forms opened: 1, Left unsaved, %: 0, Seconds to the saved record: 12" in drawn.text
    assert "Анна <b>" in [row[2] for row in rows_of(drawn.files[0].content)]
    assert "/kpi/cost/?week=2026-02-23" in drawn.text


def test_a_week_in_which_nobody_worked_says_so(session, posting, olga, weekly):
    report_post.write(posting)
    drawn = given(written()[0], posting)

    assert "nothing in this time" in drawn.text
    assert len(rows_of(drawn.files[0].content)) == 3


def test_a_trial_is_of_the_last_whole_period_to_whoever_asks_and_one_a_minute(session, posting, olga):
    misha = a_user(Role.admin, email="m@example.ru")
    row = set_up(olga, olga)
    row.active = False
    first = report_post.trial(row, posting, by=misha)
    assert report_post.trial(row, posting, by=misha) is None
    letter = session.get(Letter, first)

    assert letter.person is misha
    assert letter.next_try_at > NOON
    assert "23 Feb" in given(letter, posting).subject or "23 февраля" in given(letter, posting).subject
    assert row.sent_for == report_letters.since(row)


def test_writing_costs_the_same_with_one_letter_set_and_with_ten(session, posting, olga, queries):
    def cost():
        with queries().counting() as seen:
            report_post.write(posting)
        return len(seen)

    with clock.stopped_at(NOON - 5 * DAY):
        set_up(olga)
        first = cost()
        for _n in range(9):
            set_up(olga)
        assert cost() == first


def test_the_row_of_a_letter_keeps_what_was_sent(session, posting, olga, weekly, a_week):
    report_post.write(posting)
    (letter,) = written()
    drawn = given(letter, posting)
    letters.note(letter.id, None, drawn)

    assert (letter.text, letter.html) == (drawn.text, drawn.html)
    assert session.scalars(select(ReportLetter)).one().sent_for is not None
