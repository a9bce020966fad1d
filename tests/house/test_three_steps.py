"""README's "A new entity in three steps", carried out on a copy of the program exactly as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.support import a_database

SECTION = (
    (ROOT / "README.md")
    .read_text(encoding="utf-8")
    .split("## A new entity in three steps")[1]
    .split("\n## ")[0]
)
BLOCK = re.compile(r"`([\w/]+\.py)`:?\n\n```(python|diff)\n(.*?)```|```(sh)\n(.*?)```", re.DOTALL)

VISIT = """
from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.services import sign_in_sessions
from models import Competitor, JournalEntry, User
from models.kinds import Role
from wsgi import app
import re

with app.app_context(), transaction() as session:
    admin = User(name="Anna", login="anna", role=Role.admin, created_at=clock.now())
    session.add(admin)
with app.app_context(), transaction():
    cookie = sign_in_sessions.begin(db.query(User).one())
browser = app.test_client()
with browser.session_transaction() as kept:
    kept["_user_id"], kept["_fresh"] = cookie, True

assert "/competitors/" in browser.get("/clients/").text, "it is not in the menu"
form = browser.get("/competitors/new/").text
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form).group(1)
for name, status in (("Василёк", 302), ("  ", 422)):
    answer = browser.post("/competitors/new/", data={"name": name, "csrf_token": token})
    assert answer.status_code == status, (name, answer.status_code, answer.text)
assert "Василёк" in browser.get("/competitors/?search=ВАСИЛ").text, "it is not in its list"
assert "Василёк" not in browser.get("/competitors/?search=ромашка").text, "its list is not searched"
assert app.test_client().get("/competitors/").status_code == 302, "a stranger sees it"
with app.app_context():
    told = db.query(JournalEntry).filter_by(subject="competitor").one()
    assert told.kind == "competitor_created", told.kind
    assert told.by_name == "Anna", told.by_name
"""

FORGOTTEN = {
    "test_access.py::test_every_door_is_in_the_table",
    "test_factories.py::test_every_entity_has_a_factory",
    "test_words.py::test_collecting_the_messages_changes_nothing",
    "test_words.py::test_every_literal_asked_for_is_in_the_catalogue",
}


class Copy:
    """The tree in another folder, with a database of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        ours = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
        ours.pop("TEST_DATABASE_URL", None)  # the copy's tests must not drop the databases of these
        self.environment = ours | {"CRM_DATABASE_URL": url, "CRM_SECRET_KEY": "only for this very test"}
        ignore = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, folder, ignore=ignore)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def flask(self, *words: str) -> None:
        done = self.python("-m", "flask", "--app", "wsgi", *words)
        assert done.returncode == 0, done.stderr

    def write(self, path: str, text: str) -> None:
        assert not (self.folder / path).exists(), f"{path} is there already"
        (self.folder / path).write_text(text, encoding="utf-8")

    def change(self, path: str, diff: str) -> None:
        """Put the added lines of each hunk where the lines around them stand."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        for hunk in diff.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] == " ")
            new = "".join(line[1:] for line in lines)
            assert text.count(f"\n{old}") == 1, f"README's place in {path} is not there once:\n{old}"
            text = text.replace(f"\n{old}", f"\n{new}")
        file.write_text(text, encoding="utf-8")


def carry_out(copy: Copy) -> None:
    for path, kind, text, shell, words in BLOCK.findall(SECTION):
        if shell:
            for line in words.splitlines():
                copy.flask(*shlex.split(line)[1:])
        elif kind == "python":
            copy.write(path, text)
        else:
            copy.change(path, text)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("three")
    copy = Copy(folder / "crm", a_database("three_steps", folder))
    copy.flask("db", "upgrade")
    carry_out(copy)
    return copy


def test_every_block_of_the_section_is_understood():
    assert SECTION.count("```") == 2 * len(BLOCK.findall(SECTION))
    assert {path.split("/")[0] for path, *_rest in BLOCK.findall(SECTION) if path} == {
        "models",
        "crmadmin",
        "views",
    }


def test_the_three_steps_make_a_table_a_list_and_a_form(copy):
    copy.flask("db", "check")
    visit = copy.python("-c", VISIT)

    assert visit.returncode == 0, visit.stderr
    migration = next(
        (copy.folder / "models/migrations/versions").glob("*_competitors_are_known.py")
    ).read_text()
    assert "models." not in migration


def test_the_steps_pass_lint_and_floors(copy):
    written = [path for path, kind, *_rest in BLOCK.findall(SECTION) if kind]
    for tool in (["check"], ["format", "--check"]):
        done = copy.python("-m", "ruff", *tool, "--no-cache", *written)
        assert done.returncode == 0, done.stdout
    floors = copy.python("-m", "pytest", "-q", "tests/house/test_imports.py", "-k", "upwards")
    assert floors.returncode == 0, floors.stdout


def test_the_house_names_what_is_forgotten(copy):
    asked = sorted({f"tests/house/{name.split('::')[0]}" for name in FORGOTTEN})
    more = ["tests/house/test_watched.py", "tests/house/test_sizes.py", "tests/house/test_migrations.py"]
    done = copy.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *asked, *more)

    failed = set(re.findall(r"^FAILED tests/house/([\w.]+::\w+)", done.stdout, re.MULTILINE))
    assert failed >= FORGOTTEN, done.stdout
    assert "a_competitor" in done.stdout
    assert "competitors.index_view" in done.stdout
