"""The classifier of activities, OKVED 2: which section, from a to u, a code belongs to."""

import re
from bisect import bisect_right

# Each section begins with this class and lasts to the next one.
_BEGINS = {
    1: "a", 5: "b", 10: "c", 35: "d", 36: "e", 41: "f", 45: "g", 49: "h", 55: "i", 58: "j", 64: "k",
    68: "l", 69: "m", 77: "n", 84: "o", 85: "p", 86: "q", 90: "r", 94: "s", 97: "t", 99: "u",
}  # fmt: skip
_CLASSES = list(_BEGINS)
_UNUSED = frozenset({4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})
_CODE = re.compile(r"\s*(\d{2})(?:\.\d{1,2}(?:\.\d{1,2})?)?\s*(?:\s\D.*)?", re.ASCII | re.DOTALL)


def section(okved: str) -> str:
    """The letter of a code ("41.20", "41.20 Строительство зданий" → "f"); empty when it is not one."""
    code = _CODE.fullmatch(okved)
    number = int(code.group(1)) if code else 0
    if number == 0 or number in _UNUSED:
        return ""
    return _BEGINS[_CLASSES[bisect_right(_CLASSES, number) - 1]]
