"""Letters are rows first: of notices for whoever wants them, and the digest of the morning."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import digest, letters, notices
from crmadmin.services.notices import Telling
from models import Letter
from models.kinds import InteractionState, Language, LetterKind, NoticeChannel, NoticeKind, PromiseSide, Role
from tests.conftest import NOON
from tests.factories import (
    a_client,
    a_client_group,
    a_journal_anchor,
    a_letter,
    a_notice,
    a_notice_choice,
    a_notice_times,
    a_promise,
    a_substitution,
    a_user,
    a_wish,
    an_absence,
    an_interaction,
    an_interaction_kind,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EIGHT = NOON - timedelta(hours=4)  # in the morning in Moscow


@pytest.fixture
def settings(app, session):
    with app.app_context():
        yield replace(app.config["CRM"], mail_url="smtp://127.0.0.1", base_url="https://crm.example.ru")


@pytest.fixture
def anna(session):
    return a_user(name="Анна", email="anna@example.ru", language=Language.en)


def overdue(person, key="promise-1"):
    data = {"client": "Мост", "text": "цены", "side": "ours", "at": NOON.isoformat()}
    notices.tell_each([Telling(person.id, NoticeKind.promise_overdue, key, None, "", None, data)])


def written(session, **which):
    return session.scalars(select(Letter).filter_by(**which).order_by(Letter.id)).all()


def test_what_came_together_is_one_letter_and_comes_once(session, settings, anna):
    for key in ("promise-1", "promise-2"):
        overdue(anna, key)
    assert letters.write(settings, NOON - MINUTE) == 1
    assert letters.write(settings, NOON - MINUTE) == 0

    (letter,) = written(session)
    assert (letter.to, letter.subject) == ("anna@example.ru", "CRM: 2 notices")
    assert letter.text.count("A promise to Мост is overdue: цены") == 2
    assert "https://crm.example.ru/notices/settings/" in letter.text
    overdue(anna, "promise-3")
    assert letters.write(settings, NOON - MINUTE) == 1


def test_a_letter_speaks_its_reader_s_language(session, settings, anna):
    anna.language = Language.ru
    overdue(anna)
    letters.write(settings, NOON - MINUTE)

    (letter,) = written(session)
    assert letter.subject == "CRM: Обещание клиенту Мост просрочено: цены. Срок был: сегодня, 12:00"
    assert "Добрый день, Анна!" in letter.text


def test_only_what_is_wanted_by_mail_is_written(session, settings, anna):
    mail = NoticeChannel.mail
    a_notice_choice(person=anna, kind=NoticeKind.promise_overdue, channel=mail, wanted=False)
    a_notice_choice(person=anna, kind=NoticeKind.told_two, channel=mail, wanted=True)
    overdue(anna)
    a_notice(person=anna, kind=NoticeKind.mentioned)
    assert letters.write(settings, NOON - MINUTE) == 0
    a_notice(person=anna, kind=NoticeKind.told_two, data={"client": "Мост"})
    assert letters.write(settings, NOON - MINUTE) == 1


def test_nobody_without_an_address_no_more_with_us_or_who_has_read_it_gets_one(session, settings, anna):
    overdue(a_user(email=""))
    overdue(a_user(email="x@example.ru", active=False))
    overdue(anna)
    notices.read(None, by=anna)

    assert letters.write(settings, NOON - MINUTE) == 0


def test_without_a_server_no_letter_is_written(session, settings, anna):
    overdue(anna)
    nowhere = replace(settings, mail_url="")

    assert letters.write(nowhere, NOON - MINUTE) == 0
    assert digest.write(nowhere) == 0


def test_letters_wait_for_the_end_of_the_quiet_hours_over_midnight(session, settings, anna):
    a_notice_times(person=anna, quiet_from=21 * 60, quiet_until=8 * 60)
    with clock.stopped_at(NOON + timedelta(hours=11)):  # 23:00 in Moscow
        overdue(anna)
        letters.write(settings, clock.now() - MINUTE)

    (letter,) = written(session)
    assert letter.next_try_at == EIGHT + DAY


def test_what_came_while_nothing_was_sent_is_sent_after_it(session, settings, anna):
    with clock.stopped_at(NOON - 3 * DAY):
        overdue(anna)

    assert letters.write(settings, NOON - 3 * DAY - MINUTE) == 1


# The digest


def a_morning(anna):
    group = a_client_group(rhythm_days=30)
    client = a_client(curator=anna, name="Мост <b>", group=group, created_at=NOON - 90 * DAY)
    kind = an_interaction_kind(name_ru="Звонок", name_en="Call")
    for at in (NOON - 2 * DAY, NOON + timedelta(hours=2)):
        an_interaction(
            client=client,
            person=anna,
            kind=kind,
            state=InteractionState.planned,
            happened_at=at,
            planned_for=at,
        )
    a_promise(client=client, person=anna, text="послать цены", due_at=NOON + timedelta(hours=9))
    theirs = {"side": PromiseSide.theirs, "whole_day": False}
    a_promise(client=client, person=anna, text="подписать", due_at=NOON - DAY, **theirs)
    a_wish(client=client, words="в Испанию\nвсей семьёй", come_back_on=NOON.date() + DAY)
    a_notice(person=anna, kind=NoticeKind.chain_broken, data={"client": "Мост", "chain": 1, "entry": 7})
    a_journal_anchor(day=NOON.date(), root="ab" * 32)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.en,
            [
                "Good day, Анна!",
                "- LATE 28.02.2026 12:00  Call: Мост <b>",
                "- 02.03.2026 14:00  Call: Мост <b>",
                "2 Mar  Мост <b>: послать цены",
                "- LATE 01.03.2026 12:00  Мост <b> (the client's): подписать",
                "Clients we are silent with: 1",
                "- Мост <b>: 90 days",
                "Time to come back to\n- 3 Mar  Мост <b>: в Испанию всей семьёй",
                "The journal of Мост does not hold, from entry 7 on.",
                f"Anchor of the journal, 2 Mar: {'ab' * 32}",
            ],
        ),
        (
            Language.ru,
            [
                "Добрый день, Анна!",
                "- ПРОСРОЧЕНО 28.02.2026 12:00  Звонок: Мост <b>",
                "2 марта  Мост <b>: послать цены",
                "(обещал клиент): подписать",
                "Клиенты, с которыми молчим: 1",
                "- Мост <b>: 90 дней",
                "- 3 марта  Мост <b>: в Испанию всей семьёй",
                "Журнал клиента Мост не сходится, начиная с записи 7.",
                f"Якорь журнала, 2 марта: {'ab' * 32}",
            ],
        ),
    ],
)
def test_the_digest_says_what_there_is_to_do(session, settings, anna, language, said):
    anna.language = language
    a_morning(anna)
    assert digest.write(settings) == 1

    (letter,) = written(session, kind=LetterKind.digest)
    assert [line for line in said if line not in letter.text] == []
    assert "<b>" not in letter.html
    assert "Мост &lt;b&gt;" in letter.html
    assert "\n\n\n" not in letter.text
    assert letter.subject.startswith("CRM, 2 ")


def test_a_substitute_reads_what_the_absent_one_would_have(session, settings, anna):
    a_morning(anna)
    boris = a_user()
    assert (digest.of(boris).contacts, digest.of(boris).promises, digest.of(boris).wishes) == ([], [], [])
    a_substitution(substitute=boris, absence=an_absence(person=anna))

    his, hers = digest.of(boris), digest.of(anna)
    assert (his.contacts, his.promises, his.wishes) == (hers.contacts, hers.promises, hers.wishes)
    assert [len(rows) for rows in (his.contacts, his.promises, his.wishes)] == [2, 2, 1]


def test_it_comes_at_its_minute_and_once_a_day(session, settings, anna):
    with clock.stopped_at(EIGHT - MINUTE):
        assert digest.write(settings) == 0
    with clock.stopped_at(EIGHT):
        assert digest.write(settings) == 1
        assert digest.write(settings) == 0
    with clock.stopped_at(EIGHT + DAY):
        assert digest.write(settings) == 1


def test_after_three_days_without_ticks_only_today_s_comes_and_waits_where_it_is_late(
    session, settings, anna
):
    a_notice_times(person=anna, digest_minute=8 * 60, quiet_from=11 * 60, quiet_until=13 * 60)

    assert digest.write(settings) == 1
    (letter,) = written(session)
    assert letter.next_try_at == NOON + timedelta(hours=1)


def test_a_minute_of_one_s_own_is_not_put_off_by_quiet_hours(session, settings, anna):
    a_notice_times(person=anna, digest_minute=7 * 60, quiet_from=22 * 60, quiet_until=8 * 60)
    with clock.stopped_at(EIGHT - timedelta(hours=1)):
        digest.write(settings)

    (letter,) = written(session)
    assert letter.next_try_at == EIGHT - timedelta(hours=1)


def test_none_comes_to_whoever_wants_none_is_away_or_on_a_day_off(session, settings, anna):
    a_notice_times(person=a_user(email="b@example.ru"), digest_minute=None)
    an_absence(person=anna, starts_at=NOON - DAY, ends_at=NOON + DAY)
    assert digest.write(settings) == 0
    with clock.stopped_at(NOON + 5 * DAY):  # a Saturday
        assert digest.write(settings) == 0


def test_a_digest_costs_the_same_however_much_there_is_to_do(session, settings, anna, queries):
    def cost():
        with queries().counting() as seen:
            digest.of(anna)
        return len(seen)

    a_morning(anna)
    first = cost()
    for _n in range(10):
        a_morning_of_another_client(anna)
    assert cost() <= first


def a_morning_of_another_client(anna):
    client = a_client(curator=anna)
    at = NOON + timedelta(hours=1)
    an_interaction(client=client, person=anna, state=InteractionState.planned, happened_at=at, planned_for=at)
    a_promise(client=client, person=anna, due_at=NOON)
    a_wish(client=client, come_back_on=NOON.date())


def test_one_that_was_given_up_gets_another_day(session):
    letter = a_letter(failed_at=NOON, made_at=NOON - 2 * DAY)
    letters.again(letter)

    assert (letter.failed_at, letter.made_at, letter.next_try_at) == (None, NOON, NOON)


def test_troubles_are_for_whoever_was_told_of_them(session, settings, anna):
    a_notice(person=a_user(Role.admin), kind=NoticeKind.chain_broken)

    assert digest.of(anna).troubles == []
