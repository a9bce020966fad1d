"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from crmadmin.cli.doctor import doctor
from crmadmin.cli.imports import imports_group
from crmadmin.cli.journal import journal
from crmadmin.cli.schema import schema
from crmadmin.cli.seed import seed


def register(app: Flask) -> None:
    app.cli.add_command(schema)
    app.cli.add_command(journal)
    app.cli.add_command(doctor)
    app.cli.add_command(seed)
    app.cli.add_command(imports_group)
