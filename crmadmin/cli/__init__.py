"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from crmadmin.cli.demo import demo
from crmadmin.cli.doctor import doctor
from crmadmin.cli.groups import groups
from crmadmin.cli.imports import imports_group
from crmadmin.cli.jobs import jobs
from crmadmin.cli.journal import journal
from crmadmin.cli.people import people
from crmadmin.cli.schema import schema
from crmadmin.cli.seed import seed
from crmadmin.cli.serve import serve


def register(app: Flask) -> None:
    app.cli.add_command(schema)
    app.cli.add_command(journal)
    app.cli.add_command(doctor)
    app.cli.add_command(seed)
    app.cli.add_command(imports_group)
    app.cli.add_command(groups)
    app.cli.add_command(people)
    app.cli.add_command(jobs)
    app.cli.add_command(serve)
    app.cli.add_command(demo)
