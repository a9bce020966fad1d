"""The program's generated screens, and a row of each, for tests that knock at every door."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from models import Client, ContactPerson, Interaction, User
from models.kinds import Role
from tests import factories as make
from views.admin.base import EntityView

ROLES = list(Role)


def token_of(ask: FlaskClient) -> str:
    """A token, as any page of the session has it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', ask.get("/clients/").text)
    assert found
    return found[1]


def posted(ask: FlaskClient, address: str, **typed: Any) -> Any:
    """What a page of the session answers to a form of ours."""
    return ask.post(address, data={"csrf_token": token_of(ask), **typed})


def screens(app: Flask) -> list[EntityView]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, EntityView)]


def a_row(view: EntityView) -> Any:
    """Something the screen lists."""
    made = {
        Client: make.a_client,
        ContactPerson: make.a_contact_person,
        Interaction: make.an_interaction,
        User: make.a_user,
    }
    by_name = {
        "client_group": make.a_client_group,
        "industry": make.an_industry,
        "region": make.a_region,
        "interaction_kind": make.an_interaction_kind,
        "result": make.a_result,
        "channel": make.a_channel,
        "tag": make.a_tag,
    }
    return (made.get(view.model) or by_name[view.model.__tablename__])()
