"""The classifier of activities, OKVED 2: which section, from A to U, a code belongs to."""

import re
from bisect import bisect_right

# Each section begins with this class and lasts to the next one.
_BEGINS = {
    1: "A", 5: "B", 10: "C", 35: "D", 36: "E", 41: "F", 45: "G", 49: "H", 55: "I", 58: "J", 64: "K",
    68: "L", 69: "M", 77: "N", 84: "O", 85: "P", 86: "Q", 90: "R", 94: "S", 97: "T", 99: "U",
}  # fmt: skip
_CLASSES = list(_BEGINS)
_UNUSED = frozenset({4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})
_CODE = re.compile(r"\s*(\d{2})(?:\.\d{1,2}(?:\.\d{1,2})?)?\s*(?:\s\D.*)?", re.ASCII | re.DOTALL)


def section(okved: str) -> str:
    """The letter of a code ("41.20", "41.20 Строительство зданий" → "F"); empty when it is not one."""
    code = _CODE.fullmatch(okved)
    number = int(code.group(1)) if code else 0
    if number == 0 or number in _UNUSED:
        return ""
    return _BEGINS[_CLASSES[bisect_right(_CLASSES, number) - 1]]
