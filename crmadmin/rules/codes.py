"""Codes of reference data: short and in Latin letters, made of a name in any script."""

import re
from collections.abc import Container

from crmadmin.rules.names import folded

_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),  # noqa: SIM905
        strict=True,
    )
)


def of_name(name: str) -> str:
    """``upravlyayuschaya-kompaniya`` and the like; blank for a name without a letter we can spell."""
    latin = "".join(_LETTERS.get(sign, sign) for sign in folded(name)).replace("_", "")
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:34].strip("-")


def unlike(code: str, taken: Container[str]) -> str:
    """The code, or with the first number after it that makes it another than those there are."""
    found, number = code, 1
    while found in taken:
        number += 1
        found = f"{code}-{number}"
    return found
