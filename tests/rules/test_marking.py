from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.marking import around, pieces
from crmadmin.rules.names import folded


def test_words_are_marked_whatever_the_letter_case():
    assert pieces("ООО «Ёлка»", ["елка"]) == [("ООО «", False), ("Ёлка", True), ("»", False)]
    assert pieces("МОСТ и мостик", ["мост"]) == [
        ("МОСТ", True),
        (" и ", False),
        ("мост", True),
        ("ик", False),
    ]


def test_overlapping_words_are_one_mark():
    assert pieces("ромашка", ["рома", "ашка"]) == [("ромашка", True)]


def test_a_sign_that_folds_to_several_is_marked_whole():
    assert pieces("Дом №1", ["no1"]) == [("Дом ", False), ("№1", True)]


def test_a_long_text_is_cut_around_the_first_hit():
    text = "слово " * 50 + "договор подписан " + "слово " * 50
    shown = around(text, ["договор"], 60)
    assert "договор" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 62
    assert around("коротко", ["x"], 60) == "коротко"


@given(st.text(max_size=80), st.text(min_size=1, max_size=4))
def test_the_pieces_are_the_text_again(text, word):
    assert "".join(piece for piece, _hit in pieces(text, [folded(word)])) == text
    assert len(around(text, [folded(word)], 20)) <= 22
