"""A promise by a form of its own."""

from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.services import promises
from models import Client, ContactPerson, Interaction, User
from models.kinds import PromiseSide
from views.admin.filters import row_id
from views.admin.saving import broken
from views.base import me
from views.fields import plain_text
from views.forms import made_once, must_be_ours
from views.of_client import of_visible_client, visible_client
from views.pages.promises_understood import until

TEXTS = ("side", "text", "due", "person", "contact_person")


class PromiseForms:
    """For the page of promises."""

    render: Any

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """With the client, and the record it was given in, that the address names."""
        client = _client()
        if client is None:
            return redirect(url_for("clients.index_view"))
        typed = {name: str(plain_text(request.form.get(name, ""))) for name in TEXTS}
        errors: dict[str, str] = {}
        if request.method == "POST":
            try:
                must_be_ours()
                with transaction(by=me()):
                    made_once(partial(_given, client, typed), ("of", request.full_path))
            except DomainError as refusal:
                errors = {part.field or "": str(part) for part in refusal.parts}
            except SQLAlchemyError as error:
                errors = {"": broken(error)}
            else:
                flash(_("Promised."), "success")
                return redirect(url_for("clients.card", client_id=client.id))
            client = visible_client(client.id)
        else:
            typed |= {"side": PromiseSide.ours.value, "person": str(me().id)}
        page = self.render("pages/promises/new.html", typed=typed, errors=errors, **_offered(client))
        return page, 422 if errors else 200


def _client() -> Client | None:
    try:
        return visible_client(row_id(request.args.get("client", "")))
    except ValueError:
        return None


def _given(client: Client, typed: dict[str, str]) -> str:
    """The address of what is promised."""
    due = until(typed["due"])
    promise = promises.give(
        client,
        text=typed["text"],
        due_at=due.at if due else None,
        whole_day=due.whole_day if due else True,
        side=PromiseSide.theirs if typed["side"] == PromiseSide.theirs else PromiseSide.ours,
        person=_row(User, typed["person"]) or me(),
        contact_person=_row(ContactPerson, typed["contact_person"]),
        interaction=_record(client),
        by=me(),
    )
    return url_for("promises.one", id=promise.id)


def _row(entity: Any, text: str) -> Any:
    try:
        return db.get(entity, row_id(text)) if text else None
    except ValueError:
        return None


def _record(client: Client) -> Interaction | None:
    """The record of the address, where it is this client's."""
    try:
        found = of_visible_client(Interaction, row_id(request.args.get("record", "")))
    except (ValueError, DomainError):
        return None
    return found if found.client_id == client.id else None


def _offered(client: Client) -> dict[str, Any]:
    there = (ContactPerson.client_id == client.id, ContactPerson.archived_at.is_(None))
    contacts = select(ContactPerson).where(*there).order_by(ContactPerson.name, ContactPerson.id).limit(100)
    every = allows(me().role, Permission.every_row)
    people = db.scalars(choices.colleagues(me())).all() if every else [me(), client.curator]
    return {
        "client": client,
        "people": list(dict.fromkeys(each for each in people if each is not None and each.active)),
        "contacts": db.scalars(contacts).all(),
    }
