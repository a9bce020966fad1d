"""Where this program runs, as the jobs need to know it."""

from flask import Flask

from crmadmin.jobs.ticks import Place
from views import daily


def place_of(app: Flask) -> Place:
    return Place(app.config["CRM"], daily.file_of(app))
