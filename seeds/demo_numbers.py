"""Numbers and addresses that look right and reach nobody.

Registration numbers have right check digits, of a tax office that does not exist; telephones begin their
local part with zeros, as no subscriber's does; addresses are of the reserved domain .example.
"""

import re
from random import Random

_OFFICE = "98"
_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_SPELT = "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch - y - e yu ya".split(" ")  # noqa: SIM905
_LATIN = {letter: spelt.strip("-") for letter, spelt in zip(_CYRILLIC, _SPELT, strict=True)}


def inn_of_company(rng: Random, region: str) -> str:
    digits = f"{region}{_OFFICE}{rng.randrange(100_000):05}"
    return digits + _check(digits, _INN_10)


def inn_of_person(rng: Random, region: str) -> str:
    digits = f"{region}{_OFFICE}{rng.randrange(1_000_000):06}"
    digits += _check(digits, _INN_11)
    return digits + _check(digits, _INN_12)


def kpp(region: str) -> str:
    return f"{region}{_OFFICE}01001"


def ogrn(rng: Random, region: str, *, person: bool) -> str:
    """13 digits of a company; 15 of an entrepreneur, which begin with 3."""
    body = f"{3 if person else 1}{rng.randrange(8, 24):02}{region}"
    body += f"{rng.randrange(10**9):09}" if person else f"{rng.randrange(10**7):07}"
    return body + str(int(body) % (13 if person else 11) % 10)


def _check(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10)


def mobile(rng: Random) -> str:
    """A mobile, spelt as one of the many people who type them would."""
    code, tail = rng.choice((900, 903, 905, 910, 916, 925, 961, 977, 985, 999)), f"{rng.randrange(10_000):04}"
    forms = (
        "+7 {} 000-{}-{}",
        "8 ({}) 000-{}-{}",
        "8{}000{}{}",
        "+7({})000-{}-{}",
        "8-{}-000-{}-{}",
        "+7{}000{}{}",
    )
    return rng.choice(forms).format(code, tail[:2], tail[2:])


def landline(rng: Random, dial: str) -> str:
    """A city number, sometimes with an extension."""
    tail = f"{rng.randrange(10_000):04}"
    local = "-".join(("0" * (6 - len(dial)), tail[:2], tail[2:]))
    extension = f" доб. {rng.randrange(100, 400)}" if rng.random() < 0.2 else ""
    return rng.choice(("8 ({}) {}", "+7 ({}) {}", "8 {} {}")).format(dial, local) + extension


def latin(text: str) -> str:
    """«Рассвет-Мебель» → rassvet-mebel: a word fit for a domain or a mailbox."""
    spelt = "".join(_LATIN.get(sign, sign) for sign in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")
