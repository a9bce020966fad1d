"""What a Russian sees: no English word of ours is left on any screen."""

import re

from models.kinds import Language, Role
from tests.factories import a_user
from tests.house.doors import address, doors

TAGS = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(
    r'\b(?:title|placeholder|aria-label|alt|data-(?!role|url|json|bs)[a-z-]+)="([^"]*[ А-Яа-я][^"]*)"'
)
WORD = re.compile(r"[A-Za-z]{3,}")
MADE = re.compile(
    r"\b(?:[A-Z][a-z]+|[a-z]+)[ -]\d+\b|\bperson\d+\b|\ba@b\.ru\b"
)  # rows of the factories: Client 12
NAMES = {"CRM", "CSV", "XLSX", "JSON", "Excel", "English", "Switch", "Enter", "Shift", "Alt"}
BOX = re.compile(r'type="search" name="q" value="([^"]*)"')


def english(page: str) -> set[str]:
    seen = [TAGS.sub(" ", page.split("<body", 1)[-1]), *SPOKEN.findall(page)]
    return {
        word for text in seen for word in WORD.findall(MADE.sub(" ", re.sub(r"&\w+;", " ", text)))
    } - NAMES


JARGON = re.compile(r"\b(model|модель|__None|None)\b|токен", re.IGNORECASE)


def test_no_screen_speaks_of_the_program_s_insides(app, session, signed_in):
    """Words of Flask-Admin's that mean nothing to a salesman."""
    viewer = a_user(Role.admin, language=Language.ru)
    browser = signed_in(viewer)
    for door in doors(app):
        if not door.why and "GET" in door.methods and viewer.role in door.roles():
            for where in address(app, door, viewer):
                page = browser.get(where)
                if page.status_code == 200 and page.mimetype == "text/html":
                    spoken = [TAGS.sub(" ", page.text), *SPOKEN.findall(page.text)]
                    assert not [text for text in spoken if JARGON.search(text)], where


def test_a_russian_s_screens_are_russian(app, session, signed_in):
    viewer = a_user(Role.admin, name="Анна", language=Language.ru, login="а", email="", telephone="")
    browser = signed_in(viewer)
    left: dict[str, set[str]] = {}
    for door in doors(app):
        if not door.why and "GET" in door.methods and viewer.role in door.roles():
            for where in address(app, door, viewer):
                answer = browser.get(where)
                if (
                    answer.status_code == 200
                    and answer.mimetype == "text/html"
                    and (words := english(answer.text))
                ):
                    left[where] = words

    assert not left, "\n".join(f"{where}: {' '.join(sorted(words))}" for where, words in left.items())


def test_the_box_over_everything_holds_what_was_searched_and_nothing_else(app, session, signed_in):
    """What a page calls its own things reaches the frame as well."""
    viewer = a_user(Role.admin)
    browser = signed_in(viewer)
    held: dict[str, str] = {}
    for door in doors(app):
        if not door.why and "GET" in door.methods and viewer.role in door.roles():
            for where in address(app, door, viewer):
                box = BOX.search(browser.get(where).text)
                if box and box.group(1):
                    held[where] = box.group(1)

    assert not held
    (found,) = BOX.findall(browser.get("/search?q=мост").text)
    assert found == "мост"
