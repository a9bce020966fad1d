"""Letters given to a server that speaks TLS: when asked for it, or at once; trusted, or given nothing."""

import pytest

from crmadmin.core import mail
from crmadmin.core.mail import NotTaken
from tests.core.test_mail import give
from tests.mail_server import identity, mail_server

WAYS = ("starttls", "smtps")


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A server whose authority this machine knows."""
    known = identity(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known.authority))
    return known


@pytest.mark.parametrize("way", WAYS)
def test_a_trusted_server_gets_letters_by_tls(trusted, way):
    with mail_server(**{way: trusted}) as box:
        give(box.url)

    assert box.by_tls == [True]
    assert box.letters[0]["Subject"] == "Сводка"


def test_in_the_clear_it_would_not_be_so():
    with mail_server() as box:
        give(box.url)

    assert box.by_tls == [False]


@pytest.mark.parametrize("way", WAYS)
def test_a_password_travels_by_tls_to_any_machine(trusted, way, monkeypatch):
    monkeypatch.setattr(mail, "_HERE", frozenset())  # as another machine would be
    with mail_server("secret", **{way: trusted}) as box:
        give(box.url.replace("//", "//anna:secret@"))
        with pytest.raises(NotTaken) as refused:
            give(box.url.replace("//", "//anna:wrong@"))

    assert box.by_tls == [True]
    assert not refused.value.for_good


@pytest.mark.parametrize("way", WAYS)
def test_a_server_nobody_vouches_for_gets_nothing_and_it_is_said_why(tmp_path, way):
    nobody_s, why = identity(tmp_path), r"certificate is not trusted: .*certificate"
    with mail_server("secret", **{way: nobody_s}) as box, pytest.raises(NotTaken, match=why) as refused:
        give(box.url.replace("//", "//anna:secret@"))

    assert not refused.value.for_good
    assert box.letters == []


@pytest.mark.parametrize("way", WAYS)
def test_a_certificate_of_another_name_is_not_trusted(tmp_path, monkeypatch, way):
    other = identity(tmp_path, "mail.example.ru")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
    with mail_server(**{way: other}) as box, pytest.raises(NotTaken, match=r"not trusted: .*mismatch"):
        give(box.url)

    assert box.letters == []


def test_a_server_without_tls_is_not_spoken_to_where_it_is_asked_for():
    with mail_server() as box, pytest.raises(NotTaken, match="no TLS with this server") as refused:
        give(box.url.replace("smtp:", "smtps:"))

    assert not refused.value.for_good
