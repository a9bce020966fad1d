"""README is true: whatever it must name it names, and what it names is there."""

import re
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest
from flask import Flask

from crmadmin.core.config import Settings
from crmadmin.core.permissions import GRANTS
from tests.house.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_OURS = {"run", "shell", "routes"}  # Flask's own commands
LOCAL = {"instance", "test-results", "node_modules"}  # what a clone does not have


def leaves(group: click.Group, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, *path, name)
        else:
            yield " ".join([*path, name])


def commands(app: Flask) -> list[str]:
    return [each for each in leaves(app.cli) if each.split()[0] not in NOT_OURS]


def make_targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_command_is_in_it(app):
    assert commands(app)
    lacking = [each for each in commands(app) if f"`flask {each}" not in README]

    assert not lacking


def test_every_command_it_names_is_there(app):
    known = commands(app)
    named = re.findall(r"flask (?:--app wsgi )?((?:[a-z]+ ?){1,2})", README)
    lost = [
        each for each in named if not any(f"{each.strip()} ".startswith(f"{command} ") for command in known)
    ]
    unknown = [each for each in lost if not any(command.startswith(each.strip()) for command in known)]

    assert not unknown


def test_every_setting_is_in_it_and_none_else():
    assert set(re.findall(r"\bCRM_[A-Z_]+[A-Z]\b", README)) == {
        f"CRM_{each.name.upper()}" for each in fields(Settings)
    }


@pytest.mark.parametrize("target", make_targets())
def test_every_make_target_is_in_it(target):
    assert re.search(rf"`make {target}[`\s]", README)


def test_every_make_target_it_names_is_there():
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= set(make_targets())


def test_every_top_folder_is_in_it():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"} - LOCAL
    assert [name for name in sorted(folders) if f"`{name}/" not in README] == []


def test_every_room_of_the_domain_is_in_it():
    rooms = {path.name for path in (ROOT / "crmadmin").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert [name for name in sorted(rooms) if f"`crmadmin/{name}/`" not in README] == []


def test_every_file_it_names_is_there():
    paths = re.findall(r"`((?:crmadmin|models|views|seeds|tests|\.ci)/[\w./-]*)`", README)
    example = {path for path in paths if "competitors" in path}

    assert paths
    assert [path for path in paths if path not in example and not (ROOT / path).exists()] == []


def test_every_address_it_names_is_there(app):
    """Those of the table of addresses, with numbers and names put in."""
    table = README.split("## Addresses")[1].split("\n## ")[0]
    examples = {"<id>": "1", "<name>": "industries", "<token>": "secret"}
    with app.app_context():
        routes = app.url_map.bind("localhost")
        for address in re.findall(r"`(/[^`]*)`", table):
            for blank, value in examples.items():
                address = address.replace(blank, value)
            assert routes.allowed_methods(address), address


def test_every_role_is_in_it():
    for role in GRANTS:
        assert re.search(rf"\b{role}\b", README)


def test_every_pin_is_exact():
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            required = line.partition("#")[0].strip()
            if required and not required.startswith("-r "):
                assert re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+", required), line


def test_the_changelog_begins_with_what_is_newest():
    text = (ROOT / "crmadmin" / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", text, re.MULTILINE)

    assert versions
    assert versions == sorted(
        versions, key=lambda each: [int(part) for part in each.split(".")], reverse=True
    )


def test_a_decision_is_numbered_and_says_question_choice_and_price():
    decisions = sorted((ROOT / "crmadmin" / "decisions").glob("*.md"))

    assert [path.name[:5] for path in decisions] == [f"{n:04}-" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Question", "Choice", "Price")), path.name
        assert len(text.splitlines()) <= 20, path.name
