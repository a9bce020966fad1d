"""Files that come with the quick record: kept with it or not at all, and shown where it is told."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from crmadmin.services import files
from models import Attachment, JournalEntry
from models.kinds import InteractionState, Language, Role
from tests.factories import a_user, an_attachment, an_interaction
from tests.support import csrf_of
from tests.views.recording import PART, from_card, plan_sent, rows, sent

PDF = b"%PDF-1.7 an offer"
PNG = b"\x89PNG\r\n\x1a\n a photograph"
pytestmark = pytest.mark.usefixtures("call")


def given(*named):
    return [(io.BytesIO(content), name) for name, content in named]


def two():
    return given(("КП.pdf", PDF), ("стенд.png", PNG))


def kept(session):
    return session.scalars(select(Attachment).order_by(Attachment.id)).all()


def test_several_files_are_kept_with_the_record(session, ask, anna, client, call):
    answer = sent(ask, client, call, headers=from_card(client), file=two())
    assert answer.status_code == 200
    (row,) = rows(session)
    assert [each.name for each in kept(session)] == ["КП.pdf", "стенд.png"]
    assert {(each.interaction_id, each.client_id, each.by_id) for each in kept(session)} == {
        (row.id, client.id, anna.id)
    }
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "file_added")).all()
    assert [each.data["interaction_id"] for each in told] == [[None, row.id]] * 2
    assert [each.data["sha256"][1] for each in told] == [each.sha256 for each in kept(session)]


def test_files_stand_on_the_line_of_what_they_belong_to(session, ask, client, call):
    sent(ask, client, call, file=two())
    other = an_attachment(client=client, name="договор.pdf").id
    page = ask.get(f"/clients/{client.id}").text
    (row,) = rows(session)
    line = page.split(f'id="interaction-{row.id}"')[1].split('<li class="tl ')[0].split("</section>")[0]
    for each in kept(session):
        assert (f'href="/talk/files/{each.id}"' in line) == (each.id != other)
    assert f'href="#interaction-{row.id}"' in page.split('id="files"')[1]


def test_a_file_by_itself_is_a_line_by_itself(session, ask, client, call):
    token = {"csrf_token": csrf_of(ask.get(f"/clients/{client.id}"))}
    ask.post(f"/talk/clients/{client.id}/files", data=token | {"file": given(("один.pdf", PDF))})
    sent(ask, client, call, file=given(("вместе.pdf", PDF)))
    told = re.findall(r"file added[^<]*", ask.get(f"/clients/{client.id}/timeline").text)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("language", "size", "said"),
    [
        (Language.en, 10, "1 KB"),
        (Language.ru, 300_000, "293 КБ"),
        (Language.ru, 9_900_000, "9,4 МБ"),
        (Language.en, 9_900_000, "9.4 MB"),
    ],
)
def test_how_large_a_file_is_is_said_in_ones_language(session, signed_in, client, language, size, said):
    an_attachment(client=client, size=size)
    assert said in signed_in(a_user(language=language)).get(f"/talk/clients/{client.id}").text


def test_what_was_taken_back_stands_on_no_line(session, ask, client, noon):
    row = an_interaction(client=client)
    an_attachment(client=client, interaction=row, name="черновик.pdf", withdrawn_at=noon)
    assert "черновик.pdf" not in ask.get(f"/clients/{client.id}").text.split('id="stream"')[1]


def test_a_plan_that_takes_place_has_its_files(session, ask, anna, client):
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned)
    answer = plan_sent(ask, plan, "held", headers=from_card(client), request="Да", file=two())
    assert answer.status_code == 200
    assert [each.interaction_id for each in kept(session)] == [plan.id] * 2


def test_sent_twice_they_are_there_once_and_another_file_is_another_sending(session, ask, client, call):
    page = ask.get(f"/clients/{client.id}/record", headers=PART)
    answers = [sent(ask, client, call, page, file=two()) for _ in range(2)]
    assert len({answer.location for answer in answers}) == 1
    assert (len(rows(session)), len(kept(session))) == (1, 2)
    sent(ask, client, call, page, file=given(("КП.pdf", PDF + b"!")))
    assert (len(rows(session)), len(kept(session))) == (2, 3)


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ([("offer.pdf", b"<html>")], "is not what its name says"),
        ([("offer.pdf", b"")], "offer.pdf is empty"),
        ([("offer.pdf", PDF), ("page.html", b"<html>")], "page.html: files of this kind are not kept here"),
        ([("a.pdf", b"<html>"), ("b.pdf", b"<html>")], "b.pdf is not what its name says"),
        ([(f"{n}.pdf", PDF) for n in range(files.MOST + 1)], "At most 5 files at once"),
    ],
)
def test_a_file_that_is_refused_is_told_at_its_field_and_nothing_is_kept(
    session, ask, client, call, named, why
):
    answer = sent(ask, client, call, headers=PART, file=given(*named), note="Долго писали")
    assert answer.status_code == 422
    error = re.search(rf'id="record{client.id}-file-error">(.*?)</div>', answer.text, re.DOTALL)
    assert why in error[1]
    for typed in (">Просят цены</textarea>", ">Долго писали</textarea>"):
        assert typed in answer.text
    assert rows(session) == kept(session) == []


def test_a_file_that_is_too_large_is_told_at_its_field(session, ask, client, call, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 100)
    answer = sent(ask, client, call, headers=PART, file=given(("a.pdf", PDF + b"x" * 100)))
    assert answer.status_code == 422
    assert "a.pdf is too large" in answer.text


def test_where_something_else_is_wrong_one_is_told_to_choose_the_files_again(session, ask, client, call):
    typed = {"request": "", "files_chosen": "2", "file": two()}
    answer = sent(ask, client, call, headers=PART, **typed)
    assert answer.status_code == 422
    assert "choose them once more" in answer.text
    assert kept(session) == []
    assert "choose them once more" not in sent(ask, client, call, headers=PART, request="").text


def test_files_that_got_lost_on_the_way_are_missed(session, ask, client, call):
    """Signed in again in between, or sent again by the busy page: fields come along, files do not."""
    answer = sent(ask, client, call, headers=PART, files_chosen="2")
    assert answer.status_code == 422
    assert f'id="record{client.id}-file-error"' in answer.text
    assert rows(session) == []


def test_the_field_takes_several_and_a_camera(session, ask, client):
    page = ask.get(f"/clients/{client.id}/record", headers=PART).text
    field, camera = re.findall(r'<input[^>]*type="file"[^>]*>', page)
    assert " multiple" in field
    assert ".pdf" in field
    assert 'capture="environment"' in camera
    assert "at most 5 files of 10 MB" in page


def test_a_colleague_adds_files_too(session, signed_in, client, call):
    sent(signed_in(a_user(Role.colleague)), client, call, file=two())
    assert len(kept(session)) == 2


def test_as_many_files_as_may_come_at_once_fit_into_one_request(app):
    assert app.config["MAX_CONTENT_LENGTH"] >= files.MOST * files.LARGEST + 1024 * 1024


def test_the_web_server_before_it_takes_as_much(app):
    """Else that one refuses first, in its own words."""
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", readme)
    assert int(megabytes) * files.MEGABYTE > app.config["MAX_CONTENT_LENGTH"]


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.en, "at most 3 MB together"), (Language.ru, "вместе не больше 3 МБ")],
)
def test_more_than_a_request_may_weigh_is_said_in_ones_language(
    app, session, signed_in, client, monkeypatch, language, said
):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 3 * files.MEGABYTE)
    ask = signed_in(a_user(language=language))
    answer = ask.post(
        f"/clients/{client.id}/record",
        data=b"x" * 4 * files.MEGABYTE,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert said in answer.text
    assert 'id="side"' in answer.text
