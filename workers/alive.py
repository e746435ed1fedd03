"""Keeps a claim and the watching parent informed while one long step runs."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_SECONDS = 5.0
AT_MOST_SECONDS = 900.0


@contextmanager
def alive(tell: Callable[[], object]) -> Iterator[None]:
    """Calls `tell` every 5 s from a thread beside the block, for a quarter of an hour at most.

    Looking over 100,000 comments takes longer than the 30 s after which a silent worker is replaced; a
    step that never ends still is.
    """
    done = threading.Event()
    began = time.monotonic()

    def keep_telling() -> None:
        while not done.wait(EVERY_SECONDS) and time.monotonic() - began < AT_MOST_SECONDS:
            tell()

    thread = threading.Thread(target=keep_telling, name="alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
