"""What tests of imports share beside their fixture."""

from sqlalchemy import func, select

INN, OTHER_INN = "7707083893", "8901037297"


def verdicts(done):
    return [str(outcome.verdict) for outcome in done.outcomes]


def said(done):
    return [outcome.said() for outcome in done.outcomes]


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))
