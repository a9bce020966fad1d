"""Filling the database from the command line."""

import click
from flask.cli import AppGroup

from crmadmin.core.db import transaction
from seeds import reference

seed = AppGroup("seed", help="Fill the database.")


@seed.command("reference")
def seed_reference() -> None:
    """Add the reference lists that are missing; safe to run on every deploy."""
    with transaction() as session:
        added = reference.load(session)
    click.echo(f"{added} added")
