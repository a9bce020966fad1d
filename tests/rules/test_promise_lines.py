import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.promise_lines import Line, standing, taken_out
from models.kinds import PromiseSide

OURS, THEIRS = PromiseSide.ours, PromiseSide.theirs


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("! цены до четверга", Line(OURS, "цены до четверга")),
        ("!цены до четверга", Line(OURS, "цены до четверга")),
        ("  !  цены ", Line(OURS, "цены")),
        ("!! реквизиты завтра", Line(THEIRS, "реквизиты завтра")),
        ("! клиент: пришлёт реквизиты", Line(THEIRS, "пришлёт реквизиты")),
        ("! Клиент — пришлёт реквизиты", Line(THEIRS, "пришлёт реквизиты")),
        ("! они: пришлют", Line(THEIRS, "пришлют")),
        ("! client: details by Friday", Line(THEIRS, "details by Friday")),
        ("!! клиент: пришлёт", Line(THEIRS, "пришлёт")),
        ("! клиенту цены завтра", Line(OURS, "клиенту цены завтра")),
        ("!", Line(OURS, "")),
    ],
)
def test_a_line_that_begins_with_a_sign_is_a_promise(typed, line):
    assert taken_out(typed) == ("", [line])


@pytest.mark.parametrize("typed", ["цены!", "Срочно! Цены", "!!! ахтунг", "a ! b", "", "строка\nдругая"])
def test_a_sign_elsewhere_is_a_sign(typed):
    assert taken_out(typed) == (typed, [])


def test_the_other_lines_stay_in_order():
    said = "Отправил прайс\n! скидку до среды\nждут\n!! реквизиты завтра"

    assert taken_out(said) == (
        "Отправил прайс\nждут",
        [Line(OURS, "скидку до среды"), Line(THEIRS, "реквизиты завтра")],
    )


def test_lines_that_stood_there_before_stay_as_often_as_they_stood():
    stood = standing(["! цены до четверга\nждут", "!! акт завтра"])
    assert stood == {"! цены до четверга": 1, "!! акт завтра": 1}

    assert taken_out("  ! цены до четверга\n! скидку", stood) == (
        "! цены до четверга",
        [Line(OURS, "скидку")],
    )
    assert taken_out("! цены до четверга", stood) == ("", [Line(OURS, "цены до четверга")])
    assert taken_out("!! акт завтра", stood) == ("!! акт завтра", [])


@given(st.text())
def test_what_has_no_promise_is_left_as_it_is(text):
    left, found = taken_out(text)

    assert found or left == text
