"""On the card: the client's task, what colleagues say among themselves, files."""

import io
import re

import pytest
from sqlalchemy import func, select

from crmadmin.services import files
from models import Attachment, ClientTask, Comment, JournalEntry, Notice
from models.kinds import NoticeKind, Role
from tests import factories as make
from tests.support import csrf_of
from tests.views.doors import token_of

PDF = b"%PDF-1.7 an offer"


@pytest.fixture
def client(session):
    return make.a_client(name="Ромашка")


def post(ask, where, **data):
    return ask.post(f"/talk/{where}", data={"csrf_token": token_of(ask), **data})


def test_whoever_is_mentioned_is_told_and_reads_it_once(session, signed_in, client):
    anna = make.a_user(login="anna", name="Анна Белова")
    oleg = make.a_user(login="oleg")
    leaver = make.a_user(login="leaver", active=False)
    answer = post(signed_in(oleg), f"clients/{client.id}/comments", text="@anna @oleg @leaver @nobody глянь")
    assert answer.location.endswith(f"/clients/{client.id}#comments")
    (notice,) = session.scalars(select(Notice)).all()
    assert (notice.person_id, notice.kind) == (anna.id, NoticeKind.mentioned)
    assert leaver.id != notice.person_id

    ask = signed_in(anna)
    assert 'class="bell-count"' in ask.get("/clients/").text
    page = ask.get("/notices/").text
    assert "глянь" in page
    assert "Ромашка" in page
    went = ask.post(
        "/notices/read", data={"csrf_token": token_of(ask), "id": notice.id, "next": f"/clients/{client.id}"}
    )
    assert went.location.endswith(f"/clients/{client.id}")
    assert 'class="bell-count"' not in ask.get("/clients/").text


def test_the_second_editor_of_a_task_is_shown_both_wordings_and_chooses(session, signed_in, client):
    task = make.a_client_task(client=client, problem="Опоздания", solution="")
    anna, boris = signed_in(make.a_user()), signed_in(make.a_user())
    seen = re.search(r'name="seen" value="(\w+)"', anna.get(f"/clients/{client.id}").text)[1]
    post(boris, f"tasks/{task.id}", act="reword", problem="Опоздания", solution="Скидка", seen=seen)

    typed = {"act": "reword", "problem": "Опоздания", "solution": "Второй склад"}
    refused = post(anna, f"tasks/{task.id}", **typed, seen=seen)
    dropped = post(anna, f"tasks/{task.id}", act="dropped", outcome="Решили сами", seen=seen)

    assert (refused.status_code, dropped.status_code) == (422, 422)
    assert "Now it says: Опоздания → Скидка" in refused.text
    assert "Второй склад</textarea>" in refused.text
    again = re.search(r'name="seen" value="(\w+)"', refused.text)[1]
    assert post(anna, f"tasks/{task.id}", **typed, seen=again).status_code == 302
    session.expire_all()
    assert session.scalars(select(ClientTask.solution)).one() == "Второй склад"


def test_nobody_reads_the_notices_of_others(session, signed_in):
    notice = make.a_notice()
    ask = signed_in(make.a_user())
    assert "list-group" not in ask.get("/notices/").text
    ask.post("/notices/read", data={"csrf_token": token_of(ask), "id": notice.id})
    ask.post("/notices/read", data={"csrf_token": token_of(ask), "all": "1"})
    assert session.scalars(select(Notice.read_at).where(Notice.id == notice.id)).all() == [None]


def test_a_mention_is_drawn_as_a_name_and_a_text_as_it_is(session, signed_in, client):
    make.a_user(login="anna", name="Анна Белова")
    ask = signed_in(make.a_user())
    post(ask, f"clients/{client.id}/comments", text="<b>смотри</b> @anna, a@b.ru")
    page = ask.get(f"/talk/clients/{client.id}").text
    assert "&lt;b&gt;смотри&lt;/b&gt;" in page
    assert 'title="@anna">Анна Белова</span>, a@b.ru' in page


def test_whoever_signs_in_by_an_address_is_mentioned_by_it_and_nobody_else(session, signed_in, client):
    make.a_user(login="ivan", name="Иван Грозный")
    whole = make.a_user(login="ivan@firm.ru", name="Иван Калита")
    make.a_user(login="petr", name="Пётр Первый")
    sales = make.a_user(login="petr+sales", name="Пётр Третий")
    ask = signed_in(make.a_user())
    post(ask, f"clients/{client.id}/comments", text="@ivan@firm.ru и @petr+sales, гляньте")
    assert set(session.scalars(select(Notice.person_id)).all()) == {whole.id, sales.id}
    page = ask.get(f"/talk/clients/{client.id}").text
    assert 'title="@ivan@firm.ru">Иван Калита</span> и ' in page
    assert 'title="@petr+sales">Пётр Третий</span>, гляньте' in page


