"""Rows that a page offers at several places, asked for once a request: kinds, results, people."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import g
from sqlalchemy import Select

from crmadmin.core.db import db
from models import User
from views.base import me

Rows = Callable[[User], Select[Any]]


def offers(rows: Rows) -> Sequence[Any]:
    """What this question finds for whoever looks; the same question again is not asked again."""
    known: dict[Rows, Sequence[Any]] = g.setdefault("offers", {})
    if rows not in known:
        known[rows] = db.scalars(rows(me())).all()
    return known[rows]
