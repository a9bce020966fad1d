"""Rows as JSON: what was written is what is read."""

import json
from datetime import date

from crmadmin.formats.json import written


def read(*said):
    return json.loads("".join(written(*said)))


def test_a_row_is_an_object_by_the_names_of_its_columns():
    rows = [['Анна "А" </script>', 3, 0.5, None, date(2026, 3, 2)], ["Борис", 4, 1, True, None]]
    keys = ["who", "n", "share", "flag", "on"]
    assert read({"title": "Март"}, keys, rows) == {
        "title": "Март",
        "rows": [
            {"who": 'Анна "А" </script>', "n": 3, "share": 0.5, "flag": None, "on": "2026-03-02"},
            {"who": "Борис", "n": 4, "share": 1, "flag": True, "on": None},
        ],
    }


def test_the_last_rows_stand_beside_the_others_by_their_names():
    rows = iter([["Анна", 1], ["Медиана", 2], ["Всего", 3]])
    found = read({}, ["who", "n"], rows, ["median", "total"])
    assert found == {"rows": [{"who": "Анна", "n": 1}], "median": {"who": "Медиана", "n": 2},
                     "total": {"who": "Всего", "n": 3}}  # fmt: skip


def test_no_rows_are_an_empty_list_and_many_are_all_there():
    assert read({"a": 1}, ["n"], []) == {"a": 1, "rows": []}
    assert read({}, ["n"], ([n] for n in range(1200)))["rows"] == [{"n": n} for n in range(1200)]
