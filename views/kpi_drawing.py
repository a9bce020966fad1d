"""How numbers are written on a page, and the small line beside them."""

from collections.abc import Sequence

from flask_babel import get_locale

from crmadmin.core.i18n import _
from crmadmin.reports import kpi_words
from crmadmin.reports.indicators import Indicator, Shown
from crmadmin.reports.kpi_answer import Cell
from crmadmin.reports.kpi_tables import plain
from crmadmin.rules.corridor import Corridor, Source
from views.templating import number

WIDTH, HEIGHT = 36, 9  # of the small line; a step a period


def said(indicator: Indicator, value: float | None) -> str:
    """As files have it, with its sign: «83 %», «2,5 ч», «1 240»."""
    shown = plain(indicator, value)
    if shown is None:
        return "–"
    text = decimal(shown)
    match indicator.shown:
        case Shown.share:
            return f"{text}\u00a0%"
        case Shown.hours:
            return _("%(hours)s h", hours=text)
        case _:
            return text


def percents(share: float) -> str:
    """A share of one, in whole percents."""
    return f"{round(share * 100)}\u00a0%"


def decimal(value: float) -> str:
    """With the viewer's decimal sign."""
    text = number(value)
    return text.replace(".", ",") if "." in text and str(get_locale()).startswith("ru") else text


def bounds(indicator: Indicator, corridor: Corridor | None) -> str:
    """«12–20», «от 12», «до 20»; nothing where there is no corridor."""
    if corridor is None:
        return ""
    low, high = _about(indicator, corridor.low), _about(indicator, corridor.high)
    if corridor.low is None:
        return _("up to %(high)s", high=said(indicator, high))
    if corridor.high is None:
        return _("from %(low)s", low=said(indicator, low))
    return f"{decimal(plain(indicator, low) or 0)}–{said(indicator, high)}"


def _about(indicator: Indicator, bound: float | None) -> float | None:
    """A bound without the tenths that say nothing beside it."""
    shown = plain(indicator, bound)
    if bound is None or shown is None or shown < 10:
        return bound
    if indicator.shown is Shown.share:
        bound = min(bound, 1)  # there is no more of anything than all of it
    return round(bound, 2) if indicator.shown is Shown.share else round(bound)


def corridor(indicator: Indicator, cell: Cell, *, shortly: bool = False) -> str:
    """Which corridor, and whose; ``shortly`` that of one's own history has no word of its own."""
    if cell.corridor is None:
        return ""
    if shortly and cell.corridor.source is Source.history:
        return bounds(indicator, cell.corridor)
    return f"{bounds(indicator, cell.corridor)}, {kpi_words.word(cell.corridor.source)}"


def spark(line: Sequence[float | None], value: float | None) -> str:
    """The path of the periods before and this one; nothing of fewer than two. A gap is a period of which
    nothing can be said."""
    all_of_it = [*line, value]
    known = [each for each in all_of_it if each is not None]
    if len(known) < 2:
        return ""
    low, high = min(0, *known), max(known)
    step, height = WIDTH // (len(all_of_it) - 1), HEIGHT / ((high - low) or 1)
    parts: list[str] = []
    at: tuple[int, int] | None = None
    for place, each in enumerate(all_of_it):
        if each is None:
            at = None
            continue
        x, y = place * step, HEIGHT + 1 - round((each - low) * height)
        parts.append(f"M{x} {y}" if at is None else _to(x - at[0], y - at[1], parts[-1][0] == "M"))
        at = (x, y)
    return "".join(parts)


def _to(right: int, down: int, is_first: bool) -> str:
    """A step from the point before; the word of the way is said once."""
    sign = "" if down < 0 else " "
    return f"{'l' if is_first else ' '}{right}{sign}{down}"
