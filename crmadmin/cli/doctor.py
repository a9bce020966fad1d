"""A look at the database's health from the command line."""

import sys
from contextlib import nullcontext

import click
from flask.cli import with_appcontext

from crmadmin.core.db import db, transaction
from crmadmin.core.i18n import _
from crmadmin.services import doctor as services


@click.command()
@click.option("--repair", is_flag=True, help="Put maintained columns and search texts right.")
@with_appcontext
def doctor(repair: bool) -> None:
    """Look for what must be true and is not. One line a fault, and exit code 1 where there is one."""
    found = 0
    with transaction() if repair else nullcontext():
        for fault in services.faults(db, repair=repair):
            click.echo(fault)
            found += 1
    if not found:
        click.echo(_("Everything is as it should be."))
    elif repair:
        click.echo(_("What could be put right has been: ask again."), err=True)
    sys.exit(1 if found else 0)