def test_what_was_taken_back_is_nowhere_read_but_in_the_journal(session, signed_in, client):
    anna, me = make.a_user(login="anna"), make.a_user()
    ask, hers = signed_in(me), signed_in(anna)
    post(ask, f"clients/{client.id}/comments", text="@anna необдуманное")
    assert "необдуманное" in hers.get(f"/clients/{client.id}").text
    comment = session.scalars(select(Comment)).one()
    post(ask, f"comments/{comment.id}/withdraw")

    told = session.scalars(select(Notice)).one()
    assert "необдуманное" not in str(told.data)
    notices = hers.get("/notices/").text
    assert "taken back" in notices
    pages = [hers.get(f"/clients/{client.id}{way}").text for way in ("", "/timeline", "/print")]
    assert not any("необдуманное" in page for page in (notices, *pages))
    assert "the comment was taken back" in hers.get(f"/clients/{client.id}").text
    written = session.scalars(select(JournalEntry).where(JournalEntry.kind == "comment_created")).one()
    assert written.data["text"] == [None, "@anna необдуманное"]


def test_what_is_said_among_colleagues_stands_on_no_paper(session, signed_in, client):
    ask = signed_in(make.a_user())
    assert "left out" not in ask.get(f"/clients/{client.id}/print").text
    for text in ("Клиент жадничает", "Скидку не давать"):
        post(ask, f"clients/{client.id}/comments", text=text)
    paper = ask.get(f"/clients/{client.id}/print").text
    assert "жадничает" not in paper
    assert "Скидку" not in paper
    assert "2 comments of ours are left out" in paper
    assert "жадничает" in ask.get(f"/clients/{client.id}").text


def test_a_refused_comment_is_kept(session, signed_in, client):
    ask = signed_in(make.a_user())
    answer = post(ask, f"clients/{client.id}/comments", text="x" * 4_001)
    assert answer.status_code == 422
    assert "x" * 4_001 in answer.text
    assert "at most 4000 signs" in answer.text


@pytest.mark.parametrize(("role", "may"), [(Role.manager, False), (Role.head, True), (Role.admin, True)])
def test_a_comment_is_taken_back_by_whoever_wrote_it_or_by_the_head(session, signed_in, client, role, may):
    comment = make.a_comment(client=client, text="необдуманное")
    ask = signed_in(make.a_user(role))
    answer = post(ask, f"comments/{comment.id}/withdraw")
    assert answer.status_code == (302 if may else 403)
    assert ("необдуманное" in ask.get(f"/talk/clients/{client.id}").text) is not may
    assert session.get(Comment, comment.id) is not None


def given(name="offer.pdf", content=PDF):
    return (io.BytesIO(content), name)


def test_a_file_comes_back_as_a_download_byte_for_byte(session, signed_in, client):
    ask = signed_in(make.a_user(Role.colleague))
    post(ask, f"clients/{client.id}/files", file=given("КП \u202e№1.pdf"))
    row = session.scalars(select(Attachment)).one()
    answer = ask.get(f"/talk/files/{row.id}")
    assert answer.data == PDF
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert row.name == "КП №1.pdf"
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "file_added")).one()
    assert told.data["sha256"] == [None, row.sha256]
    assert told.client_id == client.id


@pytest.mark.parametrize(
    ("name", "content"),
    [("offer.pdf", b"<html>"), ("page.html", b"<html>"), ("a.svg", b"<svg/>"), ("../../x", PDF), ("", b"")],
)
def test_what_is_no_file_of_ours_is_refused(session, signed_in, client, name, content):
    answer = post(signed_in(make.a_user()), f"clients/{client.id}/files", file=given(name, content))
    assert answer.status_code == 422
    assert session.scalars(select(Attachment)).all() == []


def test_a_file_that_is_too_large_is_refused(session, signed_in, client, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 100)  # of ten megabytes a test client would keep a file open
    answer = post(
        signed_in(make.a_user()),
        f"clients/{client.id}/files",
        file=given(content=PDF + b"x" * 100),
    )
    assert answer.status_code == 422
    assert "is too large" in answer.text


def test_a_path_in_a_name_leads_nowhere(session, signed_in, client, app):
    post(signed_in(make.a_user()), f"clients/{client.id}/files", file=given("../../../etc/passwd.pdf"))
    assert session.scalars(select(Attachment)).one().name == "passwd.pdf"


def test_of_what_is_sent_twice_one_is_kept(session, signed_in, client):
    ask = signed_in(make.a_user(Role.colleague))
    for entity, where, typed in (
        (Comment, "comments", lambda: {"text": "Звонили из бухгалтерии"}),
        (Attachment, "files", lambda: {"file": given()}),
        (ClientTask, "task", lambda: {"problem": "Нужен насос"}),
    ):
        answers = [post(ask, f"clients/{client.id}/{where}", once="a secret", **typed()) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302], where
        assert len({answer.location for answer in answers}) == 1
        assert session.scalar(select(func.count()).select_from(entity)) == 1, where


