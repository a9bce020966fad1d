"""Letters are sent when a server has taken them, and not before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crmadmin.core import clock, mail
from crmadmin.core.db import db, transaction
from crmadmin.jobs import post
from crmadmin.jobs.ticks import Place, Work
from crmadmin.services import doctor, report_post
from models.kinds import Language, Role
from tests.conftest import NOON
from tests.factories import a_letter, a_user
from tests.mail_server import a_free_port, identity, mail_server, silent_server
from tests.services.reporting import rows_of, set_up, written

MINUTE = timedelta(minutes=1)


@pytest.fixture
def to(place):
    """Work that sends to that server."""

    def work(url):
        settings = replace(place.settings, mail_url=url)
        return Work(Place(settings, place.anchors), clock.now(), None, lambda: None)

    return work


def test_what_the_server_has_taken_is_sent_and_never_again(to, session):
    anna = a_user(email="anna@example.ru", name="Анна\nBcc: x@y.ru")
    letters = [a_letter(person=anna, subject=f"Письмо {number}") for number in range(2)]
    with mail_server() as box:
        assert post.send(to(box.url)) == "2"
        assert post.send(to(box.url)) == ""

        assert [each["Subject"] for each in box.letters] == ["Письмо 0", "Письмо 1"]
        assert len({each["Message-ID"] for each in box.letters}) == 2
    for letter in letters:
        session.refresh(letter)
        assert (letter.sent_at, letter.tries, letter.error) == (NOON, 1, "")


def test_what_is_not_due_yet_waits(to, session):
    a_letter(next_try_at=NOON + MINUTE)
    with mail_server() as box:
        post.send(to(box.url))
        assert box.letters == []
        with clock.stopped_at(NOON + MINUTE):
            post.send(to(box.url))
        assert len(box.letters) == 1


def test_whoever_has_left_gets_none_any_more(to, session):
    letter = a_letter(person=a_user(active=False, email="gone@example.ru"))
    with mail_server() as box:
        assert post.send(to(box.url)) == ""
        assert box.letters == []
    session.refresh(letter)
    assert letter.sent_at is None


def test_a_letter_that_is_put_off_is_the_same_letter_when_it_is_taken(to, session):
    letter = a_letter()
    with mail_server() as box:
        box.refusals = ["451 later"]
        post.send(to(box.url))
        session.refresh(letter)
        assert (letter.sent_at, letter.failed_at, letter.error) == (None, None, "451 later")
        assert letter.next_try_at == NOON + MINUTE
        with clock.stopped_at(NOON + MINUTE):
            post.send(to(box.url))
        assert len(box.letters) == 1


def test_an_unknown_box_stops_no_other_letter_and_is_given_up(to, session):
    lost, other = a_letter(to="lost@example.ru"), a_letter()
    with mail_server() as box:
        box.unknown.add("lost@example.ru")
        assert post.send(to(box.url)) == "1"
    session.refresh(lost)
    session.refresh(other)

    assert (lost.failed_at, lost.error) == (NOON, "550 no such box")
    assert other.sent_at == NOON


def test_a_server_that_is_not_there_is_asked_once_for_all_and_after_a_day_no_more(to, session):
    letters = [a_letter(), a_letter()]
    nobody = f"smtp://127.0.0.1:{a_free_port()}"
    with pytest.raises(OSError, match="refused"):
        post.send(to(nobody))
    for letter in letters:
        session.refresh(letter)
        assert (letter.tries, letter.failed_at) == (1, None)
    with clock.stopped_at(NOON + timedelta(days=1)), pytest.raises(OSError, match="refused"):
        post.send(to(nobody))
    session.refresh(letters[0])
    assert letters[0].failed_at is not None
    assert "refused" in letters[0].error


def test_a_server_that_says_nothing_holds_nobody_up_for_long(to, session, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.3)
    letter = a_letter()
    with silent_server() as url, pytest.raises(OSError, match="timed out"):
        post.send(to(url))
    session.refresh(letter)
    assert letter.tries == 1


@pytest.mark.parametrize("way", ["starttls", "smtps"])
def test_a_server_that_is_not_trusted_gets_no_letter_until_it_is(to, session, tmp_path, monkeypatch, way):
    letter, known = a_letter(), identity(tmp_path)
    with mail_server(**{way: known}) as box:
        with pytest.raises(OSError, match="certificate is not trusted"):
            post.send(to(box.url))
        session.refresh(letter)
        assert (letter.sent_at, letter.failed_at, letter.tries) == (None, None, 1)
        assert "certificate is not trusted" in letter.error
        assert box.letters == []

        monkeypatch.setenv("SSL_CERT_FILE", str(known.authority))
        with clock.stopped_at(letter.next_try_at):
            assert post.send(to(box.url)) == "1"
        assert box.by_tls == [True]
    session.refresh(letter)
    assert letter.sent_at is not None


def test_one_at_once_says_in_words_what_became_of_it(place, session):
    letter = a_letter(next_try_at=NOON + timedelta(minutes=5))
    with mail_server() as box:
        settings = replace(place.settings, mail_url=box.url)
        box.refusals = ["451 later"]
        assert post.send_now(letter.id, settings) == "451 later"
        assert post.send_now(letter.id, settings) == ""
    session.refresh(letter)
    assert letter.sent_at == NOON


# Letters with numbers, which are drawn when they go


@pytest.fixture
def olga(session):
    with clock.stopped_at(NOON - timedelta(days=90)):
        return a_user(Role.head, email="olga@example.ru", language=Language.en)


def of_the_week(place, *readers):
    """Set last week, and written now."""
    row = set_up(readers[0], *readers)
    with transaction():
        report_post.write(place.settings)
    return row, written()


def test_a_letter_with_numbers_goes_with_its_table_and_is_sent_once_it_is_taken(to, place, session, olga):
    _row, (letter,) = of_the_week(place, olga)
    with mail_server() as box:
        box.refusals = ["451 later"]
        assert post.send(to(box.url)) == ""
        session.refresh(letter)
        assert (letter.sent_at, letter.text, letter.error) == (None, "", "451 later")
        with clock.stopped_at(NOON + MINUTE):
            assert post.send(to(box.url)) == "1"
            assert post.send(to(box.url)) == ""
        (sent,) = box.letters
    (table,) = sent.iter_attachments()
    session.refresh(letter)

    assert rows_of(table.get_content())[0][0] == "Who"
    assert letter.text.strip() == sent.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()
    assert letter.sent_at == NOON + MINUTE


def test_whoever_may_not_see_the_numbers_any_more_gets_none_and_that_is_nobody_s_trouble(
    to, place, session, olga
):
    other = a_user(Role.head, email="other@example.ru")
    _row, (_mine, letter) = of_the_week(place, olga, other)
    other.role = Role.manager
    session.commit()
    with mail_server() as box:
        assert post.send(to(box.url)) == "1"
        assert [each["To"] for each in box.letters] == [f"{olga.name} <olga@example.ru>"]
    session.refresh(letter)

    assert (letter.sent_at, letter.failed_at, letter.tries) == (None, NOON, 0)
    assert letter.error != ""
    assert [fault for fault in doctor.faults(db) if "other@example.ru" in fault] == []


def test_it_goes_where_its_reader_is_reached_now(to, place, session, olga):
    of_the_week(place, olga)
    olga.email = "new@example.ru"
    session.commit()
    with mail_server() as box:
        post.send(to(box.url))
        assert box.letters[0]["To"].addresses[0].addr_spec == "new@example.ru"


def test_one_that_cannot_be_drawn_holds_up_no_other(to, place, session, olga, caplog):
    _row, (letter,) = of_the_week(place, olga)
    letter.key = "report-1-2026-13-40"
    other = a_letter()
    with mail_server() as box:
        assert post.send(to(box.url)) == "1"
        assert len(box.letters) == 1
    session.refresh(letter)
    session.refresh(other)

    assert (letter.error, letter.next_try_at) == ("ValueError", NOON + MINUTE)
    assert other.sent_at == NOON
    assert "letter" in caplog.text


@pytest.mark.parametrize("answer", ["421 4.7.0 later", "550 no such user"])
def test_whoever_makes_the_server_hang_up_holds_up_no_other(to, session, answer):
    letters = [a_letter(person=a_user(email=f"{name}@example.ru")) for name in ("bad", "anna", "boris")]
    with mail_server() as box:

        async def handle(_server, _session, envelope, address, _options):
            if address.startswith("bad"):
                return answer
            envelope.rcpt_tos.append(address)
            return "250 OK"

        box.handle_RCPT = handle
        assert post.send(to(box.url)) == "2"
    for letter in letters:
        session.refresh(letter)
    assert [letter.sent_at for letter in letters] == [None, NOON, NOON]
    assert [letter.tries for letter in letters] == [1, 1, 1]


def test_a_server_that_hangs_up_each_time_is_left_alone(to, session):
    letters = [a_letter(person=a_user(email=f"u{number}@example.ru")) for number in range(post.HANGS_UP + 3)]
    with mail_server() as box:
        asked = []

        async def handle(_server, _session, _envelope, address, _options):
            asked.append(address)
            return "421 4.7.0 later"

        box.handle_RCPT = handle
        with pytest.raises(OSError, match="421"):
            post.send(to(box.url))
    assert len(asked) == post.HANGS_UP
    for letter in letters:
        session.refresh(letter)
    assert {letter.tries for letter in letters} == {1}
