"""Filling the database from the command line."""

import click
from flask.cli import AppGroup

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, plural
from seeds import demo, reference

seed = AppGroup("seed", help="Fill the database.")


@seed.command("reference")
def seed_reference() -> None:
    """Add the reference lists that are missing; safe to run on every deploy."""
    with transaction() as session:
        added = reference.load(session)
    click.echo(plural("%(num)d row added.", "%(num)d rows added.", added) if added else _("Nothing lacked."))


@seed.command("demo")
@click.option("--language", type=click.Choice(["ru", "en"]), default="ru", help="What its people write in.")
def seed_demo(language: str) -> None:
    """Fill an empty base with an invented company. Its passwords are known to everybody."""
    try:
        with transaction() as session:
            demo.load(session, language)
        demo.look_back(language)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for role, login, password in demo.LOGINS:
        click.echo(f"{role} {login} {password}")
