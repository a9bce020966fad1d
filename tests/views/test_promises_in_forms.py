"""Lines that begin with "!" in the full form of an interaction: recorded there, and corrected."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Interaction, JournalEntry, Promise
from models.kinds import InteractionState, PromiseSide, Role
from tests import factories as make
from tests.support import all_of
from tests.views.doors import posted
from tests.views.forms import filled

FRIDAY = datetime(2026, 3, 6, 21, tzinfo=UTC) - timedelta(microseconds=1)


def recorded(ask, client, **typed):
    return filled(ask, f"/interactions/new/?client={client.id}", kind=make.an_interaction_kind().id, **typed)


def corrected(ask, row, **typed):
    return filled(ask, f"/interactions/edit/?id={row.id}", **typed)


def now(session, row):
    """As the request has left it."""
    return session.get(Interaction, row.id)


def understood(ask, row=None, **typed):
    record = f"?record={row.id}" if row else ""
    return posted(ask, f"/promises/understood{record}", **typed).text


@pytest.fixture
def row(client, anna):
    """A record in which a line was written before lines were read."""
    return make.an_interaction(
        client=client, person=anna, request="Ждут цены", reaction="! старое до пятницы\nОтправила прайс"
    )


def test_a_line_of_a_new_record_is_a_promise_and_no_word_of_it(session, ask, client, anna):
    there = make.a_contact_person(client=client)
    typed = {
        "request": "Ждут\n!! реквизиты завтра",
        "reaction": "! цены до пятницы",
        "contact_persons": there.id,
    }
    assert recorded(ask, client, **typed).status_code == 302

    theirs, ours = all_of(session, Promise)
    record = session.scalars(select(Interaction)).one()
    assert (record.request, record.reaction) == ("Ждут", "")
    assert (theirs.side, theirs.text, theirs.contact_person_id) == (PromiseSide.theirs, "реквизиты", there.id)
    assert (ours.text, ours.due_at, ours.interaction, ours.person_id) == ("цены", FRIDAY, record, anna.id)


def test_english_lines_are_understood_too(session, ask, client):
    recorded(ask, client, note="! client: details by Friday")

    (made,) = all_of(session, Promise)
    assert (made.side, made.text, made.due_at) == (PromiseSide.theirs, "details", FRIDAY)


@pytest.mark.parametrize(
    ("field", "line", "sentence"),
    [("reaction", "! цены", "Until when is “цены”?"), ("note", "! до пятницы", "Say what is promised"),
     ("request", "!! акт 01.01.2026", "This moment is past")],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_at_its_field_with_all_else(session, ask, client, field, line, sentence):
    answer = recorded(ask, client, **{field: line, "minutes": "5000"})

    assert answer.status_code == 422
    assert answer.text.count("fields need correcting") + answer.text.count("One field needs") == 1
    under = answer.text.split(f'id="{field}-error"')[1].split("</div>")[0]
    assert sentence in under
    assert f"{line}</textarea>" in answer.text
    assert all_of(session, Promise) == all_of(session, Interaction) == []


def test_a_new_line_of_a_correction_is_a_promise_and_the_others_stay(session, ask, row):
    assert corrected(ask, row, reaction=f"{row.reaction}\n! скидку до пятницы").status_code == 302

    (made,) = all_of(session, Promise)
    assert (made.text, made.interaction_id) == ("скидку", row.id)
    assert now(session, row).reaction == "! старое до пятницы\nОтправила прайс"
    kinds = session.scalars(select(JournalEntry.kind).order_by(JournalEntry.id)).all()
    assert kinds[-1] == "promise_given"
    assert "interaction_corrected" not in kinds, "its words are what they were"


def test_a_line_that_stands_makes_no_promise_however_often_it_is_saved(session, ask, row):
    for note in ("раз", "два", "! старое до пятницы"):
        corrected(ask, row, note=note)
    assert [each.text for each in all_of(session, Promise)] == ["старое"], "written once more, it is another"
    corrected(ask, row, reaction="Отправила прайс", request="Ждут\n! старое до пятницы")

    assert len(all_of(session, Promise)) == 1, "it only stands elsewhere"
    assert now(session, row).request == "Ждут\n! старое до пятницы"


def test_without_a_day_it_is_due_with_the_next_contact(session, ask, row, client, anna, noon):
    assert corrected(ask, row, note="! цены").status_code == 422
    make.a_plan(client=client, happened_at=noon - timedelta(days=3))
    make.a_plan(client=client, happened_at=datetime(2026, 3, 6, 7, tzinfo=UTC))
    assert "with the next contact" in understood(ask, row, note="! цены")
    assert corrected(ask, row, note="! цены").status_code == 302

    (made,) = all_of(session, Promise)
    assert (made.due_at, made.whole_day) == (FRIDAY, True)


def test_of_a_plan_it_is_due_with_it_and_read_once(session, ask, client):
    plan = {"state": "planned", "happened_at": "2026-03-06T12:00"}
    recorded(ask, client, note="Обсудить\n! образцы", **plan)
    record = session.scalars(select(Interaction)).one()
    (made,) = all_of(session, Promise)
    assert (record.note, made.due_at) == ("Обсудить", FRIDAY)

    corrected(ask, record, state="held", happened_at="2026-03-02T11:00")
    assert now(session, record).state is InteractionState.held
    assert len(all_of(session, Promise)) == 1


def test_a_plan_that_takes_place_is_read_for_the_first_time(session, ask, client, anna, noon):
    plan = make.a_plan(client=client, person=anna, note="! цены до пятницы", happened_at=noon)
    corrected(ask, plan, note="! цены до пятницы", request="Ждут")
    assert all_of(session, Promise) == []
    assert "<b>цены</b>" in understood(ask, plan, note="! цены до пятницы", state="held")
    corrected(ask, plan, state="held", happened_at="2026-03-02T11:00")

    assert [each.text for each in all_of(session, Promise)] == ["цены"]


def test_what_is_called_off_promises_nothing(session, ask, row):
    assert "<b>" not in understood(ask, row, note="! акт завтра", state="cancelled")
    corrected(ask, row, state="cancelled", cancel_reason="! не тот клиент завтра", note="! акт завтра")

    assert all_of(session, Promise) == []


def test_whoever_corrects_another_s_record_promises_in_his_name_or_in_one_s_own(
    session, signed_in, client, anna
):
    boris, olga = make.a_user(), make.a_user()
    rows = [make.an_interaction(client=client, person=olga, recorded_by=boris) for _n in range(2)]
    corrected(signed_in(make.a_user(Role.head)), rows[0], note="! цены завтра")
    corrected(signed_in(boris), rows[1], note="! акт завтра")

    assert [each.person_id for each in all_of(session, Promise)] == [olga.id, boris.id]


def test_while_one_types_the_form_says_how_it_understands(session, signed_in, ask, row, client):
    said = understood(
        ask, row, state="held", reaction="! старое до пятницы\n! <b>цены</b> до пятницы", note="!! акт завтра"
    )
    assert "&lt;b&gt;цены&lt;/b&gt;" in said
    assert "Fri, 6 Mar" in said
    assert "The client promises: <b>акт</b>" in said
    assert "старое" not in said
    for page in (f"/interactions/edit/?id={row.id}", f"/interactions/new/?client={client.id}"):
        part = ask.get(page).text.split("data-promises")[1].split(">")[0]
        assert "/promises/understood" in part
        assert (f"record={row.id}" in part) == ("edit" in page)
    assert "Until when is" in understood(ask, client="", note="! цены")
    assert "Until when is" in understood(ask, client=client.id, note="! цены", state="x", happened_at="x")
    assert all_of(session, Promise) == []


@pytest.mark.parametrize("address", ["?record=99999999", "?record=x"])
def test_of_no_record_nothing_is_understood(ask, address):
    assert posted(ask, f"/promises/understood{address}", note="! цены завтра").status_code == 404
    assert posted(ask, "/promises/understood", client="99999999", note="! x").status_code == 404
    assert ask.post("/promises/understood", data={"note": "! цены завтра"}).status_code == 400
