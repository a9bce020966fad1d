"""The report's pages: draft, document, file, checker."""

import json
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from crmadmin.reports import check_report
from models import JournalEntry
from models.kinds import Role
from tests.conftest import NOON
from tests.factories import a_client, a_comment, a_contact_person, a_user, an_interaction, an_interaction_kind
from tests.old_entries import an_old_entry
from tests.support import csrf_of


@pytest.fixture
def client(session):
    client = a_client(name="Ромашка")
    an_interaction(
        client=client, request="Нужны цены", note="Торгуется", happened_at=NOON - timedelta(days=3)
    )
    a_comment(client=client, text="Не платят")
    return client


def posted(page) -> dict:
    """What the form of a draft sends as it stands."""
    ticked = re.findall(r'name="mask" value="([^"]+)" checked', page.text)
    hidden = dict(
        re.findall(r'<input type="hidden" name="(from|to|for|upto|once)" value="([^"]*)"', page.text)
    )
    return {"csrf_token": csrf_of(page), **hidden, "mask": ticked}


def boxes(page, field: str) -> list[str]:
    return re.findall(rf'value="(\d+\.{field})"', page.text)


def made(browser, client, query="", mask=()):
    draft = browser.get(f"/clients/{client.id}/report{query}")
    form = posted(draft)
    form["mask"] = [*form["mask"], *mask]
    answer = browser.post(f"/clients/{client.id}/report", data=form)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_draft_shows_what_there_is_and_leaves_no_trace(session, signed_in, client):
    page = signed_in(a_user()).get(f"/clients/{client.id}/report")

    assert page.status_code == 200
    assert "Нужны цены" in page.text
    assert "Не платят" in page.text
    assert not session.scalar(select(func.count()).where(JournalEntry.kind == "report_made"))


def test_a_report_is_made_masked_and_taken_out_as_a_file(session, signed_in, client):
    browser = signed_in(a_user(name="Анна"))
    box = boxes(browser.get(f"/clients/{client.id}/report"), "request")

    where = made(browser, client, mask=box)
    page, file = browser.get(where), browser.get(where.replace("/report?", "/report.json?"))

    assert "Нужны цены" not in page.text + file.text
    assert "Анна" in page.text
    assert file.headers["Content-Disposition"].endswith('.json"')
    report = json.loads(file.data)
    check_report.check_chain(report)
    assert report["made"]["by"] == "Анна"
    assert file.data == browser.get(where.replace("/report?", "/report.json?")).data


def test_for_the_client_what_is_internal_is_left_out_unless_it_is_unticked(session, signed_in, client):
    browser = signed_in(a_user())
    draft = browser.get(f"/clients/{client.id}/report?for=client")
    assert "Не платят" not in draft.text
    assert posted(draft)["mask"] == boxes(draft, "note")

    assert "Торгуется" not in browser.get(made(browser, client, "?for=client")).text
    shown = browser.post(f"/clients/{client.id}/report", data=posted(draft) | {"mask": []})
    assert "Торгуется" in browser.get(shown.location).text


