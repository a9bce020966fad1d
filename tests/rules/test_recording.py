"""What of a browser's measurement can be believed."""

import pytest

from crmadmin.rules.recording import LONGEST, MOST_KEYS, Spent, spent


@pytest.mark.parametrize(
    ("seconds", "keys", "believed"),
    [
        ("17", "42", Spent(17, 42)),
        ("17", "0", Spent(17, 0)),  # by a mouse alone
        ("86400", "42", Spent(LONGEST, 42)),
        ("17", "999999999", Spent(17, MOST_KEYS)),
        ("0", "42", None),
        ("", "42", None),
        ("17", "", None),
        ("-3", "42", None),
        ("17.5", "42", None),
        ("17", "1e3", None),
        ("١٧", "42", None),
        ("9" * 400, "42", None),
        ("семнадцать", "'; drop table record_cost", None),
    ],
)
def test_numbers_are_clamped_and_nonsense_is_nothing(seconds, keys, believed):
    assert spent(seconds, keys) == believed
