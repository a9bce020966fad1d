"""The real server on the bench's database: as ``flask serve`` runs it, and counting what each answer asks.

Its clock stands where the invented years end, so that what is silent or due today is so on any day.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine, event

from crmadmin.app import create_app
from crmadmin.cli.serve import listening, make_ready, run
from crmadmin.core import clock
from crmadmin.core.config import Settings
from tests.bench.plan import NOW

QUERIES, IN_DATABASE, WORK = "X-Bench-Queries", "X-Bench-Database", "X-Bench-Work"

Start = Callable[..., Any]


class Counting:
    """Tells in headers how many questions an answer took, how long they took, and the processor's time.

    SQLite answers while its rows are fetched, which is after a question is counted as answered: that part is
    seen in the processor's time only, which does not depend on what else the machine does.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.here = threading.local()
        event.listen(Engine, "before_cursor_execute", self._asked)
        event.listen(Engine, "after_cursor_execute", self._answered)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        here, begun = self.here, time.thread_time()
        here.queries, here.took = 0, 0.0

        def told(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            spent = time.thread_time() - begun
            numbers = {QUERIES: f"{here.queries}", IN_DATABASE: f"{here.took:.6f}", WORK: f"{spent:.6f}"}
            return start(status, [*headers, *numbers.items()], *rest)

        with clock.stopped_at(NOW):
            return self.app(environ, told)

    def _asked(self, *_details: Any) -> None:
        self.here.begun = time.perf_counter()

    def _answered(self, *_details: Any) -> None:
        self.here.took = getattr(self.here, "took", 0.0) + time.perf_counter() - self.here.begun
        self.here.queries = getattr(self.here, "queries", 0) + 1


def main() -> None:
    app = create_app()
    with app.app_context():
        settings: Settings = app.config["CRM"]
        server = listening(Counting(app), settings)  # type: ignore[arg-type]
        make_ready(settings)
        run(server, [settings.address], with_jobs=False)  # they go by the real clock, and the pages do not


if __name__ == "__main__":
    main()
