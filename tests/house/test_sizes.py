"""Files and functions stay small enough to be read at once."""

from tests.house.tree import functions, modules, named

MOST_LINES = 300
MOST_IN_A_FUNCTION = 40
NO_NAMES = {"utils", "helpers", "common", "misc"}  # where layers go to die

LONG_MODULES = {
    "crmadmin/reports/check_report.py": "one file to take home, with both languages in it",
    "models/migrations/versions/0001_the_first_tables.py": "all tables at once, written by Alembic",
    "models/migrations/versions/0007_history.py": "many tables, written by Alembic",
    "models/migrations/versions/0009_nothing_is_forgotten.py": "many tables, written by Alembic",
    "models/migrations/versions/0010_managers_numbers.py": "many tables, written by Alembic",
}
LONG_FUNCTIONS = {
    ("models/migrations/versions/0001_the_first_tables.py", "upgrade"): "written by Alembic",
    ("models/migrations/versions/0001_the_first_tables.py", "downgrade"): "written by Alembic",
    ("models/migrations/versions/0003_bulk_acts_and_tags.py", "upgrade"): "written by Alembic",
    ("models/migrations/versions/0007_history.py", "upgrade"): "written by Alembic",
    ("models/migrations/versions/0009_nothing_is_forgotten.py", "upgrade"): "written by Alembic",
    ("models/migrations/versions/0010_managers_numbers.py", "upgrade"): "written by Alembic",
    ("models/migrations/versions/0010_managers_numbers.py", "downgrade"): "written by Alembic",
}


def test_no_module_is_longer_than_300_lines():
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules("models", "crmadmin", "views", "seeds", "tests")
    }
    long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}

    assert long.keys() == LONG_MODULES.keys(), long


def test_no_function_is_longer_than_40_lines():
    long = {
        (named(path), name): lines
        for path in modules("models", "crmadmin", "views", "seeds", "tests")
        for name, lines in functions(path)
        if lines > MOST_IN_A_FUNCTION
    }

    assert long.keys() == LONG_FUNCTIONS.keys(), long


def test_no_module_is_a_drawer_for_odds_and_ends():
    found = [named(path) for path in modules() if NO_NAMES & {path.stem, *path.parts}]

    assert not found
