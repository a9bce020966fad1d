"""Tags of clients: given by the form, shown, filtered by, taken out and brought in, told by the journal."""

import pytest
from sqlalchemy import select

from crmadmin.core.db import act_as
from crmadmin.formats import layouts
from crmadmin.formats.tables import opened
from crmadmin.services import imports
from models import Client, JournalEntry, Tag
from models.kinds import Role, Tone
from tests.factories import a_client, a_tag, a_user
from tests.support import csrf_of
from tests.views.forms import Form


def tags_of(session, client):
    row = session.get_one(Client, client.id, populate_existing=True)
    return {tag.name_ru for tag in row.tags}


def test_a_form_gives_tags_and_takes_them_off_and_the_journal_tells_both(session, signed_in):
    me = a_user()
    old, new = a_tag(name_ru="старая"), a_tag(name_ru="новая")
    client = a_client(curator=me, tags=[old])
    ask = signed_in(me)
    address = f"/clients/edit/?id={client.id}"
    typed = Form(ask.get(address).text).fields

    assert ask.post(address, data=typed | {"tags": [str(new.id)]}).status_code == 302

    assert tags_of(session, client) == {"новая"}
    told = session.scalars(select(JournalEntry).where(JournalEntry.client_id == client.id)).all()[-1]
    assert told.kind == "client_changed"
    assert told.data == {"tags": [[{"id": old.id, "name": "старая"}], [{"id": new.id, "name": "новая"}]]}


def test_a_tag_that_is_switched_off_stays_with_its_clients(session, signed_in):
    me, tag = a_user(), a_tag(active=False, name_ru="бывшая")
    client = a_client(curator=me, tags=[tag])
    ask = signed_in(me)
    address = f"/clients/edit/?id={client.id}"

    ask.post(address, data=Form(ask.get(address).text).fields | {"city": "Тверь"})

    assert tags_of(session, client) == {"бывшая"}


def test_a_list_is_narrowed_by_any_of_several_tags_or_by_none(session, signed_in):
    one, two = a_tag(), a_tag()
    a_client(name="Первый", tags=[one])
    a_client(name="Второй", tags=[two, one])
    a_client(name="Третий", tags=[two])
    a_client(name="Голый")
    ask = signed_in(a_user())

    def found(query):
        page = ask.get(f"/clients/?{query}").text
        return {name for name in ("Первый", "Второй", "Третий", "Голый") if name in page}

    assert found(f"tag={one.id}") == {"Первый", "Второй"}
    assert found(f"tag={one.id}&tag={two.id}") == {"Первый", "Второй", "Третий"}
    assert found("tag=none") == {"Голый"}
    assert found("tag=any") == {"Первый", "Второй", "Третий"}


def test_a_card_shows_tags_in_their_colours(session, signed_in):
    client = a_client(tags=[a_tag(name_ru="VIP", name_en="VIP", tone=Tone.violet)])

    page = signed_in(a_user()).get(f"/clients/{client.id}").text

    assert "VIP" in page
    assert "violet" in page


@pytest.mark.parametrize(("role", "made"), [(Role.admin, True), (Role.head, False)])
def test_an_import_adds_tags_and_makes_unknown_ones_by_right(session, tmp_path, role, made):
    a_tag(name_ru="VIP")
    client = a_client(name="Ромашка", tags=[a_tag(name_ru="своя")])
    file = tmp_path / "clients.csv"
    file.write_text("Название;Метки\r\nРомашка;vip; \r\n".replace("vip;", '"vip; совсем новая"'), "utf-8")
    me = a_user(role)

    with opened(file) as table:
        layout = layouts.recognised(table.headers).among(table.headers)
        act_as(me)
        done = imports.run(session, table.rows, layout, by=me, file_name=file.name)
    session.commit()

    assert [str(outcome.verdict) for outcome in done.outcomes] == ["updated"]
    assert tags_of(session, client) == {"своя", "VIP"} | ({"совсем новая"} if made else set())
    assert bool(done.outcomes[0].remarks) is not made
    assert bool(session.scalars(select(Tag).where(Tag.name_ru == "совсем новая")).all()) is made


def test_a_tag_has_no_semicolon_in_its_name(session, signed_in):
    ask = signed_in(a_user(Role.admin))
    page = ask.get("/reference/tags/new/")
    typed = {"csrf_token": csrf_of(page), "name_ru": "a; b", "code": "x", "tone": "red", "position": "1"}

    answer = ask.post("/reference/tags/new/", data=typed)

    assert answer.status_code == 422
    assert "No semicolon here" in answer.text
