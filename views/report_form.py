"""What an address or a form says of a report: the days, for whom, and what is masked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from crmadmin.core.field_words import field_word
from crmadmin.reports import dispute_lines
from crmadmin.reports.dispute import USUALLY_MASKED, Audience, Order
from crmadmin.reports.dispute_lines import Line
from crmadmin.services import dispute
from models import Client
from views.admin.filters import row_id

SHOWN = 300  # lines of a draft, with a box for each of their fields
NEVER_BOXED = frozenset(  # without them a line would not say what it is of; the last is of no interest
    {
        "kind_id",
        "state",
        "direction",
        "person_id",
        "recorded_by_id",
        "happened_at",
        "planned_for",
        "follows_id",
    }
)


class ReportForm:
    """Nonsense in an address is left out. ``to`` is the last day, as people mean it."""

    def __init__(self, said: Any, upto: int) -> None:
        self.start, self.end = _day(said.get("from", "")), _day(said.get("to", ""))
        self.audience = Audience.client if said.get("for") == Audience.client else Audience.internal
        self.posted = "upto" in said
        self.upto = min(_number(said.get("upto", "")), upto) if self.posted else upto
        self.masks = {text for text in said.getlist("mask") if "." in text}

    def seen(self) -> Order:
        """What a draft shows: everything of the period that is for this reader, and nothing masked."""
        end = self.end + timedelta(days=1) if self.end else None
        return Order(self.audience, self.upto, self.start, end, shown=_Everything())

    def ticked(self, line: Line, name: str) -> bool:
        """As it was sent; before that, what is usually masked for whoever the report is for."""
        if self.posted:
            return f"{line.number}.{name}" in self.masks
        return name in USUALLY_MASKED[self.audience]

    def order(self, client: Client) -> Order:
        """What was seen is as it was ticked; further lines are masked as is usual."""
        usual, seen = USUALLY_MASKED[self.audience], self.seen()
        masked: dict[int, list[str]] = defaultdict(list)
        shown: dict[int, list[str]] = defaultdict(list)
        lines = dispute_lines.lines(dispute.draft(client, seen, SHOWN), SHOWN)
        for line, names in boxes(lines):
            for name in names:
                is_ticked = f"{line.number}.{name}" in self.masks
                if is_ticked and name not in usual:
                    masked[line.number].append(name)
                elif not is_ticked and name in usual:
                    shown[line.number].append(name)
        return Order(self.audience, self.upto, seen.start, seen.end, dict(masked), dict(shown))


class _Everything(Mapping[int, list[str]]):
    """For a draft: each entry shows even what is usually masked."""

    def __getitem__(self, _number: int) -> list[str]:
        return sorted(frozenset().union(*USUALLY_MASKED.values()))

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def boxes(lines: Iterable[Line]) -> Iterator[tuple[Line, dict[str, str]]]:
    """Each line with the fields that can be masked at it, and what they are called.

    A mask holds for all lines about the same row: so a field has its box at the first of them.
    """
    known: set[Any] = set()
    for line in lines:
        fresh = [name for name in line.fields if (line.about, name) not in known and name not in NEVER_BOXED]
        known.update((line.about, name) for name in fresh)
        yield line, {name: field_word(name) for name in fresh}


def _day(text: str) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(text)
        return found if 1900 <= found.year <= 2200 else None
    return None


def _number(text: str) -> int:
    try:
        return row_id(text)
    except ValueError:
        return 0
