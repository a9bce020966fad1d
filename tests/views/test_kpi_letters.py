"""The page where numbers are set to go out as letters, and where one sees whether they have arrived."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Letter, ReportLetter
from models.kinds import Every, Language, LetterKind, Role
from tests import factories as make
from tests.conftest import NOON
from tests.mail_server import a_free_port, mail_server
from tests.support import csrf_of

WHERE = "/kpi/letters/"
DAY = timedelta(days=1)


@pytest.fixture
def olga(session):
    return make.a_user(Role.head, name="Ольга", email="olga@example.ru", language=Language.en)


@pytest.fixture
def browser(signed_in, olga):
    return signed_in(olga)


@pytest.fixture
def sending_to(app, monkeypatch):
    def to(url):
        given = replace(app.config["CRM"], mail_url=url, mail_from="crm@example.ru")
        monkeypatch.setitem(app.config, "CRM", given)

    return to


def send(browser, where, **typed):
    page = browser.get(where if "/new" in where or where.rstrip("/")[-1].isdigit() else WHERE)
    hidden = dict(re.findall(r'name="(mark|once)" value="([^"]+)"', page.text))
    return browser.post(where, data={"csrf_token": csrf_of(page)} | hidden | typed)


def rows(session):
    session.expire_all()
    return session.scalars(select(ReportLetter).order_by(ReportLetter.id)).all()


def ids(people):
    return [each.id for each in people]


# Who


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_whoever_may_not_set_them_finds_the_doors_shut(session, signed_in, role):
    row = make.a_report_letter()
    browser = signed_in(make.a_user(role))
    for where in (WHERE, f"{WHERE}new", f"{WHERE}{row.id}"):
        assert browser.get(where).status_code == 403
    for where in (f"{WHERE}{row.id}/switch", f"{WHERE}{row.id}/trial"):
        assert browser.post(where).status_code == 403


def test_a_stranger_is_sent_to_sign_in(session, app):
    assert "/login" in app.test_client().get(WHERE).headers["Location"]


# Setting


def test_where_there_are_none_the_page_says_what_they_are_and_leads_to_the_first(browser):
    page = browser.get(WHERE).text

    assert "on Monday morning" in page
    assert page.count(f"{WHERE}new") == 2


def test_one_is_set_and_sent_twice_it_is_one(session, browser, olga):
    page = browser.get(f"{WHERE}new?page=team")
    typed = dict(re.findall(r'name="(csrf_token|once)" value="([^"]+)"', page.text))
    assert re.search(rf'value="{olga.id}" id="reader-{olga.id}" checked', page.text)
    typed |= {"page": "team", "every": "week", "readers": str(olga.id)}
    for _n in range(2):
        assert browser.post(f"{WHERE}new", data=typed).status_code == 302

    (row,) = rows(session)
    assert (row.page, row.every, ids(row.readers), row.made_by_id) == ("team", Every.week, [olga.id], olga.id)
    assert "9 Mar" in browser.get(WHERE).text


def test_the_page_one_comes_from_is_chosen_already(session, browser):
    anna = make.a_user(name="Анна")
    page = browser.get(f"{WHERE}new?page=person&person={anna.id}").text

    assert '<option value="person" selected>' in page
    assert f'<option value="{anna.id}" selected>' in page


def test_whoever_may_not_see_the_numbers_is_named_at_the_field_and_what_was_chosen_is_kept(
    session, browser, olga
):
    anna = make.a_user(name="Анна <b>")
    answer = send(browser, f"{WHERE}new", page="team", every="month", readers=[olga.id, anna.id])

    assert answer.status_code == 422
    assert "These may not see the numbers of this page: Анна &lt;b&gt;." in answer.text
    assert 'value="month" selected' in answer.text
    assert answer.text.count(" checked") == 2
    assert rows(session) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"page": "../x"}, "Choose a page."),
        ({"page": "person", "person": "999999"}, "Say whose numbers."),
        ({"every": "day"}, "Choose how often."),
        ({"readers": []}, "Choose at least one reader."),
        ({"readers": ["x", "99999999999", "-1"]}, "Choose at least one reader."),
        ({"csrf_token": "old"}, "The page had been open for too long."),
    ],
)
def test_a_wrong_value_is_told_at_its_field(session, browser, olga, typed, said):
    answer = send(browser, f"{WHERE}new", **{"page": "team", "every": "week", "readers": [olga.id]} | typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert rows(session) == []


def test_it_is_changed_stopped_and_goes_on(session, browser, olga):
    row = make.a_report_letter(readers=[olga])
    anna = make.a_user(name="Анна")
    where = f"{WHERE}{row.id}"
    answer = send(browser, where, page="person", person=anna.id, every="month", readers=[anna.id])
    assert answer.status_code == 302
    (row,) = rows(session)
    assert (row.page, row.person_id, row.every, ids(row.readers)) == (
        "person", anna.id, Every.month, [anna.id],
    )  # fmt: skip

    send(browser, f"{where}/switch", act="stop")
    assert rows(session)[0].active is False
    assert "stopped" in browser.get(WHERE).text
    send(browser, f"{where}/switch", act="go_on")
    assert rows(session)[0].active is True


def test_the_second_editor_is_told_and_loses_nothing(session, browser, olga, signed_in):
    row = make.a_report_letter(readers=[olga])
    where = f"{WHERE}{row.id}"
    opened = dict(re.findall(r'name="(mark)" value="([^"]+)"', browser.get(where).text))
    send(signed_in(make.a_user(Role.admin)), where, page="team", every="month", readers=[olga.id])
    typed = {"page": "team", "every": "week", "readers": [olga.id]}
    answer = browser.post(where, data={"csrf_token": csrf_of(browser.get(where))} | opened | typed)

    assert answer.status_code == 422
    assert "Somebody has changed this meanwhile" in answer.text
    assert 'value="week" selected' in answer.text
    again = dict(re.findall(r'name="(mark|csrf_token)" value="([^"]+)"', answer.text))
    assert browser.post(where, data=again | typed).status_code == 302
    assert rows(session)[0].every is Every.week


def test_what_is_not_there_is_404_and_a_sending_that_is_not_ours_changes_nothing(session, browser):
    row = make.a_report_letter(readers=[make.a_user(Role.head)])
    assert browser.get(f"{WHERE}999999").status_code == 404
    assert send(browser, f"{WHERE}999999/switch").status_code == 404
    assert browser.post(f"{WHERE}{row.id}/switch", data={"act": "stop"}).status_code == 400
    assert rows(session)[0].active is True


# What became of them


def test_the_page_says_who_gets_none_and_what_became_of_the_last_ones(session, browser, olga):
    others = [make.a_user(Role.head, name=name, email=f"{n}@example.ru") for n, name in enumerate("АБВ")]
    row = make.a_report_letter(readers=[olga, *others], sent_for=(NOON - 7 * DAY).date())
    key = {"kind": LetterKind.report, "key": f"report-{row.id}-2026-03-02"}
    make.a_letter(person=olga, sent_at=NOON, **key)
    make.a_letter(person=others[0], error="451 later", tries=2, **key)
    make.a_letter(person=others[1], failed_at=NOON, error="may not see these numbers", **key)
    others[1].role, others[2].email = Role.colleague, ""
    session.commit()
    page = browser.get(WHERE).text
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

    assert "23 Feb – 1 Mar" in told
    assert "Ольга: sent today, 12:00" in told
    assert "А: not taken yet: 451 later" in told
    assert "Б: not sent: may not see these numbers" in told
    assert "Б may not see these numbers" in told
    assert "В has no e-mail address here" in told


def test_the_page_costs_the_same_with_one_and_with_ten(session, browser, olga, queries):
    def cost():
        with queries().counting() as seen:
            browser.get(WHERE)
        return len(seen)

    make.a_report_letter(readers=[olga])
    first = cost()
    for _n in range(9):
        make.a_report_letter(readers=[olga, make.a_user(Role.head)])
    assert cost() == first


# A trial


def test_one_goes_at_once_to_whoever_asks(session, browser, olga, sending_to):
    row = make.a_report_letter(readers=[make.a_user(Role.head, email="x@example.ru")])
    with mail_server() as box:
        sending_to(box.url)
        answer = send(browser, f"{WHERE}{row.id}/trial")
        assert answer.status_code == 302
        page = browser.get(WHERE).text
        assert "A letter is on its way to olga@example.ru." in page
        (letter,) = box.letters
        assert letter["To"].addresses[0].addr_spec == "olga@example.ru"
        assert [file.get_filename() for file in letter.iter_attachments()] == ["team-2026-02-23.xlsx"]
        send(browser, f"{WHERE}{row.id}/trial")
        assert "One was sent within this minute already." in browser.get(WHERE).text

    assert session.scalars(select(Letter)).one().sent_at == NOON


@pytest.mark.parametrize(
    ("url", "email", "said"),
    [
        ("", "olga@example.ru", "This installation sends no letters"),
        ("smtp://127.0.0.1:1", "", "You have no e-mail address here"),
        (None, "olga@example.ru", "The letter was not taken"),
    ],
)
def test_why_none_goes_is_said_in_words(session, browser, olga, sending_to, url, email, said):
    olga.email = email
    row = make.a_report_letter(readers=[olga])
    sending_to(f"smtp://127.0.0.1:{a_free_port()}" if url is None else url)
    send(browser, f"{WHERE}{row.id}/trial")

    assert said in browser.get(WHERE).text


def test_it_speaks_russian(session, signed_in):
    olga = make.a_user(Role.head, name="Ольга", language=Language.ru)
    make.a_report_letter(readers=[olga])
    page = signed_in(olga).get(WHERE).text

    assert "Показатели письмами" in page
    assert "адрес почты не указан" in page
