"""The figures as a table, beside those that were kept."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT, READABLE = HERE / "table.json", HERE / "TABLE.md"
START, MEMORY = 2.0, 150.0  # SPEC's budgets of the server: seconds, megabytes
HEADINGS = (
    "page",
    "p50, ms",
    "p95, ms",
    "kept p95",
    "change",
    "in database",
    "CPU",
    "queries",
    "KB",
    "MB after",
    "over budget",
)

Found = dict[str, Any]


def kept() -> dict[str, Found]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def keep(found: dict[str, Found], size: str) -> None:
    """Beside what is kept of a database that was not measured now."""
    all_of_it = kept() | found
    KEPT.write_text(json.dumps(all_of_it, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    parts = ["# What `make bench` measured last", "", f"{size}; warm, one client, milliseconds on loopback."]
    for database, pages in all_of_it.items():
        parts += ["", f"## {database}", "", *_server(pages), "", *_markdown(rows(pages, {}))]
    READABLE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def printed(database: str, found: Found) -> str:
    """What is over its budget first, then in the order of asking."""
    lines = rows(found, kept().get(database, {}))
    lines = [HEADINGS, *sorted(lines, key=lambda line: not line[-1])]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    drawn = [
        "  ".join(
            cell.ljust(width) if place in {0, len(HEADINGS) - 1} else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join(["", f"== {database}", *_server(found), "", *drawn])


def rows(found: Found, before: Found) -> list[tuple[str, ...]]:
    return [_row(name, now, before.get(name, {})) for name, now in found.items() if name]


def _row(name: str, now: Found, before: Found) -> tuple[str, ...]:
    old = before.get("p95")
    change = "" if not old else f"{(now['p95'] / old - 1) * 100:+.0f} %"
    weight = f"{now['bytes'] / 1024:.0f}"
    times = [f"{now[key]:.1f}" for key in ("p50", "p95")]
    over = ", ".join(now["over"])
    return (
        name, *times, f"{old:.1f}" if old else "", change, f"{now['database']:.1f}",
        f"{now['work']:.1f}", f"{now['queries']}", weight, f"{now.get('memory', 0):.0f}", over,
    )  # fmt: skip


def _server(found: Found) -> list[str]:
    server, export = found.get("", {}), found.get("CSV of all clients", {})
    told = [
        f"starts in {server['start']:.2f} s{_mark(server['start'] > START)}",
        f"{server['at_once']} answers a second to eight clients",
    ]
    if "pace" in server:
        told.append(f"five million squares, added up in {server['pace']:.2f} s")
    if "memory" in server:
        most = server["most_memory"]
        told.append(f"memory {server['memory']} MB, at most {most} MB{_mark(most > MEMORY)}")
    if export:
        told.append(f"first byte of CSV after {export['first_byte']:.0f} ms")
    if "fill" in server:
        told.append(f"filled in {server['fill']:.0f} s, {server['size']:.1f} GB")
    return ["; ".join(told)]


def _mark(over: bool) -> str:
    return " (over budget)" if over else ""


def _markdown(lines: list[tuple[str, ...]]) -> Iterable[str]:
    shown = [place for place, heading in enumerate(HEADINGS) if heading not in {"kept p95", "change"}]
    for cells in (HEADINGS, ["---"] * len(HEADINGS), *lines):
        yield "| " + " | ".join(cells[place] for place in shown) + " |"
