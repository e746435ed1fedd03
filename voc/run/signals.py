"""Waits for what a supervisor must not miss: a child's end, and the wish to stop."""

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Signals as bytes on a socket, so that one `wait` sees them all and none comes between the lines."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._stop = False

    def wait(self, seconds: float | None) -> bool:
        """Sleeps until a signal or for `seconds`, and says whether we were asked to stop, now or before."""
        if not self._stop and select.select([self._line], [], [], seconds)[0]:
            self._stop = any(number in _STOP for number in self._line.recv(4096))
        return self._stop


@contextmanager
def listening() -> Iterator[Signals]:
    """Signals of this process, of which only the main thread may ask."""
    ours, pythons = socket.socketpair()
    with ours, pythons:
        pythons.setblocking(False)
        earlier_line = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
        wanted = [number for number in _STOP if signal.getsignal(number) != signal.SIG_IGN]  # nohup means it
        earlier = {number: signal.signal(number, _noted) for number in (*wanted, signal.SIGCHLD)}
        try:
            yield Signals(ours)
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(earlier_line)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The byte on the socket says it all; a handler must exist for it to be written."""
