"""People, from the command line. A password is asked for or read from the standard input, never an argument:
arguments stand in the list of processes for everybody to read.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy import select

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.words import NAMES
from crmadmin.services import passwords
from crmadmin.services import people as services
from models import User
from models.kinds import Role

people = AppGroup("people", help="Who signs in, and as what.")

ROLE = click.Choice([str(role) for role in Role])
generate = click.option("--generate", is_flag=True, help="Make a password and print it, once.")


@people.command("list")
def list_people() -> None:
    """Everybody: login, role, whether active, name."""
    for user in db.scalars(select(User).order_by(User.active.desc(), User.login)):
        state = _("active") if user.active else _("not active")
        click.echo(f"{user.login}\t{user.role}\t{state}\t{user.name}")


@people.command()
@click.argument("login")
@click.option("--name", required=True, help="Name and surname.")
@click.option("--role", type=ROLE, default=str(Role.manager), show_default=True)
@generate
def add(login: str, name: str, role: str, generate: bool) -> None:
    """Add somebody who signs in by LOGIN."""
    password = _password(generate)
    with _refusals(), transaction():
        user = services.create(login, name=name, role=Role(role), password=password, by=None)
    click.echo(_("%(name)s signs in by %(login)s.", name=user.name, login=user.login), err=True)
    _show(password, generate)


@people.command("role")
@click.argument("login")
@click.argument("role", type=ROLE)
def change_role(login: str, role: str) -> None:
    """Make LOGIN something else in the department."""
    with _refusals(), transaction():
        user = services.by_login(login)
        user.role = Role(role)
        services.check(user, by=None)
    click.echo(_("%(name)s is now: %(role)s.", name=user.name, role=NAMES[user.role]), err=True)


@people.command("password")
@click.argument("login")
@generate
def change_password(login: str, generate: bool) -> None:
    """Set a new password for LOGIN, who is signed out everywhere."""
    with _refusals():
        services.by_login(login)
    password = _password(generate)
    with _refusals(), transaction():
        services.set_password(services.by_login(login), password, by=None)
    click.echo(_("The password is changed."), err=True)
    _show(password, generate)


def _password(generate: bool) -> str:
    if generate:
        return passwords.generated()
    if sys.stdin.isatty():
        return click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\r\n")


def _show(password: str, generated: bool) -> None:
    if generated:
        click.echo(password)


@contextmanager
def _refusals() -> Iterator[None]:
    """The domain's sentence, and exit code 1."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from error
