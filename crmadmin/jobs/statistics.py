"""Lets the database know how its rows lie, so that it chooses its indexes by what is there."""

from crmadmin.core.db import apart
from crmadmin.core.schema import analyse
from crmadmin.jobs.ticks import Work


def gather(_work: Work) -> str:
    with apart() as connection:
        analyse(connection)
    return ""
