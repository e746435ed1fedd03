"""How many single posts a token may make in a minute; counted in this process, so that intake asks nobody."""

import threading
from dataclasses import dataclass, field

from voc.core import clock
from voc.core.errors import TooMany

_WINDOW_SECONDS = 60


@dataclass
class Pace:
    """Counts by token; each web process counts its own, so the limit holds per process."""

    most: int
    _window: int = 0
    _counts: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, token_id: int) -> None:
        """Counts one; TooMany when this minute is full."""
        at = clock.now().timestamp()
        window = int(at) // _WINDOW_SECONDS
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts.get(token_id, 0)
            self._counts[token_id] = count + 1
        if count >= self.most:
            raise TooMany(
                f"This token may post {self.most} comments a minute, one by one. Wait, or send many at once.",
                retry_after_seconds=_WINDOW_SECONDS - int(at) % _WINDOW_SECONDS,
            )
