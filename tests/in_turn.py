"""Two transactions, the second begun in the middle of the first, each with a connection of its own."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from crmadmin.core.db import db, going_to_write

Pause = Callable[[], bool]


def in_turn(first: Callable[[Pause], Any], second: Callable[[], Any], *, waits: float = 0.7) -> list[Any]:
    """What both answered, or raised. In the pause that ``first`` gets, ``second`` begins.

    It goes as far as it can: the pause says whether it was finished, or waits for ``first`` still.
    """
    begun, done = threading.Event(), threading.Event()
    answers: list[Any] = [None, None]

    def pause() -> bool:
        begun.set()
        return done.wait(waits)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            going_to_write(True)
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            db.remove()
            (done if place else begun).set()

    def later() -> Any:
        begun.wait(30)
        return second()

    acts = [lambda: first(pause), later]
    threads = [
        threading.Thread(target=copy_context().run, args=(run, place, act)) for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
