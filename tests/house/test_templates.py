"""Templates compile, stay small, decide nothing, and run nothing that the content policy would stop."""

import re

import pytest
from jinja2 import nodes

from tests.house.tree import TEMPLATES, templates, without_comments

ALL = [path.relative_to(TEMPLATES).as_posix() for path in templates() if path.suffix == ".html"]
MOST_LINES = 60

HANDED_ON = {
    "admin/actions.html",
    "admin/layout.html",
    "admin/lib.html",
}  # Flask-Admin's pages import from these

FORBIDDEN = {
    "an inline style": r"<[^>{]*\sstyle\s*=|<style\b",
    "an inline handler": r"<[^>{]*\son[a-z]+\s*=",
    "a javascript: address": r"javascript:",
    "a text past escaping": r"\|\s*safe\b|\bMarkup\b|autoescape\s+false",
    "a role by name": r"\brole\s*(==|!=|in\b)|\.role\b\s*(==|!=|in\b)",
    "a question to the database": r"\bdb\.|\.query\(|\.scalars?\(|\bsession\.",
}

ALLOWED = {
    ("a text past escaping", "admin/lib.html"): "a word of our own catalogue, put into a widget that is HTML",
}


def text(name: str) -> str:
    return without_comments((TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize(("what", "pattern"), FORBIDDEN.items(), ids=list(FORBIDDEN))
def test_no_template_holds(what, pattern):
    found = [name for name in ALL if re.search(pattern, text(name)) and (what, name) not in ALLOWED]

    assert not found, f"{what}: {found}"


def test_every_script_is_a_file_of_ours_with_the_answer_s_nonce():
    for name in ALL:
        for attributes, body in re.findall(r"<script\b(.*?)>(.*?)</script>", text(name), re.DOTALL):
            if 'type="application/json"' in attributes:
                continue  # data, not code
            assert re.search(r'src="\{\{ static_url\(', attributes), name
            assert 'nonce="{{ csp_nonce() }}"' in attributes, name
            assert not body.strip(), name


def test_no_macro_is_imported_for_nothing(app):
    for name in set(ALL) - HANDED_ON:
        tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
        used = {node.name for node in tree.find_all(nodes.Name)}
        for node in tree.find_all(nodes.FromImport):
            names = [each if isinstance(each, str) else each[1] for each in node.names]
            unused = [each for each in names if each not in used]
            assert not unused, f"{name} imports {unused}"
        for node in tree.find_all(nodes.Import):
            assert node.target in used, f"{name} imports {node.target}"


def test_a_page_is_under_60_lines():
    pages = [path for path in templates("pages") if path.suffix == ".html"]
    long = {path.name: n for path in pages if (n := len(path.read_text().splitlines())) >= MOST_LINES}

    assert not long


def test_every_template_is_drawn_by_something():
    """By a template, a view, or Flask-Admin under its own name."""
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.parent.rglob("*.py")]
    said = "\n".join([*(text(name) for name in ALL), *sources])
    parts = [name for name in ALL if not name.startswith("admin/")]
    lost = [name for name in parts if name not in said and f'"{name.split("/")[-1][:-5]}"' not in said]

    assert not lost
