"""Texts with what one searched for marked in them."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from crmadmin.rules.marking import around, pieces
from models import Telephone


def marked(text: str, words: Sequence[str], most: int = 0) -> Markup:
    """The text, or so much of it; safe to print."""
    shown = around(text, words, most) if most else text
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if is_hit else escape(piece)
        for piece, is_hit in pieces(shown, words)
    )


def marked_telephone(telephone: Telephone, words: Sequence[str]) -> Markup:
    """As it was typed; marked as a whole, since its digits are what was compared."""
    is_hit = any(word in _digits(telephone) for word in words if word.isdecimal())
    return Markup("<mark>{}</mark>").format(telephone.typed) if is_hit else escape(telephone.typed)


def _digits(telephone: Telephone) -> str:
    return telephone.e164.lstrip("+") or "".join(sign for sign in telephone.typed if sign.isdigit())
