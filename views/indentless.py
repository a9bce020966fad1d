"""Templates without the blanks their lines begin with: a page of a list weighs a tenth less."""

import re

from jinja2.ext import Extension

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class Indentless(Extension):
    """For pages alone: a letter is a text, and its blanks are meant."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        is_page = (name or "").endswith(".html") and not (name or "").startswith("letters/")
        return _INDENT.sub("", source) if is_page else source
