"""The pages of absences: entered, refused, ended; what a substitute sees and may; what is read afterwards."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from models import Absence, Notice, SeenAfterAbsence
from models.kinds import InteractionState, NoticeKind, Role
from tests.conftest import NOON
from tests.factories import (
    a_client,
    a_client_group,
    a_substitution,
    a_user,
    an_absence,
    an_interaction,
    together,
)
from tests.support import csrf_of
from tests.views.forms import filled, form_of
from views.pages import substitutions


@pytest.fixture
def anna(session):
    return a_user(name="Анна")


@pytest.fixture
def boris(session):
    return a_user(name="Борис")


def fresh(session, row):
    """As it is kept now: a request has taken the row from the test's session."""
    return session.get_one(type(row), row.id, populate_existing=True)


def sent(ask, path, where="/substitutions/new", **typed):
    return ask.post(path, data=typed | {"csrf_token": csrf_of(ask.get(where))})


def shown_in(page):
    """What the button to confirm all of it confirms."""
    return re.search(r'name="shown" value="([\d.]*)"', page.text).group(1)


def test_the_second_editor_of_an_absence_is_told_what_it_says_now(session, signed_in, anna, boris):
    vera = a_user(name="Вера")
    row = an_absence(person=anna, starts_at=NOON + timedelta(days=5), ends_at=NOON + timedelta(days=9))
    head, own = signed_in(a_user(Role.head)), signed_in(anna)
    where = f"/substitutions/{row.id}"
    late = form_of(own.get(where), "bulk-form").fields | {"rest": [str(vera.id)]}
    head.post(where, data=form_of(head.get(where), "bulk-form").fields | {"rest": [str(boris.id)]})

    refused = own.post(where, data=late)

    assert refused.status_code == 422
    assert "Now it says:" in refused.text
    assert "Борис" in refused.text
    assert form_of(refused, "bulk-form").fields["rest"] == [str(vera.id)]
    assert own.post(where, data=form_of(refused, "bulk-form").fields).status_code == 302


def test_confirming_all_confirms_what_was_shown_and_says_how_many_are_left(
    session, signed_in, anna, boris, monkeypatch
):
    monkeypatch.setattr(substitutions, "LINES", 3)
    with clock.stopped_at(NOON - timedelta(days=20)):
        client = a_client(curator=anna)
    row = an_absence(person=anna, starts_at=NOON - timedelta(days=5), ends_at=NOON - timedelta(days=1))
    lines = [
        an_interaction(client=client, person=boris, recorded_at=NOON - timedelta(days=3, minutes=-n))
        for n in range(4)
    ]
    mine, where = signed_in(anna), f"/substitutions/{row.id}/return"
    page = mine.get(where)
    shown = shown_in(page)
    assert "Confirm all that is shown" in page.text
    late = an_interaction(client=client, person=boris, recorded_at=NOON - timedelta(days=3, minutes=9))
    answer = mine.post(
        where,
        data={"all": "1", "shown": shown, "csrf_token": csrf_of(page)},
        follow_redirects=True,
    )

    seen = set(session.scalars(select(SeenAfterAbsence.interaction_id)))
    assert seen == {each.id for each in lines[:3]}
    assert late.id not in seen
    assert "3 lines confirmed. 2 are still to read." in answer.text