def test_a_double_click_makes_one_report(session, signed_in, client):
    browser = signed_in(a_user())
    where = f"/clients/{client.id}/report"
    draft = browser.get(where)
    first, second = (browser.post(where, data=posted(draft)) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert session.scalar(select(func.count()).where(JournalEntry.kind == "report_made")) == 1
    browser.post(where, data=posted(browser.get(where)))
    assert session.scalar(select(func.count()).where(JournalEntry.kind == "report_made")) == 2


def test_a_page_that_was_open_for_too_long_keeps_what_was_ticked(session, signed_in, client):
    browser = signed_in(a_user())
    where = f"/clients/{client.id}/report"
    draft = browser.get(where)
    form = posted(draft) | {"mask": boxes(draft, "request")}
    answer = browser.post(where, data=form | {"csrf_token": "20010101000000##0"})

    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert posted(answer)["mask"] == boxes(draft, "request")
    assert not session.scalar(select(func.count()).where(JournalEntry.kind == "report_made"))
    where = browser.post(where, data=posted(answer)).location
    assert "Нужны цены" not in browser.get(where).text


def test_a_mask_ticked_once_holds_in_corrections_and_has_one_box(session, signed_in, client):
    row = an_interaction(client=client, reaction="Отправили прайс")
    row.reaction = "Ничего не отправили"
    session.commit()
    browser = signed_in(a_user())
    box = boxes(browser.get(f"/clients/{client.id}/report"), "reaction")

    assert len(box) == 1
    assert "тправили" not in browser.get(made(browser, client, mask=box)).text


def test_a_draft_for_the_client_says_what_older_entries_tell(session, signed_in, client):
    browser = signed_in(a_user())
    where = f"/clients/{client.id}/report?for=client"
    assert "older entry" not in browser.get(where).text
    an_old_entry(client, "comment_created", {"text": [None, "Между нами"]})
    an_interaction(client=client)

    assert "1 older entry is left out" in browser.get(where).text
    assert "older entry" not in browser.get(f"/clients/{client.id}/report").text


def test_the_foot_says_how_to_check_the_whole_file(session, signed_in, client):
    browser = signed_in(a_user())
    where = made(browser, client)
    digest = sha256(browser.get(where.replace("/report?", "/report.json?")).data).hexdigest()

    assert f"--digest {digest}" in browser.get(where).text


def test_a_period_is_in_the_address_and_its_last_day_is_in_it(session, signed_in, client):
    an_interaction(client=client, request="Намного позже", happened_at=NOON + timedelta(days=9))
    day = (NOON - timedelta(days=3)).date().isoformat()
    browser = signed_in(a_user())

    page = browser.get(f"/clients/{client.id}/report?from={day}&to={day}")
    assert "Нужны цены" in page.text
    assert "Намного позже" not in page.text
    document = browser.get(made(browser, client, f"?from={day}&to={day}"))
    assert document.text.count("27.02.2026") >= 2


@pytest.mark.parametrize(
    "query",
    ["from=x", "to=9999-99-99", "from=0001-01-01", "for=%00", "number=0", "number=abc", "number=99999999999"],
)
def test_nonsense_in_an_address_is_left_out_or_not_found(session, signed_in, client, query):
    status = signed_in(a_user()).get(f"/clients/{client.id}/report?{query}").status_code

    assert status == (404 if "number" in query else 200)


def test_nonsense_in_a_form_makes_nothing_broken(session, signed_in, client):
    browser = signed_in(a_user())
    form = posted(browser.get(f"/clients/{client.id}/report"))
    for more in ({"mask": ["x", "1.", ".note", "999.note", "1.\x00"]}, {"upto": "-1"}, {"upto": "x"}):
        answer = browser.post(f"/clients/{client.id}/report", data=form | more)
        assert answer.status_code in {303, 422}, answer.text


def test_a_file_without_a_report_leads_to_where_it_is_made(session, signed_in, client):
    answer = signed_in(a_user()).get(f"/clients/{client.id}/report.json?for=client&_external=1")

    assert answer.status_code == 302
    assert answer.location == f"/clients/{client.id}/report?for=client"


def test_the_checker_is_downloaded_beside_it(session, signed_in, client):
    answer = signed_in(a_user()).get(f"/clients/{client.id}/report/check.py")

    assert answer.data.startswith(b"#!/usr/bin/env python3")
    assert "check_report.py" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["report", "report.json?number=2", "report/check.py"])
def test_whoever_may_not_make_reports_sees_none(session, signed_in, client, path):
    assert signed_in(a_user(Role.colleague)).get(f"/clients/{client.id}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["report", "report.json", "report/check.py", "first"])
@pytest.mark.parametrize("id", ["0", "999999", "99999999999999999999"])
def test_a_client_that_is_not_there(session, signed_in, path, id):
    assert signed_in(a_user(Role.head)).get(f"/clients/{id}/{path}").status_code == 404


def test_what_somebody_typed_is_no_markup(session, signed_in, client):
    an_interaction(client=client, request="<script>alert(1)</script>")
    browser = signed_in(a_user())

    assert "<script>alert" not in browser.get(f"/clients/{client.id}/report").text
    assert "<script>alert" not in browser.get(made(browser, client)).text


def test_a_report_costs_the_same_queries_however_long(session, signed_in, queries):
    kind, costs = an_interaction_kind(), []
    browser, me = signed_in(a_user()), a_user()
    for times in (2, 200):
        client = a_client(curator=me)
        person = a_contact_person(client=client)
        for _ in range(times):
            an_interaction(client=client, kind=kind, person=me, contact_persons=[person])
        where = made(browser, client)
        for address in (f"/clients/{client.id}/report", where, where.replace("/report?", "/report.json?")):
            with queries().counting() as seen:
                assert browser.get(address).status_code == 200
            costs.append(len(seen))

    assert costs[:3] == costs[3:]
    assert max(costs) <= 14
