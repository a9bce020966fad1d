"""The schema's history, driven from the command line."""

import click
from alembic import command
from flask.cli import AppGroup

from crmadmin.core.schema import bring_up, history, next_number

schema = AppGroup("db", help="The schema and its history.")


@schema.command()
def upgrade() -> None:
    """Bring the database up to the newest schema."""
    bring_up()


@schema.command()
def check() -> None:
    """Fail if the tables and their history disagree."""
    with history() as found:
        command.check(found)


@schema.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write the next migration: flask db revision "clients remember X" """
    with history() as found:
        command.revision(found, message=message, rev_id=next_number(found), autogenerate=True)
