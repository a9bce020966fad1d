from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError
from crmadmin.services import passwords, people
from crmadmin.services.sign_in import (
    ACCOUNT,
    ADDRESS,
    TOGETHER,
    Refused,
    TooMany,
    change_password,
    sign_in,
)
from models import JournalEntry, SignInAttempt, User
from models.kinds import Role
from tests.factories import a_sign_in_attempt

GOOD, HERE, THERE = "синий-трамвай-7", "192.0.2.7", "198.51.100.9"


@pytest.fixture
def anna(session):
    user = people.create("anna", name="Анна", role=Role.manager, password=GOOD, by=None)
    session.commit()
    return user


def guess(times, login="anna", address=HERE):
    for _ in range(times):
        answer = sign_in(login, "wrong wrong", address)
    return answer


def test_the_right_pair_lets_in_and_is_remembered(anna, noon):
    assert sign_in(" Anna", GOOD, HERE) is anna
    assert anna.last_seen_at == noon


def test_wrong_login_wrong_password_and_deactivated_sound_alike(session, anna):
    said = {str(sign_in("anna", "wrong wrong", HERE)), str(sign_in("nobody", GOOD, HERE))}
    said.add(str(sign_in("no\0body", GOOD, HERE)))
    anna.active = False
    said.add(str(sign_in("anna", GOOD, HERE)))
    people.create("empty", name="No password", role=Role.manager, by=None)
    said.add(str(sign_in("empty", "", HERE)))

    assert len(said) == 1
    assert isinstance(sign_in("anna", GOOD, HERE), Refused)


def test_a_stranger_costs_as_much_as_anybody(anna):
    """Whoever measures time learns nothing: both are hashed with the same settings."""
    assert passwords.needs_rehash(passwords._NOBODY) is False
    assert passwords.is_right("anything", "") is False


def from_everywhere(times, noon):
    """Refusals of one account, each from an address of its own."""
    for number in range(times):
        a_sign_in_attempt(login="anna", address=f"203.0.113.{number}", at=noon)


def test_guessing_at_an_account_from_one_address_is_stopped(anna):
    assert isinstance(guess(TOGETHER.free), Refused)
    told = sign_in("anna", GOOD, HERE)
    assert isinstance(told, TooMany)
    assert told.status == 429
    assert "30" in str(told)


def test_whoever_guesses_at_somebody_keeps_only_himself_out(anna, noon):
    """All day long, as fast as he is let: whose account it is comes in from elsewhere all the same."""
    at = noon
    while at < noon + timedelta(hours=3):
        with clock.stopped_at(at):
            answer = guess(1)
            assert sign_in("anna", GOOD, THERE) is anna
            at += timedelta(seconds=answer.seconds if isinstance(answer, TooMany) else 1)


def test_guessing_from_many_addresses_is_slow_but_keeps_nobody_out_for_long(anna, noon):
    from_everywhere(ACCOUNT.free - 1, noon)
    assert isinstance(guess(1, address=THERE), Refused)
    told = sign_in("anna", GOOD, HERE)
    assert isinstance(told, TooMany)
    assert told.seconds == 5
    from_everywhere(200, noon)
    told = sign_in("anna", GOOD, HERE)
    assert isinstance(told, TooMany)
    assert told.seconds == 60
    with clock.stopped_at(noon + timedelta(minutes=1)):
        assert sign_in("anna", GOOD, HERE) is anna


def test_success_forgives_only_the_address_it_came_from(anna):
    guess(TOGETHER.free, address=THERE)
    assert sign_in("anna", GOOD, HERE) is anna
    assert isinstance(guess(1, address=THERE), TooMany)


def test_an_account_that_is_not_there_is_stopped_just_as_soon(anna):
    guess(TOGETHER.free, login="nobody")
    assert isinstance(sign_in("nobody", GOOD, HERE), TooMany)
    assert sign_in("anna", GOOD, HERE) is anna


def test_each_further_guess_doubles_the_wait_up_to_a_quarter_of_an_hour(anna, noon):
    guess(TOGETHER.free)
    at, waits = noon, []
    for _ in range(8):
        with clock.stopped_at(at):
            told = sign_in("anna", "wrong wrong", HERE)
        assert isinstance(told, TooMany)
        waits.append(told.seconds)
        at += timedelta(seconds=told.seconds)
        with clock.stopped_at(at):
            assert isinstance(guess(1), Refused)
    assert waits[:6] == [30, 60, 120, 240, 480, 900]
    assert max(waits) == 900


def test_waiting_is_enough_and_success_begins_the_count_anew(anna, noon):
    guess(TOGETHER.free)
    with clock.stopped_at(noon + timedelta(seconds=31)):
        assert sign_in("anna", GOOD, HERE) is anna
        assert isinstance(guess(TOGETHER.free), Refused)


def test_guessing_from_one_address_is_stopped_whomever_it_is_at(anna):
    for number in range(ADDRESS.free):
        guess(1, login=f"user{number}")
    assert isinstance(sign_in("anna", GOOD, HERE), TooMany)
    assert sign_in("anna", GOOD, THERE) is anna


def test_a_network_of_ipv6_counts_as_one_address(anna):
    for number in range(ADDRESS.free):
        guess(1, login=f"user{number}", address=f"2001:db8::{number:x}")
    assert isinstance(sign_in("anna", GOOD, "2001:db8::ffff"), TooMany)


def test_old_refusals_are_forgotten(session, anna, noon):
    a_sign_in_attempt(login="anna", at=noon - timedelta(days=2))
    guess(1)
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1


def test_the_journal_tells_of_a_refusal_but_not_what_a_stranger_typed(session, anna):
    guess(1)
    guess(1, login="my-secret-password")
    kinds = select(JournalEntry).where(JournalEntry.kind == "sign_in_refused").order_by(JournalEntry.number)
    known, unknown = session.scalars(kinds).all()
    assert (known.data["login"], known.data["address"]) == ([None, "anna"], [None, HERE])
    assert "my-secret-password" not in str(unknown.data)


def test_a_hash_of_weaker_settings_is_made_anew(session, anna):
    anna.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    epoch = anna.session_epoch
    assert sign_in("anna", GOOD, HERE) is anna
    assert not passwords.needs_rehash(anna.password_hash)
    assert passwords.is_right(GOOD, anna.password_hash)
    assert anna.session_epoch == epoch


def test_ones_own_password_is_changed_by_whoever_knows_it(session, anna):
    refused = change_password(anna, "wrong wrong", "красный-трамвай-8", HERE)
    assert isinstance(refused, Refused)
    assert refused.field == "old"
    with pytest.raises(DomainError):
        change_password(anna, GOOD, "1234567890", HERE)
    assert change_password(anna, GOOD, "красный-трамвай-8", HERE) is None
    assert isinstance(sign_in("anna", "красный-трамвай-8", HERE), User)


def test_guessing_at_the_old_password_is_stopped_too(anna):
    for _ in range(TOGETHER.free):
        change_password(anna, "wrong wrong", "красный-трамвай-8", HERE)
    assert isinstance(change_password(anna, GOOD, "красный-трамвай-8", HERE), TooMany)
