"""What the browser loads comes from here, and what others wrote says its version and its licence."""

import re

from tests.house.tree import ROOT, STATIC, TEMPLATES

VENDOR = STATIC / "vendor"
OUTSIDE = re.compile(
    r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import\s|\bimport\(|fetch\(["'`]http"""
)


def vendored() -> list[str]:
    return sorted(path.name for path in VENDOR.iterdir() if path.is_dir())


def test_every_vendored_folder_carries_version_and_licence():
    assert vendored(), "nothing is vendored?"
    for name in vendored():
        assert re.fullmatch(r"[a-z][a-z0-9-]*?-\d+(\.\d+)+", name), name
        assert any((VENDOR / name).glob("LICENSE*")), f"{name} has no licence"


def test_every_vendored_folder_is_in_the_list_of_vendored_files():
    listed = (VENDOR / "README.md").read_text(encoding="utf-8")
    for name in vendored():
        package, _, version = name.rpartition("-")
        assert package in listed, name
        assert version in listed, name


def test_what_is_vendored_is_used_and_what_is_used_is_there():
    said = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"vendor/([^/'\"]+)/", said))

    assert named == set(vendored())
    for file in re.findall(r"static_url\('([^']+)'\)", said):
        assert (STATIC / file).is_file(), file


def test_nothing_is_loaded_from_outside():
    ours = [*TEMPLATES.rglob("*.html"), *STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *STATIC.rglob("*.svg")]
    found = {
        path.relative_to(ROOT).as_posix(): hit.group()
        for path in ours
        if (hit := OUTSIDE.search(path.read_text(encoding="utf-8")))
    }

    assert not found


def test_no_script_of_ours_builds_code_or_pages_from_text():
    """No eval; and no innerHTML of what somebody typed."""
    for path in [path for path in STATIC.rglob("*.js") if VENDOR not in path.parents]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|new Function\(|\.innerHTML\s*\+?=|insertAdjacentHTML|document\.write", text
        ), path
