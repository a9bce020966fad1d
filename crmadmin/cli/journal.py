"""The journal, checked from the command line."""

import sys

import click
from flask.cli import AppGroup
from tqdm import tqdm

from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.services import journal_check

journal = AppGroup("journal", help="The journal of everything that happened.")


@journal.command()
@click.argument("client", type=click.IntRange(min=0), required=False)
def verify(client: int | None) -> None:
    """Check every chain, or that of CLIENT (0: of no client). Exit code 1 where one breaks."""
    found, total = 0, journal_check.size(db, chain=client)
    with tqdm(total=total, unit="", leave=False, disable=not sys.stderr.isatty()) as bar:
        for fault in journal_check.faults(db, chain=client, read=bar.update):
            bar.clear()
            click.echo(str(fault))
            found += 1
    if found:
        click.echo(_("%(total)s entries read, faults: %(found)s.", total=total, found=found), err=True)
        sys.exit(1)
    if client and not total:
        raise click.BadParameter(_("There is no such client."), param_hint="CLIENT")
    click.echo(_("%(total)s entries read: every chain holds.", total=total))
