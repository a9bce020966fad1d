"""Python looks for circles of garbage again and again while many small things are made: it may wait."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def collected_later() -> Generator[None]:
    """Nothing made inside is looked through before the end: half the time of whatever makes a million.

    Where two do so at once, the first to end ends it for both, which costs time and nothing else.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