def test_an_absence_sent_twice_is_one_and_the_second_is_led_on_as_the_first(session, signed_in, anna, boris):
    mine = signed_in(anna)
    fields = form_of(mine.get("/substitutions/new"), "bulk-form").fields
    data = fields | {"first": "2026-03-04", "back": "2026-03-11", "rest": str(boris.id)}
    answers = [mine.post("/substitutions/new", data=data) for _twice in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    row = session.scalars(select(Absence)).one()
    where = f"/substitutions/{row.id}"
    changed = form_of(mine.get(where), "bulk-form").fields | {"rest": str(a_user().id), "reason": "отпуск"}
    assert [mine.post(where, data=changed).status_code for _twice in range(2)] == [302, 302]
    mine.get("/substitutions/")
    page = mine.get("/substitutions/")
    off = {"csrf_token": csrf_of(page), "once": "x" * 20}
    for _twice in range(2):
        said = mine.post(f"{where}/call-off", data=off, follow_redirects=True).text
        assert "The absence is called off." in said
        assert "Only an absence" not in said


def test_an_absence_with_a_token_that_is_too_old_keeps_what_was_typed(session, signed_in, anna, boris):
    typed = {"first": "2026-03-04", "back": "2026-03-11", "rest": str(boris.id), "reason": "зуб"}
    mine = signed_in(anna)
    answer = mine.post("/substitutions/new", data=typed | {"csrf_token": "20010101000000##0", "once": "abc"})
    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert 'value="зуб"' in answer.text
    assert session.scalar(select(Absence.id)) is None
    again = form_of(answer, "bulk-form").fields
    assert again["once"] == ["abc"]
    assert mine.post("/substitutions/new", data=again).status_code == 302


def test_a_manager_enters_his_own_absence(session, signed_in, anna, boris):
    group = a_client_group()
    mine = signed_in(anna)
    typed = {"first": "2026-03-04", "back": "2026-03-11", "rest": str(boris.id), "reason": "отпуск"}
    answer = sent(mine, "/substitutions/new", **typed, **{f"group-{group.id}": str(a_user().id)})
    assert answer.status_code == 302
    row = session.scalars(select(Absence)).one()
    assert (row.person_id, len(row.substitutions), row.reason) == (anna.id, 2, "отпуск")
    assert row.starts_at.isoformat() == "2026-03-03T21:00:00+00:00"  # midnight of Moscow
    page = mine.get("/substitutions/").text
    assert "Борис" in page
    assert f'href="/substitutions/{row.id}"' in page
    assert f'href="/substitutions/{row.id}"' not in signed_in(boris).get("/substitutions/").text


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(session, signed_in, anna, boris):
    answer = sent(
        signed_in(anna),
        "/substitutions/new",
        first="2026-02-01",
        back="вчера",
        rest=str(boris.id),
        reason="зуб",
    )
    assert answer.status_code == 422
    assert 'value="зуб"' in answer.text
    assert 'id="back-error"' in answer.text
    answer = sent(signed_in(anna), "/substitutions/new", first="2026-03-04", back="2026-03-11")
    assert "nobody would answer" in answer.text
    assert session.scalar(select(Absence.id)) is None


def test_a_manager_cannot_touch_somebody_else_s_absence(session, signed_in, anna, boris):
    row = a_substitution(person=anna, substitute=a_user()).absence
    theirs = signed_in(boris)
    assert sent(theirs, f"/substitutions/{row.id}/end").status_code == 403
    assert theirs.get(f"/substitutions/{row.id}").status_code == 302
    assert theirs.get(f"/substitutions/{row.id}/return").status_code == 404
    assert theirs.get("/substitutions/999999999999").status_code == 404


def test_the_head_enters_changes_and_ends_one(session, signed_in, anna, boris):
    ask = signed_in(a_user(Role.head))
    typed = {"person": str(anna.id), "first": "2026-03-02", "back": "2026-03-11", "rest": str(boris.id)}
    assert sent(ask, "/substitutions/new", **typed).status_code == 302
    row = session.scalars(select(Absence)).one()
    where = f"/substitutions/{row.id}"
    assert sent(ask, where, where, back="2026-03-20", rest=str(boris.id)).status_code == 302
    assert fresh(session, row).ends_at.isoformat() == "2026-03-19T21:00:00+00:00"
    with clock.stopped_at(NOON + timedelta(hours=2)):
        sent(ask, where + "/end")
    assert fresh(session, row).ends_at == NOON + timedelta(hours=2)


def test_a_substitute_sees_the_clients_and_plans_and_may_change_both(session, signed_in, anna, boris):
    client = a_client(curator=anna, name="Ромашка")
    a_client(curator=boris, name="Василёк")
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned, note="План Анны")
    theirs = signed_in(boris)
    assert "substituting=1" not in theirs.get("/clients/").text
    a_substitution(person=anna, substitute=boris)

    listed = theirs.get("/clients/?substituting=1").text
    assert [f">{name}<" in listed for name in ("Ромашка", "Василёк")] == [True, False]
    assert "substituting=1" in theirs.get("/clients/").text
    plans = theirs.get("/interactions/?substituting=1&state=planned").text
    assert "Ромашка" in plans

    assert filled(theirs, f"/clients/edit/?id={client.id}", city="Тверь").status_code == 302
    held = filled(
        theirs,
        f"/interactions/edit/?id={plan.id}",
        state="held",
        happened_at="2026-03-02T10:00",
        request="Спросили",
    )
    assert held.status_code == 302
    assert fresh(session, client).city == "Тверь"
    assert fresh(session, plan).state is InteractionState.held
    assert fresh(session, client).curator_id == anna.id


def test_whoever_is_back_finds_a_notice_and_reads_it_off(session, signed_in, anna, boris):
    with clock.stopped_at(NOON - timedelta(days=20)):
        client = a_client(curator=anna, name="Ромашка")
    row = an_absence(person=anna, starts_at=NOON - timedelta(days=5), ends_at=NOON - timedelta(days=1))
    a_substitution(absence=row, substitute=boris)
    lines = [
        an_interaction(client=client, person=boris, recorded_at=NOON - timedelta(days=2), request=f"Дело {n}")
        for n in range(3)
    ]
    mine = signed_in(anna)
    for _twice in range(2):
        mine.get("/substitutions/")
    kinds = session.scalars(select(Notice.kind).where(Notice.person_id == anna.id)).all()
    assert kinds.count(NoticeKind.back_again) == 1
    where = f"/substitutions/{row.id}/return"
    page = mine.get(where).text
    assert [f"Дело {n}" in page for n in range(3)] == [True] * 3
    sent(mine, where, where, line=str(lines[0].id))
    assert "Confirmed: 1 of 3" in mine.get(where).text
    sent(mine, where, where, all="1", shown=shown_in(mine.get(where)))
    assert "Everything is read." in mine.get(where).text
    assert len(session.scalars(select(SeenAfterAbsence)).all()) == 3
    assert sent(signed_in(a_user(Role.head)), where, all="1").status_code == 403


def test_the_page_costs_the_same_for_two_absences_and_two_hundred(session, signed_in, queries):
    ask, costs = signed_in(a_user(Role.head)), []
    for number in (2, 200):
        with together():
            for _n in range(number):
                a_substitution(group=a_client_group())
        with queries().counting() as seen:
            assert ask.get("/substitutions/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 12
