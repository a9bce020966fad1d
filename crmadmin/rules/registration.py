"""Russian registration numbers: INN, KPP, OGRN.

Each function returns the number as bare digits, or raises DomainError with a sentence for the field.
"""

import re

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _

_FILLING = re.compile(r"[\s\-‐-―./]+")  # what people put between digits: blanks, dashes, dots, slashes

_NAMED = re.compile(r"\s*(?:инн|кпп|огрнип|огрн|inn|kpp|ogrnip|ogrn)\b[\s:№]*", re.IGNORECASE)

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def inn(text: str) -> str:
    """Ten digits of a company or twelve of a person, with the right check digits."""
    digits = _bare(text)
    if not _is_number(digits):
        raise DomainError(_("An INN consists of digits only: %(typed)s", typed=text.strip()))
    if len(digits) in (9, 11) and _inn_agrees("0" + digits):
        # Excel takes the number for an amount and drops the zero of regions 01 to 09.
        digits = "0" + digits
    if len(digits) not in (10, 12):
        raise DomainError(
            _("An INN has 10 digits (a company) or 12 (a person): %(typed)s", typed=text.strip())
        )
    if digits.startswith("00") or not _inn_agrees(digits):
        raise DomainError(
            _("There is a mistake in the INN %(typed)s: its check digit is wrong", typed=digits)
        )
    return digits


def is_of_person(inn_digits: str) -> bool:
    """Whether a checked INN belongs to a person (an entrepreneur is one) and not to a company."""
    return len(inn_digits) == 12


def kpp(text: str) -> str:
    """Nine signs: four digits of the tax office, two of the reason (digits or Latin capitals), three more."""
    signs = _bare(text).upper()
    if re.fullmatch(r"\d{8}", signs, re.ASCII):
        signs = "0" + signs  # the zero that Excel drops
    if not re.fullmatch(r"(?!0000)\d{4}[0-9A-Z]{2}\d{3}", signs, re.ASCII):
        raise DomainError(_("A KPP has 9 digits: %(typed)s", typed=text.strip()))
    return signs


def ogrn(text: str) -> str:
    """Thirteen digits of a company or fifteen of an entrepreneur (OGRNIP), with the right check digit."""
    digits = _bare(text)
    if not _is_number(digits):
        raise DomainError(_("An OGRN consists of digits only: %(typed)s", typed=text.strip()))
    if len(digits) not in (13, 15) or digits.startswith("0"):
        message = _(
            "An OGRN has 13 digits (a company) or 15 (an entrepreneur): %(typed)s", typed=text.strip()
        )
        raise DomainError(message)
    # The check digit is the remainder by 11 (a company) or by 13 (an entrepreneur), its last digit.
    if int(digits[:-1]) % (len(digits) - 2) % 10 != int(digits[-1]):
        raise DomainError(
            _("There is a mistake in the OGRN %(typed)s: its check digit is wrong", typed=digits)
        )
    return digits


def _bare(text: str) -> str:
    """Without the name before it and what stands between its signs: "ИНН 7707 083893"."""
    return _FILLING.sub("", _NAMED.sub("", text, count=1))


def _is_number(signs: str) -> bool:
    return re.fullmatch(r"\d+", signs, re.ASCII) is not None


def _inn_agrees(digits: str) -> bool:
    if len(digits) == 10:
        return digits[9] == _check_digit(digits, _INN_10)
    return digits[10] == _check_digit(digits, _INN_11) and digits[11] == _check_digit(digits, _INN_12)


def _check_digit(digits: str, weights: tuple[int, ...]) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
    return str(total % 11 % 10)
