"""The program's own files, as the house tests read them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "crmadmin", "views", "seeds")
TEMPLATES = ROOT / "views" / "templates"
STATIC = ROOT / "views" / "static"


def modules(*rooms: str) -> list[Path]:
    """Every Python file of the rooms; without a word, of all four."""
    found = (path for room in rooms or ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def templates(*folders: str) -> list[Path]:
    return sorted(path for folder in folders or (".",) for path in (TEMPLATES / folder).rglob("*.*"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a module with the last part of its name: ``commit`` for ``db.session.commit()``."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name:
                yield name, node


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with its number of lines, decorators and docstring apart."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.lineno
            if ast.get_docstring(node, clean=False) is not None:
                start = (node.body[0].end_lineno or start) + 1
            yield node.name, (node.end_lineno or start) - start + 1


def without_comments(template: str) -> str:
    return re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)


def constants(path: Path) -> Iterator[ast.Constant]:
    """Each constant that a module says outside the file of words itself."""
    if path.name != "words.py":
        yield from (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant))
