"""The journal, checked and anchored from the command line."""

import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import AppGroup

from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.jobs import daily_anchor
from crmadmin.services import anchor_check, anchors, journal_check, journal_rows
from views import daily

journal = AppGroup("journal", help="The journal of everything that happened.")

STEP = 1000  # entries between two drawings of the bar


@journal.command()
@click.argument("client", type=click.IntRange(min=0), required=False)
def verify(client: int | None) -> None:
    """Check every chain and anchor, or the chain of CLIENT (0: of no client), and the rows they tell of.

    Exit code 1 where one breaks. The first line names the first wrong entry.
    """
    total = journal_check.size(db, chain=client)
    found = 0
    for fault in _faults(client, total):
        click.echo(fault)
        found += 1
    if found:
        click.echo(_("%(total)s entries read, faults: %(found)s.", total=total, found=found), err=True)
        sys.exit(1)
    if client and not total:
        raise click.BadParameter(_("There is no such client."), param_hint="CLIENT")
    click.echo(_("%(total)s entries read: every chain holds.", total=total))


def _faults(client: int | None, total: int) -> Iterator[str]:
    """Those of the chains, with a bar for whoever waits; then what anchors and rows do not bear out."""
    with click.progressbar(length=total, file=sys.stderr, update_min_steps=STEP, label="") as bar:
        for fault in journal_check.faults(db, chain=client, read=lambda: bar.update(1)):
            if sys.stderr.isatty():
                click.echo("\r\033[K", nl=False, err=True)  # the bar gives its line to the fault
            yield str(fault)
        bar.update(total - bar.pos)
    file = daily.file_of(current_app)
    if not file.exists() and anchors.newest() is not None:
        click.echo(_("There is no file of anchors: nothing outside the database bears it out."), err=True)
    yield from anchor_check.faults(db, file, client)
    yield from map(str, journal_rows.faults(db, None if client is None else [client]))


@journal.command()
def anchor() -> None:
    """Make the anchor of today, unless it is there; it is kept in the file of anchors, too."""
    made = daily_anchor.make(daily.file_of(current_app))
    newest = anchors.newest()
    if newest is None:
        click.echo(_("There is nothing to anchor yet."))
        return
    click.echo(anchors.line(newest))
    if not made:
        click.echo(_("It was made before."), err=True)
