"""Starts the server on a filled database and takes the time of its pages; judges by SPEC's budgets only."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from crmadmin.core import clock
from crmadmin.core.config import Settings
from crmadmin.core.db import connect, db
from crmadmin.jobs import kpi
from crmadmin.jobs.ticks import Place, Work
from tests.bench.asking import Answer, Browser
from tests.bench.pages import BYTES, Page, known, pages
from tests.bench.plan import NOW
from tests.bench.world import ADMIN, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 8900
WARMING = 3
LONGEST = 8.0  # seconds that one page may be asked for, once it has been asked five times
AT_ONCE, FOR = 8, 5.0  # clients, seconds

Found = dict[str, Any]


def measured(url: str, *, only: str = "", times: int = 0, say: Callable[[str], None] = print) -> Found:
    """Every page's figures by its name, and those of the server itself under an empty one."""
    engine = connect(url)
    asked = [page for page in pages(known()) if only in page.name]
    if any("KPI" in page.name for page in asked):
        say(f"  the numbers are counted beforehand: {_made_ready(url):.0f} s")
    db.remove()
    engine.dispose()
    pace = _pace()
    with serving(url) as (process, port, start):
        people = {login: Browser(port) for login in {page.by for page in asked}}
        for login, browser in people.items():
            browser.sign_in(login, PASSWORD)
        found: Found = {}
        for page in asked:
            figures = _figures(people[page.by], page, times or page.times)
            said = "not there" if figures is None else f"{figures['p95']:.1f} ms"
            say(f"  {page.name}: {said}")
            if figures is not None:
                found[page.name] = figures | {"memory": _memory(process.pid).get("memory", 0.0)}
        found[""] = {"start": start, "pace": pace, "at_once": _at_once(port), **_memory(process.pid)}
        for browser in people.values():
            browser.close()
    return found


def _pace() -> float:
    """Seconds this machine takes for what is always the same, the best of five.

    By it figures of two machines are compared, or of two hours of one that others share.
    """
    taken: list[float] = []
    for _ in range(5):
        begun, total = time.perf_counter(), 0
        for number in range(5_000_000):
            total += number * number
        taken.append(time.perf_counter() - begun)
    return round(min(taken), 3)


def _made_ready(url: str) -> float:
    """What the jobs have done by the morning: nobody waits for it."""
    begun = time.perf_counter()
    place = Place(Settings(database_url=url, secret_key="the bench's own, for one run"), Path())
    work = Work(place, NOW, None, lambda: None)
    with clock.stopped_at(NOW):
        kpi.tidy(work)
        while kpi.count(work):
            pass
    return time.perf_counter() - begun


@contextmanager
def serving(url: str) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """The server in a process of its own, its port, and how many seconds it took to answer."""
    port = _free_port()
    own = {key: value for key, value in os.environ.items() if not key.startswith("CRM_")}
    own |= {"CRM_DATABASE_URL": url, "CRM_PORT": str(port), "CRM_SECRET_KEY": "the bench's own, for one run"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server"], cwd=ROOT, env=own, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(process, port)
        yield process, port, time.perf_counter() - begun
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no port is free")


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(3_000):
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            if Browser(port).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server does not answer")


def _figures(browser: Browser, page: Page, times: int) -> Found | None:
    """Milliseconds, queries and bytes; None for a page that is not there."""
    ask: Callable[[Browser], Answer] = (
        page.ask if callable(page.ask) else lambda browser: browser.get(str(page.ask))
    )
    begun = time.perf_counter()
    for _ in range(WARMING if page.times > 1 else 0):
        answer = ask(browser)
        if answer.status >= 400 or (page.may_lack and answer.status != 200):
            return None
    answers: list[Answer] = []
    while len(answers) < times and (len(answers) < 5 or time.perf_counter() - begun < LONGEST):
        answers.append(ask(browser))
    p50, p95 = _percentiles([answer.seconds * 1_000 for answer in answers])
    return {
        "p50": p50,
        "p95": p95,
        "database": _percentiles([answer.in_database * 1_000 for answer in answers])[0],
        "work": _percentiles([answer.work * 1_000 for answer in answers])[0],
        "first_byte": _percentiles([answer.first_byte * 1_000 for answer in answers])[1],
        "queries": max(answer.queries for answer in answers),
        "bytes": len(answers[-1].body),
        "over": _over(page, p95, answers),
    }


def _over(page: Page, p95: float, answers: list[Answer]) -> list[str]:
    """Which of the page's budgets are not met."""
    first = max(answer.first_byte for answer in answers)
    return [
        word
        for word, broken in (
            ("time", p95 > page.budget * 1_000),
            ("bytes", page.weighs and len(answers[-1].body) > BYTES),
            ("first byte", page.first_byte is not None and first > page.first_byte),
        )
        if broken
    ]


def _percentiles(taken: list[float]) -> tuple[float, float]:
    if len(taken) < 2:
        return taken[0], taken[0]
    cuts = quantiles(taken, n=20, method="inclusive")
    return round(cuts[9], 2), round(cuts[18], 2)


def _at_once(port: int) -> float:
    """Answers a second to eight people who all turn the pages of the clients' list."""
    answered = [0] * AT_ONCE
    until = time.perf_counter() + FOR + 1

    def turn(place: int) -> None:
        browser = Browser(port)
        browser.sign_in(ADMIN, PASSWORD)
        while time.perf_counter() < until - FOR:
            time.sleep(0.01)
        while time.perf_counter() < until:
            browser.get(f"/clients/?page={answered[place] % 50}")
            answered[place] += 1
        browser.close()

    threads = [threading.Thread(target=turn, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(answered) / FOR, 1)


def _memory(pid: int) -> dict[str, float]:
    """Megabytes the server holds now and held at most; nothing where the system does not tell."""
    status, shares = Path(f"/proc/{pid}/status"), Path(f"/proc/{pid}/smaps_rollup")
    if not status.exists():
        return {}
    wanted = {"VmRSS": "memory", "VmHWM": "most_memory", "Pss": "own_memory"}
    lines = [
        line.split() for path in (status, shares) if path.exists() for line in path.read_text().splitlines()
    ]
    return {
        wanted[words[0].rstrip(":")]: round(int(words[1]) / 1024, 1)
        for words in lines
        if words and words[0].rstrip(":") in wanted
    }
