"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from crmadmin.cli.schema import schema


def register(app: Flask) -> None:
    app.cli.add_command(schema)
