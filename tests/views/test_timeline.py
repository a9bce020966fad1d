"""The timeline as it is seen: pages, corrections, small lines, one contact person, paper."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from crmadmin.core.field_words import field_name
from crmadmin.services.journal_subjects import WATCHED
from models import Interaction
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_journal_entry,
    a_user,
    an_interaction,
    an_interaction_kind,
)


def test_the_lines_of_a_page_lead_on_to_the_next_ones(session, signed_in, noon):
    client, person = a_client(), a_user()
    for n in range(60):
        an_interaction(client=client, person=person, note=f"№{n:02}", happened_at=noon - timedelta(hours=n))
    ask, address, told = signed_in(a_user()), f"/clients/{client.id}?small=0", []
    while address:
        page = ask.get(address).text
        told += [n for n in range(60) if f"№{n:02}" in page]
        way = page.partition('class="tl-more')[2].partition('hx-get="')[2].partition('"')[0]
        address = way.replace("&amp;", "&")
        assert not address or ("small=0" in address and "/timeline?" in address)
    assert told == list(range(60))


def test_without_scripts_the_same_link_leads_to_the_same_lines_on_a_page(session, signed_in, noon):
    client, person = a_client(), a_user()
    for n in range(25):
        an_interaction(client=client, person=person, note=f"№{n:02}", happened_at=noon - timedelta(hours=n))
    an_interaction(client=client, state=InteractionState.planned, note="Потом")
    ask = signed_in(a_user())
    link = ask.get(f"/clients/{client.id}").text.partition('class="tl-more')[2].partition('href="')[2]
    page = ask.get(link.partition("#")[0].replace("&amp;", "&")).text
    assert "№24" in page
    assert "№02" not in page
    assert "tl-planned" not in page
    assert "Потом" in page  # what is next stands beside, however far back one reads


def test_more_plans_than_stand_there_are_one_click_away(session, signed_in, noon):
    client, anna = a_client(), a_user()
    for n in range(11):
        day = noon + timedelta(days=n)
        an_interaction(
            client=client, person=anna, state=InteractionState.planned, note=f"План №{n:02}",
            happened_at=day, planned_for=day,
        )  # fmt: skip
    ask = signed_in(anna)
    page = ask.get(f"/clients/{client.id}?small=0").text
    assert "План №09" in page
    assert "План №10" not in page
    way = re.search(r'href="([^"]+)">All plans<', page)
    assert way
    assert "План №10" in ask.get(unescape(way[1])).text
    row = session.scalars(select(Interaction).where(Interaction.note == "План №10")).one()
    row.state, row.cancel_reason = InteractionState.cancelled, "Заболел"
    session.commit()
    assert ">All plans<" not in ask.get(f"/clients/{client.id}").text


@pytest.mark.parametrize(
    "said",
    ["before=x", "kind=x", "kind=0", "person=-1", "small=7", "before=9999-99-99_i1", "kind=99999999999"],
)
def test_what_an_address_says_and_nobody_understands_is_left_out(session, signed_in, said):
    client = a_client()
    an_interaction(client=client, note="Говорили")
    ask = signed_in(a_user())
    for way in ("", "/timeline", "/print"):
        page = ask.get(f"/clients/{client.id}{way}?{said}")
        assert page.status_code == 200
        assert "Говорили" in page.text


def test_a_record_shows_its_present_text_and_its_corrections_below_with_old_and_new(session, signed_in):
    client = a_client()
    row = an_interaction(client=client, request="Просят десять штук")
    row.request = "Просят сто штук"
    session.commit()
    ask = signed_in(a_user())

    page = ask.get(f"/clients/{client.id}").text
    without = ask.get(f"/clients/{client.id}?small=0").text

    line = page.partition('class="tl-line"')[2]
    assert line.index("Просят сто штук") < line.index("<del>Просят десять штук</del>")
    assert "corrected</span>" in page
    assert "tl-corrections" in page
    assert "tl-corrections" not in without
    assert "<del>Просят десять штук</del>" in without  # opened, it still tells everything


def test_changes_of_the_card_are_small_lines_that_can_be_switched_off(session, signed_in):
    client = a_client(city="Тула")
    other = a_client_group(name_ru="ключевые")
    client.city = "Тверь"
    session.commit()
    client.group, client.group_reason = other, "растут"
    client.curator, client.curator_reason = a_user(name="Анна"), "новый район"
    session.commit()
    ask = signed_in(a_user())

    page = ask.get(f"/clients/{client.id}").text
    for said in ("<del>Тула</del>", "<ins>Тверь</ins>", "<ins>ключевые</ins>", "растут", "новый район"):
        assert said in page, said
    assert "tl tl-small" not in ask.get(f"/clients/{client.id}?small=0").text
    assert 'aria-checked="true"' in page


def test_one_curator_after_another_is_one_line(session, signed_in):
    client = a_client(curator=a_user(name="Анна"))
    client.curator = a_user(name="Борис")
    session.commit()
    page = signed_in(a_user()).get(f"/clients/{client.id}").text.partition('id="stream"')[2]
    assert "<del>Анна</del>" in page
    assert "<ins>Борис</ins>" in page
    assert "curator handed over" not in page


def test_what_a_bulk_act_did_says_so_and_leads_to_it_whoever_may_look(session, signed_in):
    client = a_client()
    data = {"city": ["Тула", "Тверь"], "bulk_act": [None, 7]}
    a_journal_entry(chain=client.id, client_id=client.id, subject="client", kind="client_changed", data=data)
    managers = signed_in(a_user()).get(f"/clients/{client.id}").text
    colleagues = signed_in(a_user(Role.colleague)).get(f"/clients/{client.id}").text
    assert "with an act on many clients" in managers
    assert 'href="/bulk/7"' in managers
    assert "with an act on many clients" in colleagues
    assert 'href="/bulk/7"' not in colleagues


def test_an_event_nobody_has_words_for_is_still_a_line(session, signed_in):
    client = a_client()
    strange = {
        "odd": [1, {"x": [2]}],
        "tags": [None, [{"id": 1, "name": "<b>"}]],
        "happened_at": [None, None],
    }
    a_journal_entry(chain=client.id, client_id=client.id, kind="something_new", data=strange)
    page = signed_in(a_user()).get(f"/clients/{client.id}")
    assert page.status_code == 200
    assert "something_new" in page.text
    assert "<b>" not in page.text


def test_a_contact_person_has_a_timeline_of_his_own(session, signed_in):
    client = a_client()
    his, other = a_contact_person(client=client, name="Пётр"), a_contact_person(client=client)
    an_interaction(client=client, note="С Петром", contact_persons=[his])
    an_interaction(client=client, note="С другим", contact_persons=[other])
    his.job_title = "Директор"
    session.commit()
    ask = signed_in(a_user(Role.colleague))

    for address in (f"/contact-persons/{his.id}", f"/contact-persons/{his.id}/timeline"):
        page = ask.get(address).text
        assert "С Петром" in page
        assert "С другим" not in page
        assert "<ins>Директор</ins>" in page
    assert ask.get("/contact-persons/999999").status_code == 404
    assert ask.get("/contact-persons/999999/timeline").status_code == 404
    assert ask.get(f"/contact-persons/details/?id={his.id}").location == f"/contact-persons/{his.id}"


@pytest.mark.parametrize("way", ["", "/timeline", "/print"])
def test_a_stranger_sees_no_timeline_and_nobody_one_that_is_not_there(app, session, signed_in, way):
    client = a_client()
    assert app.test_client().get(f"/clients/{client.id}{way}").status_code == 302
    assert signed_in(a_user()).get(f"/clients/999999{way}").status_code == 404


@pytest.mark.parametrize("way", ["", "/timeline", "/print"])
def test_it_costs_the_same_however_much_happened(session, signed_in, queries, noon, way):
    group, person, kind = a_client_group(), a_user(), an_interaction_kind()
    few, many = a_client(group=group), a_client(group=group)
    for client, times in ((few, 2), (many, 200)):
        there = a_contact_person(client=client)
        for n in range(times):
            an_interaction(client=client, person=person, kind=kind, contact_persons=[there],
                           participants=[person], happened_at=noon - timedelta(hours=n))  # fmt: skip
            there.job_title = f"Должность {n}"
        row = an_interaction(client=client, person=person, kind=kind, state=InteractionState.planned)
        row.note = "Иначе"
        session.commit()
    ask, costs = signed_in(a_user()), []
    for client in (few, many):
        with queries().counting() as seen:
            assert ask.get(f"/clients/{client.id}{way}").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 45


def test_the_card_prints_by_itself_with_what_was_said_opened(session, signed_in):
    client = a_client(name="Ромашка", remember="Не звонить до обеда")
    an_interaction(client=client, request="Просили цены")
    page = signed_in(a_user(name="Анна")).get(f"/clients/{client.id}/print").text
    for said in (
        "<h1>Ромашка</h1>",
        "Не звонить до обеда",
        "Просили цены",
        "<details open>",
        "data-print",
        "Анна",
    ):
        assert said in page, said
    assert 'id="side"' not in page


# What says nothing to people, or is said otherwise: beside the entry, or by its word.
SILENT = {
    ("telephone", "client_id"), ("telephone", "contact_person_id"), ("telephone", "e164"),
    ("telephone", "last4"), ("telephone", "position"), ("email_address", "client_id"),
    ("email_address", "contact_person_id"), ("email_address", "normal"), ("email_address", "position"),
    ("interaction", "recorded_by_id"), ("interaction", "follows_id"), ("comment", "interaction_id"),
    ("interaction", "answer_id"), ("interaction", "series_id"), ("promise", "contact_person_id"),
    ("promise", "interaction_id"), ("promise", "moved_from_id"), ("promise", "whole_day"),
    ("recurring_plan", "minute"), ("silence_talk", "closed_by_id"), ("silence_talk", "facts"),
    ("silence_talk", "interaction_id"), ("wish", "interaction_id"),
}  # fmt: skip


def test_every_field_that_the_journal_of_a_client_tells_has_a_name():
    known = [each for each in WATCHED.values() if each.client_id(a_row_of_a_client)]
    assert len(known) > 5
    told = {(each.subject, name) for each in known for name in (*each.columns, *each.collections)}
    assert {pair for pair in told if field_name(*pair) is None} == SILENT


class a_row_of_a_client:  # noqa: N801
    id = client_id = 1
