"""Files of a client: their bytes lie outside the web, by their SHA-256; the journal knows which they were."""

import logging
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules.file_types import ENDINGS, FileType, ending_of, type_of
from crmadmin.services import journal
from models import Attachment, Client, Interaction, User

log = logging.getLogger("crmadmin.files")

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST = 5  # in one sending: what a request may weigh follows from it
LONGEST_NAME = 200


def check(name: str, content: bytes) -> tuple[str, FileType]:
    """The name it is kept by and what it really is; DomainError where it is nothing we keep."""
    name = _name(name)
    if not content:
        raise DomainError(_("%(name)s is empty.", name=name), field="file")
    if len(content) > LARGEST:
        most = LARGEST // MEGABYTE
        raise DomainError(_("%(name)s is too large: at most %(num)d MB.", name=name, num=most), field="file")
    kind = type_of(name, content)
    if kind is None:
        raise DomainError(_wrong_type(name), field="file")
    return name, kind


def add(
    client: Client,
    *,
    name: str,
    content: bytes,
    store: Path,
    by: User,
    interaction: Interaction | None = None,
) -> Attachment:
    """Keep a file. The bytes are written before the row is: a file without a row harms nobody."""
    if not allows(by.role, Permission.files_add):
        raise NotAllowed(_("Adding files is not yours to do."))
    if interaction is not None and interaction.client_id != client.id:
        raise DomainError(_("This record is of another client."), field="file")
    name, kind = check(name, content)
    digest = sha256(content).hexdigest()
    keep(store, digest, content)
    row = Attachment(
        client=client, interaction=interaction, name=name, media_type=kind.media_type, size=len(content),
        sha256=digest, by=by, added_at=clock.now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    told: dict[str, list[Any]] = {
        "name": [None, name],
        "size": [None, len(content)],
        "sha256": [None, digest],
    }
    if interaction is not None:
        told["interaction_id"] = [None, interaction.id]
    journal.note(db, "file_added", told, subject="attachment", subject_id=row.id, client_id=client.id)
    return row


def withdraw(row: Attachment, *, by: User) -> None:
    """It is not shown any more; the bytes and the journal stay."""
    if row.by_id != by.id and not allows(by.role, Permission.every_row):
        raise NotAllowed(_("Only whoever added a file, the head and the admin take it back."))
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        told = {"name": [row.name, None], "sha256": [row.sha256, None]}
        journal.note(
            db, "file_withdrawn", told, subject="attachment", subject_id=row.id, client_id=row.client_id
        )


def content_of(row: Attachment, store: Path) -> bytes:
    """Its bytes as they were added; NotFound, and a line in the log, where they are lost or others."""
    path = _place(store, row.sha256)
    content = path.read_bytes() if path.is_file() else None
    if content is not None and sha256(content).hexdigest() == row.sha256:
        return content
    log.error("file %s, attachment %s of client %s: %s", row.sha256, row.id, row.client_id,
              "lost" if content is None else "its bytes have changed")  # fmt: skip
    if content is None:
        raise NotFound(_("This file is not there any more. Tell the administrator."))
    raise NotFound(_("This file is not what was added: its bytes have changed. Tell the administrator."))


def _place(store: Path, digest: str) -> Path:
    return store / digest[:2] / digest


def keep(store: Path, digest: str, content: bytes) -> None:
    """Written aside, then renamed: a file is whole, or not there; the same bytes lie there once."""
    path = _place(store, digest)
    if path.is_file() and sha256(path.read_bytes()).hexdigest() == digest:
        return  # what lies there and is something else is put right
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def _name(typed: str) -> str:
    """The name alone, without a path and without what no name has."""
    name = typed.replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    stem, _dot, ending = name.rpartition(".")
    if not stem:
        raise DomainError(_("A file needs a name with an ending: offer.pdf."), field="file")
    return f"{stem[: LONGEST_NAME - 1 - len(ending)]}.{ending}"


def _wrong_type(name: str) -> str:
    if ending_of(name) in ENDINGS:
        return _("%(name)s is not what its name says it is.", name=name)
    said = ", ".join(ENDINGS)
    return _(
        "%(name)s: files of this kind are not kept here. These are: %(endings)s.", name=name, endings=said
    )