def test_the_same_words_and_another_file_sent_by_another_form_are_kept_too(session, signed_in, client):
    ask = signed_in(make.a_user())
    for secret, content in (("one", PDF), ("two", PDF), ("two", PDF + b"!")):
        post(ask, f"clients/{client.id}/comments", once=secret, text="Да")
        post(ask, f"clients/{client.id}/files", once=secret, file=given(content=content))
    assert session.scalar(select(func.count()).select_from(Comment)) == 2
    assert session.scalar(select(func.count()).select_from(Attachment)) == 3


def test_every_form_of_the_page_has_a_secret_of_its_own(session, signed_in, client):
    page = signed_in(make.a_user()).get(f"/talk/clients/{client.id}").text
    secrets = re.findall(r'name="once" value="([^"]{20,})"', page)
    assert len(set(secrets)) == len(secrets) == 3


@pytest.mark.parametrize(
    ("where", "typed"), [("comments", {"text": "Долго писали"}), ("task", {"problem": "Долго писали"})]
)
def test_a_page_that_was_open_for_too_long_loses_nothing(session, signed_in, client, where, typed):
    ask = signed_in(make.a_user())
    stale = {"csrf_token": "of another session", "once": "a secret"}
    answer = ask.post(f"/talk/clients/{client.id}/{where}", data=stale | typed)
    assert answer.status_code == 422
    assert ">Долго писали</textarea>" in answer.text
    assert "Please send it once more" in answer.text
    assert session.scalars(select(Comment)).all() == session.scalars(select(ClientTask)).all() == []
    again = {"csrf_token": csrf_of(answer), "once": "a secret"}
    assert ask.post(f"/talk/clients/{client.id}/{where}", data=again | typed).status_code == 302


def test_the_words_of_a_task_stay_where_its_end_is_refused(session, signed_in, client):
    task = make.a_client_task(client=client, problem="Нужен насос", solution="Н-200")
    answer = post(signed_in(make.a_user()), f"tasks/{task.id}", act="dropped", outcome=" ")
    assert answer.status_code == 422
    assert ">Нужен насос</textarea>" in answer.text
    assert ">Н-200</textarea>" in answer.text


def test_a_file_whose_bytes_have_changed_is_refused_and_logged(session, signed_in, client, app, caplog):
    ask = signed_in(make.a_user())
    content = PDF + b" that somebody will touch"
    post(ask, f"clients/{client.id}/files", file=given(content=content))
    row = session.scalars(select(Attachment)).one()
    path = app.config["FILES"] / row.sha256[:2] / row.sha256
    path.write_bytes(content[::-1])  # as long as before
    answer = ask.get(f"/talk/files/{row.id}")
    assert answer.status_code == 404
    assert "is not what was added" in answer.text
    assert row.sha256 in caplog.text

    post(ask, f"clients/{client.id}/files", file=given(content=content))
    assert ask.get(f"/talk/files/{row.id}").data == content  # whoever has it brings it back


def test_a_file_that_was_taken_back_or_lost_is_not_there(session, signed_in, client):
    me = make.a_user()
    ask = signed_in(me)
    lost = make.an_attachment(client=client, sha256="00" * 32)
    assert ask.get(f"/talk/files/{lost.id}").status_code == 404
    post(ask, f"clients/{client.id}/files", file=given())
    row = session.scalars(select(Attachment).where(Attachment.by_id == me.id)).one()
    assert post(signed_in(make.a_user()), f"files/{row.id}/withdraw").status_code == 403
    assert post(ask, f"files/{row.id}/withdraw").status_code == 302
    assert ask.get(f"/talk/files/{row.id}").status_code == 404


def test_a_task_goes_its_way_on_the_page(session, signed_in, client):
    ask = signed_in(make.a_user(Role.colleague))
    assert post(ask, f"clients/{client.id}/task", problem="Нужен насос").status_code == 302
    page = ask.get(f"/talk/clients/{client.id}").text
    assert "Нужен насос" in page
    assert "since today" in page
    task = session.scalars(select(ClientTask)).one()
    refused = post(ask, f"tasks/{task.id}", act="accepted", outcome="да")
    assert refused.status_code == 422
    assert post(ask, f"tasks/{task.id}", problem="Нужен насос", solution="Н-200").status_code == 302
    assert post(ask, f"tasks/{task.id}", act="accepted", outcome="да").status_code == 302
    assert "No task is open" not in ask.get(f"/talk/clients/{client.id}").text


def test_what_is_not_there_is_not_found(session, signed_in, client):
    ask = signed_in(make.a_user())
    assert ask.get("/talk/clients/999999").status_code == 404
    for where in (
        "clients/999999/comments",
        "comments/999999/withdraw",
        "tasks/999999",
        "files/999999/withdraw",
    ):
        assert post(ask, where, text="x").status_code == 404
