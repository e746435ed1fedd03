"""Runs one kind of worker: a light parent that watches a heavy child and puts a fresh one in its place.

The child takes jobs from one queue (two queues lose jobs when killed, engineering.md) and beats while a
job runs. A child that does not beat for 30 s, dies, or grows past 2 GB is replaced; its lease runs
out and its comments are tried again one by one.
"""

import ctypes
import mmap
import os
import resource
import signal
import struct
import sys
import time

import structlog

log = structlog.get_logger(__name__)

BEAT_SECONDS = 30.0
_MEMORY_BYTES = 2 * 1024**3
_PDEATHSIG = 1  # prctl: the child gets a signal when its parent dies
_LOOK_SECONDS = 0.25
_PAUSE_SECONDS = 1.0
_BEHIND = {"estimate": 5, "train": 5}  # where cores are few, comments are read and grouped first
_BUSY = struct.Struct("d")


def main(kind: str) -> None:
    """Watches children of `kind` (read, group) until told to stop by SIGTERM or SIGINT."""
    beats = mmap.mmap(-1, _BUSY.size)
    stop = _Stop()
    while not stop.asked:
        _BUSY.pack_into(beats, 0, 0.0)
        child = os.fork()
        if child == 0:
            _be_child(kind, beats)
        status = _watch(child, beats, stop)
        if not stop.asked:
            log.warning("worker_replaced", kind=kind, status=status)
            time.sleep(_PAUSE_SECONDS)


class _Stop:
    """Whether somebody asked us to end."""

    def __init__(self) -> None:
        self.asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def _watch(child: int, beats: mmap.mmap, stop: _Stop) -> int:
    """Waits for the child's end, and makes it end when it hangs or we stop; gives its wait status."""
    told = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        last = _BUSY.unpack_from(beats, 0)[0]
        if last and time.monotonic() - last > BEAT_SECONDS:
            os.kill(child, signal.SIGKILL)
        elif stop.asked and not told:
            os.kill(child, signal.SIGTERM)
            told = True
        time.sleep(_LOOK_SECONDS)


def _be_child(kind: str, beats: mmap.mmap) -> None:
    try:
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.nice(_BEHIND.get(kind, 0))
        _take_jobs(kind, beats)
        os._exit(0)
    except BaseException as error:  # the edge of a process: say why, then end
        log.exception("worker_ended", kind=kind, error=f"{type(error).__name__}: {error}")
        os._exit(1)


def _take_jobs(kind: str, beats: mmap.mmap) -> None:
    from voc.core.config import keep_to_one_core  # noqa: PLC0415 - the parent stays light: only children load libraries

    keep_to_one_core()
    from workers.listen import listen  # noqa: PLC0415 - after that

    def beat() -> None:
        _BUSY.pack_into(beats, 0, time.monotonic())

    def rest() -> None:
        _BUSY.pack_into(beats, 0, 0.0)

    listen(kind, beat=beat, rest=rest)


if __name__ == "__main__":
    main(sys.argv[1])
