"""Lines of a dispute report as HTML, drawn in Python: it has ten thousand, and a macro takes thrice as long.

Nothing goes in that is not escaped; the words of the page are escaped once.
"""

from collections.abc import Container, Iterable, Mapping
from html import escape

from markupsafe import Markup

from crmadmin.core.i18n import _, moment_exact, plural
from crmadmin.reports.dispute_lines import Fact, Line
from views.cells import badge

Boxed = tuple[Line, Mapping[str, str], Container[str]]  # with fields that may be masked; the ticked


def report_lines(lines: Iterable[Line]) -> Markup:
    """When each happened and when it was written down, who on both sides, what was said."""
    drawing = _Drawing()
    return Markup("".join(drawing.line(line) for line in lines))  # noqa: S704


def boxed_lines(lines: Iterable[Boxed]) -> Markup:
    """The same with a box for each field that may be masked, ticked where it is."""
    drawing = _Drawing()
    drawn = [drawing.line(line, drawing.boxes(line, fields, ticked)) for line, fields, ticked in lines]
    return Markup("".join(drawn))  # noqa: S704


class _Drawing:
    def __init__(self) -> None:
        words = {
            "hidden": _("not shown"),
            "was": _("it was:"),
            "became": _("it became:"),
            "nothing": _("nothing"),
            "written": _("written down"),
            "by": _("written down by"),
            "box": _("Do not show:"),
        }
        self.words = {name: escape(word) for name, word in words.items()}
        self.late: dict[int, str] = {}

    def line(self, line: Line, boxes: str = "") -> str:
        word, marked = self.words, " rl-correction" if line.is_correction else ""
        ours = f" · {escape(line.ours)}" if line.ours else ""
        theirs = f' <span aria-hidden="true">↔</span> {escape(line.theirs)}' if line.theirs else ""
        return (
            f'<li class="rl{marked}" id="entry-{line.number}"><div class="rl-when">'
            f'<time datetime="{line.at.isoformat()}">{moment_exact(line.at)}</time> '
            f'<span class="muted">{word["written"]} <time datetime="{line.recorded_at.isoformat()}">'
            f"{moment_exact(line.recorded_at)}</time></span> {self._late(line)}</div>"
            f'<div class="rl-what"><p class="rl-title"><b>{escape(line.title)}</b>{ours}{theirs} '
            f'<span class="muted">№ {line.number}, {word["by"]} {escape(line.by)}</span></p>'
            f"{self._facts(line)}{boxes}</div></li>\n"
        )

    def boxes(self, line: Line, fields: Mapping[str, str], ticked: Container[str]) -> str:
        if not fields:
            return ""
        said = " ".join(
            '<label><input class="form-check-input" type="checkbox" name="mask" '
            f'value="{line.number}.{escape(name)}"{" checked" * (name in ticked)}> {escape(title)}</label>'
            for name, title in fields.items()
        )
        return f'<fieldset class="rl-boxes"><legend>{self.words["box"]}</legend>{said}</fieldset>'

    def _facts(self, line: Line) -> str:
        if not line.facts:
            return ""
        said = "".join(
            f"<dt>{escape(fact.title)}</dt>{self._fact(fact, line.changes)}" for fact in line.facts
        )
        return f'<dl class="rl-facts">{said}</dl>'

    def _fact(self, fact: Fact, changes: bool) -> str:
        word = self.words
        if fact.masked:
            return f'<dd class="rl-masked">{word["hidden"]}</dd>'
        if not changes or fact.old is None:
            return f"<dd>{escape(fact.new)}</dd>"
        return (
            f'<dd><del><span class="visually-hidden">{word["was"]} </span>{escape(fact.old)}</del> '
            f'<span aria-hidden="true">→</span> <ins><span class="visually-hidden">{word["became"]} </span>'
            f"{escape(fact.new) or word['nothing']}</ins></dd>"
        )

    def _late(self, line: Line) -> str:
        if not line.late:
            return ""
        days = line.late.days
        if days not in self.late:
            said = plural("%(num)s day later", "%(num)s days later", days)
            self.late[days] = badge(said, "orange", "bi-clock-history")
        return self.late[days]
