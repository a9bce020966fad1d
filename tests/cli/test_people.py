import pytest
from sqlalchemy import select

from crmadmin.services import passwords
from models import JournalEntry, User
from models.kinds import Role
from tests.factories import a_user

GOOD = "синий-трамвай-7"


@pytest.fixture
def people(app, session):
    def ask(*words, typed=""):
        return app.test_cli_runner().invoke(args=["people", *words], input=typed)

    return ask


def somebody(session, login):
    return session.scalar(select(User).where(User.login == login))


def test_somebody_is_added_with_a_password_from_the_standard_input(session, people):
    answer = people("add", "anna", "--name", "Анна Петрова", "--role", "head", typed=GOOD + "\n")

    assert answer.exit_code == 0, answer.output
    assert GOOD not in answer.output
    anna = somebody(session, "anna")
    assert (anna.name, anna.role) == ("Анна Петрова", Role.head)
    assert passwords.is_right(GOOD, anna.password_hash)
    told = session.scalar(select(JournalEntry).where(JournalEntry.kind == "person_created"))
    assert told.by_name == "crmadmin"


def test_a_generated_password_is_printed_alone(session, people):
    answer = people("add", "anna", "--name", "Анна", "--generate")
    (password,) = answer.stdout.splitlines()
    assert passwords.is_right(password, somebody(session, "anna").password_hash)


@pytest.mark.parametrize("word", ["--password", "--password=x"])
def test_a_password_is_never_an_argument(session, people, word):
    assert people("add", "anna", "--name", "Анна", word, GOOD).exit_code == 2
    assert somebody(session, "anna") is None


def test_what_is_refused_is_one_line_and_exit_code_1(session, people):
    a_user(Role.admin, login="olga")
    for words, typed in (
        (["add", "anna", "--name", "Анна"], "short\n"),
        (["add", "olga", "--name", "Another"], GOOD + "\n"),
        (["add", "two words", "--name", "Анна"], GOOD + "\n"),
        (["role", "nobody", "head"], ""),
        (["role", "olga", "head"], ""),  # the last admin
        (["password", "nobody"], GOOD + "\n"),
    ):
        answer = people(*words, typed=typed)
        assert answer.exit_code == 1, words
        assert len(answer.output.splitlines()) == 1
    assert somebody(session, "olga").role == Role.admin
    assert somebody(session, "anna") is None


def test_a_role_is_changed(session, people):
    a_user(login="boris")
    assert people("role", "boris", "admin").exit_code == 0
    assert somebody(session, "boris").role == Role.admin
    assert people("role", "boris", "king").exit_code == 2


def test_a_new_password_ends_the_sessions(session, people):
    before = a_user(login="boris").get_id()
    assert people("password", "boris", typed=GOOD + "\n").exit_code == 0
    boris = somebody(session, "boris")
    assert passwords.is_right(GOOD, boris.password_hash)
    assert boris.get_id() != before


def test_the_list_shows_everybody_and_no_secret(session, people):
    a_user(login="boris", name="Борис", password_hash="$argon2id$secret")
    a_user(login="gone", name="Ушёл", active=False)
    answer = people("list")
    assert [line.split("\t")[0] for line in answer.stdout.splitlines()] == ["boris", "gone"]
    assert "argon2id" not in answer.stdout
