"""The floors of the house are kept, and the contract that keeps them is awake."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT

BREAKS = {
    "a service that knows the web": ("crmadmin/services/journal.py", "import flask"),
    "a rule that knows a table": ("crmadmin/rules/names.py", "from models import Client"),
    "a table that knows the domain": ("models/clients.py", "from crmadmin.core import clock"),
    "a query that acts": ("crmadmin/queries/contacts.py", "from crmadmin.services import clients"),
    "a door that knows the roof": ("views/errors.py", "from crmadmin import app"),
}


def contracts(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def test_nobody_imports_upwards():
    answer = contracts(ROOT)

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("path", "line"), BREAKS.values(), ids=list(BREAKS))
def test_the_contract_goes_red_on(copy, path, line):
    module = copy / path
    kept = module.read_text()
    module.write_text(f"{kept}\n{line}\n")
    try:
        answer = contracts(copy)
    finally:
        module.write_text(kept)

    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout
