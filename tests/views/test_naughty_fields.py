"""Each of the naughty strings, in every field one types in: kept as it was typed, or shown again as text."""

import pytest
from sqlalchemy import select

from models import (
    Absence,
    Client,
    ClientTask,
    Comment,
    CuratorPeriod,
    FirstTouchDecision,
    HandoverOffer,
    Interaction,
    SavedFilter,
)
from models.kinds import BulkKind, Role
from tests import factories as make
from tests.house.sendings import NEW_ROWS, OWN, Sending
from tests.support import csrf_of
from tests.views.doors import screens
from tests.views.forms import form_of
from tests.views.naughty import FILE, LINE, Held, chunks, clean, squeezed, wrong

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the shared data is not there")

STRICT = {"inn", "kpp", "ogrn", "site", "telephones", "emails", "email", "telephone", "login", "code", "icon",
          "minute_choices"}  # fmt: skip
"""Fields that refuse what they cannot read."""

PLACES = [
    "clients", "contact_persons", "interactions", "groups", "people",
    "industries", "regions", "kinds", "results", "channels", "tags",
]  # fmt: skip


def said_again(answer, typed):
    """The fields hold what was typed, as text."""
    clean(answer, {200, 401, 409, 422, 429})
    held = Held(answer.text).values
    for name, text in typed.items():
        assert squeezed(text) in map(squeezed, held[name]), (name, text)


def newest(session, model):
    session.rollback()
    return session.scalars(select(model).order_by(model.id.desc()).limit(2)).all()


def kept(session, model, typed):
    """By the newest row, or by the one before it: a record brings the plan of the next one."""
    rows = [{name: squeezed(getattr(row, name)) for name in typed} for row in newest(session, model)]
    assert {name: squeezed(text) for name, text in typed.items()} in rows


def side_by_side(fields):
    """Each of these fields gets all the strings, as many together as fit into it."""
    found = {name: chunks(min(most, LINE)) for name, most in fields.items()}
    for number in range(max(map(len, found.values()))):
        yield number, {name: texts[number % len(texts)] for name, texts in found.items()}


def no_words_left(ask):
    """What is said on the next page gathers where nobody opens it."""
    with ask.session_transaction() as cookie:
        cookie.pop("_flashes", None)


@pytest.mark.parametrize("place", PLACES)
def test_a_screen_takes_any_string_or_shows_it_again(app, session, signed_in, place):
    (view,) = (view for view in screens(app) if view.endpoint == place)
    me = make.a_user(Role.admin)
    usual, ask = NEW_ROWS.get(view.model, lambda _me: {"name_ru": "Новое"})(me), signed_in(me)
    page = ask.get(f"{view.url}/new/")
    start = form_of(page).fields | usual
    texts = {name: most for name, most in Held(page.text).texts.items() if name in start}
    texts.pop("cancel_reason", None)  # of what is cancelled: by its own door
    free = {name: most for name, most in texts.items() if name not in STRICT}
    unlike = next(iter(texts.keys() & {"login", "code"}), "once")
    for number, typed in side_by_side(free):
        answer = ask.post(f"{view.url}/new/", data=start | typed | {unlike: f"p{number}"})
        if place == "tags" and ";" in "".join(typed.values()):  # parts the tags of a client in a file
            said_again(answer, typed)
            continue
        assert answer.status_code == 302, wrong(answer)
        kept(session, view.model, typed)
        no_words_left(ask)
    for text in chunks(500) if texts.keys() & STRICT else []:
        typed = dict.fromkeys(texts, text)
        said_again(ask.post(f"{view.url}/new/", data=start | typed), typed)
    clean(ask.get(f"{view.url}/?page_size=200"))


def many(kind, target):
    """An act on many, looked at and not begun: what was typed stands on the page."""
    return lambda me: Sending(
        f"/bulk/new?act={kind}&ids={make.a_client(curator=me).id}", {"target": target().id, "step": "look"}
    )


def in_a_city(me):
    return Sending(f"/clients/cell/{make.a_client(curator=me).id}/city", {"was": ""})


# door, its fields, how much fits into each, and the rows that keep it: none where it is shown again
DOORS = {
    "record": (OWN["client_record.index"], ("request", "reaction", "note"), 500, Interaction),
    "held": (OWN["record.held"], ("request", "reaction", "note"), 500, None),
    "cancel": (OWN["record.cancel"], ("cancel_reason",), 500, Interaction),
    "comment": (OWN["talk.comment"], ("text",), 500, Comment),
    "task": (OWN["talk.begin_task"], ("problem",), 500, ClientTask),
    "solution": (OWN["talk.change_task"], ("problem", "solution"), 500, ClientTask),
    "saved list": (OWN["lists.save"], ("name",), 60, SavedFilter),
    "saved list, another name": (OWN["lists.change"], ("name",), 60, SavedFilter),
    "decision": (OWN["first_touch_decision.decide"], ("reason",), 500, FirstTouchDecision),
    "handover": (OWN["handover.new"], ("reason",), 500, CuratorPeriod),
    "answer": (OWN["handover.decide"], ("answer",), 500, HandoverOffer),
    "absence": (OWN["substitutions.new"], ("reason",), 500, Absence),
    "group of many": (many(BulkKind.group, make.a_client_group), ("reason",), 500, None),
    "plan of many": (many(BulkKind.plan, make.an_interaction_kind), ("note", "at", "per_day"), 500, None),
    "plan moved": (OWN["record.move"], ("at",), 500, None),
    "number of the department": (OWN["rules.index"], ("value",), 500, None),
    "city": (in_a_city, ("value",), 120, Client),
    "login": (OWN["login.sign_in_post"], ("login",), 500, None),
}
COLUMNS = {"city": {"value": "city"}}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_takes_any_string_or_shows_it_again(app, session, signed_in, name):
    told, fields, most, model = DOORS[name]
    for text in chunks(most):
        me = make.a_user(Role.admin)
        said = told(me)
        ask = app.test_client() if name == "login" else signed_in(me)
        token = csrf_of(ask.get("/login" if name == "login" else "/password/"))
        typed = dict.fromkeys(fields, text)
        answer = ask.post(said.where, data=said.typed | typed | {"csrf_token": token})
        if model is None and answer.status_code not in {302, 303}:
            said_again(answer, typed)
        else:
            assert answer.status_code in {200, 302, 303}, wrong(answer)
            kept(
                session,
                model or Interaction,
                {COLUMNS.get(name, {}).get(each, each): text for each in fields},
            )
    if name in {"record", "comment", "solution", "decision"}:
        clean(ask.get(f"/clients/{newest(session, model)[0].client_id}"))
