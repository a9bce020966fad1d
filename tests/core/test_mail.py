"""Letters given to a real server, or laid into a folder."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from crmadmin.core import mail
from crmadmin.core.mail import Attached, NotTaken, Words
from tests.mail_server import a_free_port, mail_server, silent_server

SENDER = "CRM <crm@example.ru>"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def words(**given):
    start = {"number": "crm-1-ab", "to": "anna@example.ru", "name": "Анна Смирнова", "subject": "Сводка"}
    return Words(**start | {"text": "Здравствуйте!\n", "html": "<p>Здравствуйте!</p>\n", "at": AT} | given)


def give(url, **given):
    with mail.opened(url) as post:
        post.take(mail.message(words(**given), SENDER))


def test_a_server_gets_plain_text_and_html_in_russian():
    with mail_server() as box:
        give(box.url)

    (letter,) = box.letters
    assert letter["Subject"] == "Сводка"
    assert letter["To"].addresses[0].display_name == "Анна Смирнова"
    assert letter["From"] == SENDER
    assert letter["Message-ID"] == "<crm-1-ab@example.ru>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().strip() == "Здравствуйте!"
    assert letter.get_body(("html",)).get_content().strip() == "<p>Здравствуйте!</p>"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Сводка\r\nBcc: all@example.ru"),
        ("subject", "Сводка\u2028Bcc: all@example.ru\x00"),
        ("name", "Анна\nBcc: all@example.ru"),
        ("name", '"; drop <x@y.ru>, all@example.ru'),
    ],
)
def test_nobody_smuggles_a_header_in(field, value):
    with mail_server() as box:
        give(box.url, **{field: value})

    (letter,) = box.letters
    assert letter["Bcc"] is None
    assert len(letter["To"].addresses) == 1
    assert letter["To"].addresses[0].addr_spec == "anna@example.ru"


def test_a_file_goes_with_a_letter_as_it_is():
    table = Attached("показатели\r\nBcc: x.xlsx", "application/vnd.ms-excel", bytes(range(256)) * 9)
    with mail_server() as box, mail.opened(box.url) as post:
        post.take(mail.message(words(files=[table]), SENDER))
        (letter,) = box.letters
        (file,) = letter.iter_attachments()

    assert file.get_filename() == "показатели Bcc: x.xlsx"
    assert file.get_content_type() == "application/vnd.ms-excel"
    assert file.get_content() == table.content
    assert letter["Bcc"] is None
    assert {part.get_content_type() for part in letter.walk()} > {"text/plain", "text/html"}


@pytest.mark.parametrize("to", ["", "anna", "anna@example.ru\nBcc: all@example.ru", "a@b.ru, c@d.ru"])
def test_what_is_no_address_is_given_up_at_once(to):
    with pytest.raises(NotTaken) as refused:
        mail.message(words(to=to), SENDER)

    assert refused.value.for_good
    assert "\n" not in str(refused.value)


def test_an_unknown_box_is_refused_for_good_and_a_full_one_for_now():
    with mail_server() as box:
        box.unknown.add("anna@example.ru")
        with pytest.raises(NotTaken, match="550 no such box") as refused:
            give(box.url)
        assert refused.value.for_good
        box.refusals.append("452 the box is full")
        with pytest.raises(NotTaken, match="452 the box is full") as refused:
            give(box.url, to="boris@example.ru")
        assert not refused.value.for_good


def test_a_letter_after_a_refused_one_is_taken_by_the_same_server():
    with mail_server() as box, mail.opened(box.url) as post:
        box.unknown.add("anna@example.ru")
        with pytest.raises(NotTaken):
            post.take(mail.message(words(), SENDER))
        post.take(mail.message(words(to="boris@example.ru"), SENDER))

        assert len(box.letters) == 1


def test_a_server_that_is_not_there_or_says_nothing_is_asked_again_later(monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.3)
    with pytest.raises(NotTaken) as refused:
        give(f"smtp://127.0.0.1:{a_free_port()}")
    assert not refused.value.for_good
    with silent_server() as url, pytest.raises(NotTaken) as refused:
        give(url)
    assert not refused.value.for_good


def test_a_password_is_told_to_whoever_asks_for_it():
    with mail_server(password="p@ss/1") as box:
        give(box.url.replace("//", "//anna:p%40ss%2F1@"))
        assert len(box.letters) == 1
        for wrong in ("wrong", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"):
            with pytest.raises(NotTaken) as refused:
                give(box.url.replace("//", f"//anna:{wrong}@"))
            assert not refused.value.for_good


def test_a_password_does_not_travel_in_the_clear(monkeypatch):
    monkeypatch.setattr(mail, "_HERE", frozenset())  # as another machine would be
    with mail_server(password="secret") as box, pytest.raises(NotTaken, match="offers no TLS"):
        give(box.url.replace("//", "//anna:secret@"))


def test_a_folder_keeps_what_would_have_been_sent(tmp_path):
    give(f"file://{tmp_path}/letters")
    give(f"file://{tmp_path}/letters")

    (file,) = (tmp_path / "letters").iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.name == "crm-1-ab.eml"
    assert letter["Subject"] == "Сводка"
    assert file.stat().st_mode & 0o077 == 0
