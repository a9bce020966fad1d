"""What the card tells of its client's task, of what colleagues say, and of its files."""

from typing import Any

from flask import g
from markupsafe import Markup
from sqlalchemy import select

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.queries import card_talk
from crmadmin.rules import mentions
from crmadmin.services.tasks import mark_of, open_task
from models import Client, ClientTask, Comment, User


def open_task_of(client: Client) -> ClientTask | None:
    """Asked once a page, however many parts of it tell of the task."""
    known: dict[int, ClientTask | None] = g.setdefault("open_tasks", {})
    if client.id not in known:
        known[client.id] = open_task(client)
    return known[client.id]


def task(client: Client, _viewer: User) -> dict[str, Any]:
    """``open``: the client's open task, with ``days`` it has been open and the ``mark`` of what it says;
    ``closed``: those before it."""
    found = open_task_of(client)
    days = (i18n.today() - i18n.local(found.opened_at).date()).days if found else 0
    closed = db.scalars(card_talk.closed_tasks(client)).all()
    return {"open": found, "days": days, "mark": mark_of(found) if found else "", "closed": closed}


def comments(client: Client, _viewer: User) -> dict[str, Any]:
    """``rows``: each comment with its text drawn; ``colleagues``: (login, name) of whom one may mention."""
    rows = db.scalars(card_talk.comments_on(client)).all()
    asked = select(User.login, User.name).where(User.active).order_by(User.name, User.id)
    colleagues = [(login, name) for login, name in db.execute(asked)]
    names = dict(colleagues)
    return {"rows": [(row, _drawn(row, names)) for row in rows], "colleagues": colleagues}


def files(client: Client, _viewer: User) -> dict[str, Any]:
    return {"rows": db.scalars(card_talk.files_of(client)).all(), "now": clock.now()}


def _drawn(comment: Comment, names: dict[str, str]) -> Markup:
    """The text with its mentions as names; a login nobody has is a word like any other."""
    drawn = Markup("")
    for words, login in mentions.parts(comment.text, names):
        if login:
            name = names[login.lower()]
            drawn += Markup('<span class="mention" title="@{}">{}</span>').format(login, name)
        else:
            drawn += Markup("{}").format(words)
    return drawn
