"""Which passwords are good enough: long, not one's own name, none that a guesser tries first."""

import re

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _

SHORTEST, LONGEST = 10, 200

_ROWS = (
    "0123456789012",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "`1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "ёйцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю.",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "qazwsxedcrfvtgbyhnujm",
    "1й2ц3у4к5е6н7г8ш9щ0з",
    "йфяцычувскамепинртгоь",
    "zaq12wsxcde34rfv",
)
_WALKS = (*_ROWS, *(row[::-1] for row in _ROWS))

_WORDS = frozenset(
    """
    password passw passwd pass parol пароль qwerty qwertyuiop qwert йцукен йцукенгшщз admin
    administrator админ administratoradmin root user guest login welcome letmein iloveyou monkey dragon
    master superman batman football baseball sunshine princess shadow secret changeme default test
    testing temp temporary love lovely hello computer internet samsung google yandex mailru vkontakte
    kirill natasha nastya masha sasha marina maxim dima andrey alexander alexandr sergey vladimir
    dmitriy ekaterina russia rossiya moscow moskva россия москва любовь привет солнышко наташа марина
    сергей александр владимир дмитрий менеджер руководитель продажи manager sales crm crmadmin flask
    company client зайчик максим спартак spartak zenit зенит trustno thomas michael jordan harley ranger
    hunter charlie matrix starwars pokemon whatever freedom qazwsx qazwsxedc zxcvbnm zxcvbn asdfgh
    asdfghjkl asdf фывапролдж ячсмить adminadmin passwordpassword
    """.split()  # noqa: SIM905 - as a literal it would be a hundred lines of quotes
)
"""What stands before or after the digits in nearly every list of the commonest passwords."""


def check(password: str, *, login: str, name: str) -> None:
    """DomainError, at the field ``password``, says what is wrong with it."""
    said = _complaint(password, login, name)
    if said:
        raise DomainError(said, field="password")


def _complaint(password: str, login: str, name: str) -> str:
    if len(password) < SHORTEST:
        return _("A password has at least %(least)s characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return _("A password has at most %(most)s characters.", most=LONGEST)
    if _letters(password) in _own_words(login, name):
        return _("A password is not one's own name or login.")
    if _is_common(password.casefold()):
        return _("This password is among the first that anybody would guess.")
    return ""


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.casefold())


def _own_words(login: str, name: str) -> set[str]:
    """Login and names, alone, joined and reversed; digits and signs added to them make them no better."""
    parts = (re.split(r"[\s.@_-]+", login), name.split())
    words = [login, name, *(word for part in parts for word in (*part, "".join(reversed(part))))]
    bare = {_letters(word) for word in words} - {""}
    return bare | {word[::-1] for word in bare} | {word * 2 for word in bare}


def _is_common(password: str) -> bool:
    return len(set(password)) < 5 or _letters(password) in _WORDS or not _left_of_walks(password)


def _left_of_walks(password: str) -> str:
    """What is left when runs of neighbours (1234, qwerty, йцукен) and years are taken away."""
    left, place = "", 0
    while place < len(password):
        run = _run(password[place:])
        if run < 3:
            left += password[place]
        place += run if run >= 3 else 1
    return re.sub(r"[\W\d_]+", "", left)


def _run(text: str) -> int:
    """How many of the first characters are neighbours on a keyboard or in the alphabet."""
    length = 1
    while length < len(text) and any(text[: length + 1] in walk for walk in _WALKS):
        length += 1
    return length
