"""The words of the invented company in one language, and blanks filled so that the sentence agrees."""

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

_BLANK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Scene:
    """One thing people talk about; any of its requests, reactions and ends fit each other."""

    stage: str
    kinds: tuple[str, ...]
    who: str
    about: str
    request: tuple[str, ...]
    reaction: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]  # (code of the result, note)
    weight: float = 1.0


@dataclass(frozen=True)
class City:
    region: str
    name: str
    dial: str
    weight: int


@dataclass(frozen=True)
class Words:
    language: str
    lists: dict[str, Any]
    scenes: tuple[Scene, ...]
    cities: tuple[City, ...]

    def __getitem__(self, key: str) -> Any:
        return self.lists[key]

    def person(self, key: str) -> dict[str, Any]:
        """One of ours: name, its genitive, and whether a woman."""
        return next(each for each in self.lists["people"] if each["key"] == key)


@cache
def words(language: str) -> Words:
    return Words(language, _toml(f"demo_{language}"), tuple(_scenes(language)), tuple(_cities(language)))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _scenes(language: str) -> list[Scene]:
    return [
        Scene(
            stage=each["stage"],
            kinds=tuple(each["kinds"]),
            who=each["who"],
            about=each.get("about", ""),
            request=tuple(each["request"]),
            reaction=tuple(each["reaction"]),
            ends=tuple((result, note) for result, note in each["ends"]),
            weight=each.get("weight", 1.0),
        )
        for each in _toml(f"demo_scenes_{language}")["scene"]
    ]


def _cities(language: str) -> list[City]:
    with (DATA / "demo_cities.csv").open(encoding="utf-8", newline="") as file:
        return [
            City(each["region"], each[f"city_{language}"], each["dial"], int(each["weight"]))
            for each in csv.DictReader(file)
        ]


def filled(text: str, values: Mapping[str, str], *, female: bool, their_female: bool = False) -> str:
    """``{m|f}`` by the gender of ours who writes, ``{p:m|f}`` of whom he spoke to; the rest by name."""

    def blank(found: re.Match[str]) -> str:
        word = found.group(1)
        if "|" not in word:
            return values[word]
        theirs = word.startswith("p:")
        man, woman = word.removeprefix("p:").split("|")
        return woman if (their_female if theirs else female) else man

    return _BLANK.sub(blank, text).replace("..", ".")  # «500 шт.» at the end of a sentence
