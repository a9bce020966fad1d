"""Files that come with a form: all that is wrong with them told at once, kept in the form's transaction."""

from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from crmadmin.core.errors import DomainError, all_hold
from crmadmin.core.i18n import _
from crmadmin.rules.file_types import ENDINGS
from crmadmin.services import files
from models import Client, Interaction
from views.base import me

FIELD = "file"
CHOSEN = "files_chosen"  # how many the browser had: it comes along where the files themselves got lost


class Limits(NamedTuple):
    """What a field for files says of itself, and its script checks before anything is sent."""

    most: int
    largest: int
    megabytes: int
    accept: str


LIMITS = Limits(
    files.MOST, files.LARGEST, files.LARGEST // files.MEGABYTE, ",".join(f".{each}" for each in ENDINGS)
)


def store() -> Path:
    """The folder of the installation's files."""
    return Path(current_app.config["FILES"])


def given() -> list[FileStorage]:
    return [each for each in request.files.getlist(FIELD) if each.filename]


def marks() -> list[tuple[str, str]]:
    """What tells these files from others, for `made_once`."""
    found: list[tuple[str, str]] = []
    for each in given():
        each.stream.seek(0)
        found.append((f"{FIELD} {each.filename}", file_digest(each.stream, "sha256").hexdigest()))  # pyright: ignore[reportArgumentType]
    return found


def check() -> None:
    """DomainError where one of them is nothing we keep, they are too many, or they did not come along."""
    found = given()
    if not found and request.form.get(CHOSEN, "") not in {"", "0"}:
        raise DomainError(_("The files did not come along: choose them once more."), field=FIELD)
    if len(found) > files.MOST:
        raise DomainError(_("At most %(num)d files at once.", num=files.MOST), field=FIELD)
    try:
        all_hold(*(partial(_check, each) for each in found))
    except DomainError as refusal:  # of several files, all in one sentence: they have one field
        raise DomainError(str(refusal), field=FIELD) from refusal


def keep(client: Client, interaction: Interaction | None = None) -> int:
    """All that were given, one after another: no more than one is held in memory. How many there were."""
    found = given()
    for each in found:
        files.add(
            client, name=each.filename or "", content=_content(each), store=store(), by=me(),
            interaction=interaction,
        )  # fmt: skip
    return len(found)


def _check(file: FileStorage) -> None:
    files.check(file.filename or "", _content(file))


def _content(file: FileStorage) -> bytes:
    """As much of it as shows that it is too large."""
    file.stream.seek(0)
    return file.stream.read(files.LARGEST + 1)
