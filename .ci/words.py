#!/usr/bin/env python3
"""Collects the messages of the program and brings its catalogues up to date.

Messages that are gone are dropped, new ones come without a translation, nothing is guessed; what is not
translated is listed, and is exit code 1. --check writes nothing. `make words` runs it.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "crmadmin" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
ROOMS = ("crmadmin", "views", "seeds")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "silent": "false"}}
KEYWORDS = {"_": None, "lazy": None, "ngettext": (1, 2), "plural": (1, 2)}


def found() -> Catalog:
    """Every message that the program asks for."""
    template = Catalog()
    for room in ROOMS:
        messages = extract_from_dir(
            ROOT / room, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("NB:",), strip_comment_tags=True
        )
        for _file, _line, message, comments, context in messages:
            template.add(message, auto_comments=comments, context=context)
    return template


def kept(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def brought_up(catalogue: Catalog, template: Catalog) -> Catalog:
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.locations = []
    return catalogue


def written(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, include_previous=False)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def said(catalogue: Catalog) -> dict[object, object]:
    return {message.id: message.string for message in catalogue if message.id}


def main(check: bool) -> int:
    before = said(kept())
    catalogue = brought_up(kept(), found())
    if check:
        stale = said(catalogue) != before
    else:
        CATALOGUE.write_bytes(written(catalogue))
        for path in CATALOGUE.parent.glob("*.po"):
            path.with_suffix(".mo").write_bytes(compiled(kept(path)))
        stale = False
    empty = [message.id for message in catalogue if message.id and not all(_texts(message))]
    told = ["not collected: make words"] if stale else []
    told += [f"not translated: {each!r}" for each in empty]
    sys.stdout.writelines(f"{line}\n" for line in told)
    return int(stale or bool(empty))


def _texts(message: object) -> list[str]:
    said = message.string
    return list(said) if isinstance(said, list | tuple) else [said]


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
