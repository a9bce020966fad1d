import pytest

from crmadmin.core.errors import DomainError
from crmadmin.rules import passwords
from crmadmin.services.passwords import generated


@pytest.mark.parametrize(
    "password",
    [
        "short-9ab",  # nine characters
        "x" * 201,
        "i.ivanov2024",  # the login
        "Иванов-12345",  # the name
        "Иванов_Иван",
        "ivanov.i!!!",
        "password123",
        "Пароль-2024!",
        "1234567890",
        "8460271935",  # digits only
        "qwertyuiop",
        "qwerty12345",
        "йцукен12345",
        "1q2w3e4r5t",
        "zaq12wsx34rfv",
        "aaaabbbbaaaa",
        "abcdefghij",
    ],
)
def test_a_weak_password_is_refused_at_its_field(app, password):
    with pytest.raises(DomainError) as refusal:
        passwords.check(password, login="i.ivanov", name="Иван Иванов")
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", ["синий-трамвай-7", "correct horse battery", "Ivan likes 7 apples", "kX9#mQ2$vL"]
)
def test_a_good_password_is_taken(app, password):
    passwords.check(password, login="i.ivanov", name="Иван Иванов")


def test_a_generated_password_is_good_and_never_the_same(app):
    made = {generated() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        passwords.check(password, login="anna", name="Анна")
