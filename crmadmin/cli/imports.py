"""Bringing data in from the command line."""

import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from crmadmin.core.db import act_as, db, is_busy, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats import csv, layouts, xlsx
from crmadmin.formats.tables import opened
from crmadmin.services import imports
from models import User
from models.kinds import Role, RowVerdict

log = logging.getLogger("crmadmin.imports")

SHOWN = 10  # rejected rows on the screen where no report is asked for

imports_group = AppGroup("import", help="Bring data in.")


class _OnlyTried(Exception):
    """Takes a dry run out of its transaction, which undoes it."""


@imports_group.command("clients")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layout", help="What the columns are; found by the headers when it is not said.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and change nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Verdicts, .csv or .xlsx.")
@click.option(
    "--create-missing/--no-create", default=True, help="Make regions, industries and channels nobody knows."
)
@click.option("--by", "login", help="In whose name; in the program's when nobody is said.")
def import_clients(
    file: Path,
    layout: str | None,
    dry_run: bool,
    report: Path | None,
    create_missing: bool,
    login: str | None,
) -> None:
    """Bring clients in from a CSV or XLSX file; all of them, or after an error none."""
    try:
        done = _bring_in(file, layout, report, login, make=create_missing, dry_run=dry_run)
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        log.error("import of %s", file.name, exc_info=error)
        busy = _("Somebody else is writing to the database just now. Try again.")
        broken = _("The database refused the import; nothing of it was kept. The log says more.")
        raise click.ClickException(busy if is_busy(error) else broken) from error
    _tell(done, dry_run=dry_run, show=report is None)


def _bring_in(
    file: Path, layout: str | None, report: Path | None, login: str | None, *, make: bool, dry_run: bool
) -> imports.Import:
    done: list[imports.Import] = []
    with suppress(_OnlyTried), opened(file) as table:
        chosen = layouts.named(layout) if layout else layouts.recognised(table.headers)
        chosen = chosen.among(table.headers)
        with transaction() as session:
            person = _person(login) if login else None
            act_as(person)
            rows = tqdm(table.rows, desc=file.name, unit=" rows", file=sys.stderr, disable=None)
            by = person or User(name="crmadmin", role=Role.admin)  # the program itself may do everything
            with _rare_collections():
                done.append(imports.run(session, rows, chosen, by=by, file_name=file.name, make=make))
            if report is not None:  # before anything is kept: without its report it is not
                _write(report, *imports.report(done[0]))
            if dry_run:
                raise _OnlyTried
    return done[0]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Python looks for dead cycles after every 700 new objects, which would be a quarter of the time here."""
    before = gc.get_threshold()
    gc.set_threshold(50_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _person(login: str) -> User:
    person = db.scalar(select(User).where(User.login == login.lower(), User.active))
    if person is None:
        raise DomainError(_("There is no employee %(login)s.", login=login))
    return person


def _write(path: Path, titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if path.suffix.lower() == ".xlsx":
        with path.open("wb") as file:
            xlsx.write(titles, rows, file)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv.written(titles, rows))


def _tell(done: imports.Import, *, dry_run: bool, show: bool) -> None:
    counts = done.run.counts
    said = _("%(new)s new, %(updated)s updated, %(same)s same, %(rejected)s rejected", **counts)
    remarked = [each for each in done.outcomes if each.remarks and each.verdict is not RowVerdict.rejected]
    if remarked:  # a row may come in without its curator: nobody looks for that unasked
        where = " (--report FILE)" if show else ""
        said += _("; with remarks: %(number)s%(where)s", number=len(remarked), where=where)
    click.echo(_("Only tried, nothing changed: %(said)s", said=said) if dry_run else said)
    if done.unread:
        click.echo(done.left_unread(), err=True)
    rejected = [each for each in done.outcomes if each.verdict is RowVerdict.rejected]
    for each in rejected[: SHOWN if show else 0]:
        click.echo(_("Line %(line)s: %(why)s", line=each.line, why=each.said()), err=True)
    if show and len(rejected) > SHOWN:
        click.echo(_("… and %(more)s more; --report FILE tells all.", more=len(rejected) - SHOWN), err=True)
