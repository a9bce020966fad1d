"""Every word on the screen is there in both languages; nothing has to be built for it."""

import ast
import importlib.util
import re
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import flask_admin
import pytest
import wtforms
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from flask import g
from flask_admin.babel import gettext as admin_words
from flask_babel import force_locale

from crmadmin.core import clock
from crmadmin.core.words import EVENTS, NAMES
from crmadmin.services.journal_subjects import WATCHED, Watched
from models import Alarm, Client, ClientTask, HandoverOffer, Interaction, Promise, Wish, kinds
from tests.house.tree import ROOT, calls, constants, modules, named
from views.forms import FormWords

ASKS = {"_": 1, "lazy": 1, "plural": 2, "ngettext": 2}  # how many of the arguments are messages
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%")


def _words() -> ModuleType:
    found = importlib.util.spec_from_file_location("words", ROOT / ".ci" / "words.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


words = _words()


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return words.kept()


def texts(value: Any) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value]


def test_collecting_the_messages_changes_nothing(catalogue):
    assert words.said(words.brought_up(words.kept(), words.found())) == words.said(catalogue), "make words"


def test_every_message_is_translated_by_somebody(catalogue):
    lacking = [each.id for each in catalogue if each.id and (each.fuzzy or not all(texts(each.string)))]

    assert not lacking


def test_russian_has_its_three_plurals(catalogue):
    assert catalogue.num_plurals == 3
    for message in catalogue:
        if message.pluralizable:
            assert len(message.string) == 3, message.id


def test_placeholders_agree(catalogue):
    for message in catalogue:
        if message.id:
            wanted = {hit.group() for hit in PLACEHOLDER.finditer(texts(message.id)[-1])}
            for text in texts(message.string):
                assert {hit.group() for hit in PLACEHOLDER.finditer(text)} == wanted, message.id


def test_a_sentence_ends_like_its_original(catalogue):
    """A full stop, a colon or dots that one language has and the other lacks is a slip."""
    ends = re.compile(r"(…|[.:!?])?$")
    slips = [
        each.id
        for each in catalogue
        if each.id
        and each.id not in {"Client no.", "%(days)s d"}
        and {ends.search(text).group() for text in texts(each.string)} != {_end(ends, each.id)}
    ]

    assert not slips


def _end(ends: re.Pattern[str], id: Any) -> str:
    found = ends.search(texts(id)[-1])
    assert found is not None
    return found.group()


def test_russian_is_written_in_russian(catalogue):
    """With ё where it belongs, «these quotes», and no Latin letter that looks like a Russian one."""
    for message in catalogue:
        for text in texts(message.string) if message.id else []:
            assert not re.search(r"[а-яё][a-z]|[a-z][а-яё]", PLACEHOLDER.sub(" ", text), re.IGNORECASE), text
            assert not re.search(r'"|\bеще\b|\bсвое\b|\bтемн|\bсчет|\bвсе в порядке', text, re.IGNORECASE), (
                text
            )


def test_the_compiled_catalogue_is_that_of_the_text():
    """It is kept beside the text, so that a fresh clone speaks Russian without a build."""
    for path in words.CATALOGUE.parent.glob("*.po"):
        with path.with_suffix(".mo").open("rb") as file:
            compiled = read_mo(file)
        said = {texts(each.id)[0]: texts(each.string) for each in compiled if each.id}
        assert said == {texts(each.id)[0]: texts(each.string) for each in words.kept(path) if each.id}


FLASK_ADMIN = Path(flask_admin.__file__).parent
WTFORMS = Path(wtforms.__file__).parent
PARTS_WE_USE = (
    *(FLASK_ADMIN / name for name in ("base.py", "actions.py", "model/base.py", "contrib/sqla/view.py")),
    *(FLASK_ADMIN / name for name in ("form/fields.py", "contrib/sqla/fields.py", "model/fields.py")),
    *WTFORMS.glob("validators.py"),
    *(WTFORMS / "fields").glob("*.py"),
    *(WTFORMS / "csrf").glob("*.py"),
)


@pytest.mark.parametrize("path", PARTS_WE_USE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_the_libraries_say_is_russian_too(app, path):
    admin = app.extensions["admin"][0]
    asked = {
        argument.value
        for name, call in calls(path)
        if name == "gettext"
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant)
    }
    with app.test_request_context(), force_locale("ru"):
        g._admin_view = admin.index_view
        say = FormWords().gettext if path.is_relative_to(WTFORMS) else admin_words
        english = {text for text in asked if say(text) == text}

    assert not english - PROGRAMMERS


PROGRAMMERS = {"Choices cannot be None."}  # a mistake in a declaration, which no user can make


def test_every_literal_asked_for_is_in_the_catalogue(catalogue):
    """Also one inside an f-string, which the collector does not see."""
    known = {text for message in catalogue for text in texts(message.id)}
    lost = [
        f"{named(path)}: {argument.value!r}"
        for path in modules()
        for name, call in calls(path)
        if name in ASKS
        for argument in call.args[: ASKS[name]]
        if isinstance(argument, ast.Constant) and argument.value not in known
    ]

    assert not lost


def test_nothing_but_a_literal_is_translated():
    """A message that is put together while the program runs can be in no catalogue."""
    found = [
        f"{named(path)}:{call.lineno}"
        for path in modules()
        if named(path) != "crmadmin/core/i18n.py"
        for name, call in calls(path)
        if name in ASKS
        and isinstance(call.func, ast.Name)
        and not all(isinstance(each, ast.Constant) for each in call.args[: ASKS[name]])
    ]

    assert not found


def test_every_word_of_the_business_has_a_name():
    closed = [kind for kind in vars(kinds).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]

    assert {member for kind in closed for member in kind} == NAMES.keys()


def test_a_word_has_the_name_of_its_own_list():
    """«open» is said of a task, a promise and a wish, and of each in its own way."""
    alike = [kinds.TaskState.open, kinds.PromiseState.open, kinds.WishState.open]

    assert len({str(NAMES[word]) for word in alike}) == 3
    assert {word == "open" for word in alike} == {True}
    assert kinds.TaskState.accepted != kinds.OfferState.accepted


def test_every_event_of_the_journal_has_a_name():
    watched = {kind for each in WATCHED.values() for kind in events_of(each)}
    place = {
        "note": 1,
        "Event": 0,
    }  # after the session; a kind that is no constant is chosen of those that are
    noted = {
        word.value
        for path in modules()
        for name, call in calls(path)
        if name in place and isinstance(word := [*call.args, None, None][place[name]], ast.Constant)
    }

    assert watched | noted <= EVENTS.keys()
    spoken = {word.value for path in modules() for word in constants(path)}
    assert EVENTS.keys() <= watched | spoken


def events_of(watched: Watched) -> set[str]:
    """Every word that any change of such a row can be told by."""
    rows = [watched.model()]
    states = {
        Interaction: kinds.InteractionState,
        ClientTask: kinds.TaskState,
        HandoverOffer: kinds.OfferState,
        Promise: kinds.PromiseState,
        Wish: kinds.WishState,
        Alarm: kinds.AlarmState,
    }
    if of_rows := states.get(watched.model):
        rows = [watched.model(state=state) for state in of_rows]
    if watched.model is Client:
        rows = [Client(), Client(archived_at=clock.now())]
    fields = [{}, *({name: [None, 1]} for name in watched.columns)]
    return {
        kind
        for row in rows
        for action in ("new", "changed", "gone")
        for changes in fields
        for kind, _part in watched.kinds(row, action, dict(changes))
    }
