"""Fills a database with a large department, past the services, yet as if they had written it.

``filled`` does nothing where the database holds just this already.
"""

import gc
import hashlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

from sqlalchemy import Engine

from crmadmin.core.db import connect, db
from crmadmin.core.schema import bring_up
from tests.bench import makers, postgresql, sqlite, world
from tests.bench.plan import Plan, Size
from tests.bench.tables import Rows

HERE = Path(__file__).parent
MADE_OF = (  # files that decide what is in the database
    *(HERE / f"{name}.py" for name in ("words", "chains", "plan", "world", "tables", "moments")),
    *(HERE / name for name in ("words.toml", "clients.py", "talks.py", "makers.py")),
    *sorted((HERE.parents[1] / "models" / "migrations" / "versions").glob("*.py")),
    *sorted((HERE.parents[1] / "seeds" / "data").glob("[!d]*.csv")),
)
MIGRATED = 1  # raised when rows of the same files would be written differently

Say = Callable[[str], None]


def version_of(size: Size) -> str:
    """Eight signs that change with the schema, with what makes the rows, and with how many there are."""
    made = hashlib.sha256(f"{size} {MIGRATED}".encode())
    for path in MADE_OF:
        made.update(path.read_bytes())
    return made.hexdigest()[:8]


def filled(url: str, size: Size, *, say: Say = print, at_once: bool = True) -> float:
    """Fill the database at the address unless it is filled; how many seconds that took."""
    store = sqlite if url.startswith("sqlite") else postgresql
    wanted = version_of(size)
    if store.version(url) == wanted:
        return 0.0
    started = time.perf_counter()

    def tell(step: str) -> None:
        say(f"{time.perf_counter() - started:6.0f} s  {step}")

    tell(f"filling: {size.clients} clients, {size.interactions} interactions")
    store.emptied(url)
    engine = connect(url)
    bring_up()
    known = world.begin(size.people)
    _let_go(engine)
    into = store.Store(url)
    plan = Plan(size)
    tell("rows and their journal")
    _pour(url, plan, known, into, store, at_once)
    for step in into.written():
        tell(step)
    into.finish(wanted)
    tell("filled")
    return time.perf_counter() - started


def _let_go(engine: Engine) -> None:
    db.remove()
    engine.dispose()


def _pour(url: str, plan: Plan, known: world.World, into: object, store: ModuleType, at_once: bool) -> None:
    """Every share's rows into the store; PostgreSQL takes each from its own process."""
    if not at_once:
        for share in range(makers.SHARES):
            own = store.Copier(url) if store is postgresql else None
            for rows in makers.made(plan, known, share):
                (own or into).take(rows)  # type: ignore[attr-defined]
            if own:
                own.close()
        return
    for rows in _alternately(url, plan, known, copying=store is postgresql):
        into.take(rows)  # type: ignore[attr-defined]


def _alternately(url: str, plan: Plan, known: world.World, *, copying: bool) -> Iterator[Rows]:
    """Rows of each process in turn, so that they come in order of time."""
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    running = []
    for share in range(makers.SHARES):
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=_work, args=(there, plan, known, share, url if copying else ""), daemon=True
        )
        process.start()
        there.close()
        pipes.append(here)
        running.append(process)
    while pipes:
        for pipe in list(pipes):
            try:
                yield pipe.recv()
            except EOFError:
                pipes.remove(pipe)
    for process in running:
        process.join()
        if process.exitcode:
            raise RuntimeError("a process that makes rows failed")


def _work(pipe: Connection, plan: Plan, known: world.World, share: int, url: str) -> None:
    gc.disable()  # millions of rows, and no circle among them
    own = postgresql.Copier(url) if url else None
    for rows in makers.made(plan, known, share):
        if own:
            own.take(rows)
        else:
            pipe.send(rows)
    if own:
        own.close()
    pipe.close()
