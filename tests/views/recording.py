"""Sending the quick record as a browser does: what its form shows is sent back, with what one typed."""

import re

from sqlalchemy import select

from models import Interaction
from models.kinds import InteractionState
from tests.support import csrf_of

PART = {"HX-Request": "true"}


def once_of(page):
    return re.search(r'name="once" value="([^"]+)"', page.text)[1]


def sent(ask, client, call, page=None, headers=None, **typed):
    where = f"/clients/{client.id}/record"
    page = page or ask.get(where, headers=PART)
    usual = {"kind": call.id, "request": "Просят цены", "follow": "7", "next_kind": call.id}
    data = {"csrf_token": csrf_of(page), "once": once_of(page)} | usual | typed
    return ask.post(where, data=data, headers=headers)


def from_card(client):
    return {**PART, "HX-Current-URL": f"http://localhost/clients/{client.id}"}


def rows(session, state=InteractionState.held):
    return session.scalars(select(Interaction).where(Interaction.state == state)).all()


def plan_sent(ask, plan, act, headers=None, **typed):
    page = ask.get(f"/record/plan/{plan.id}/{act}", headers=PART)
    assert page.status_code == 200
    data = {"csrf_token": csrf_of(page)} | typed
    if act == "held":
        data = {"once": once_of(page), "kind": plan.kind_id, "follow": "1", "next_kind": plan.kind_id} | data
    return ask.post(f"/record/plan/{plan.id}/{act}", data=data, headers=headers)
