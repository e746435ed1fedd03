"""Keeps parts running: starts them in order, starts dead ones again, stops them in reverse order."""

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voc.core.errors import Unavailable
from voc.run.child import Child, start
from voc.run.parts import Part
from voc.run.signals import Signals

_LONG_ENOUGH_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 30.0
_POLL_SECONDS = 0.02
_LAST_WORDS = 5


class AskedToStop(Exception):
    """Somebody pressed Ctrl-C, or the machine goes down."""


@dataclass
class _Kept:
    """A part that is to run until we stop; `due_at` is when a dead one is started again."""

    part: Part
    child: Child
    started_at: float
    early_deaths: int = 0
    due_at: float | None = None


class Supervisor:
    """Parts in the order of their start; `say` is told what a person should know."""

    def __init__(
        self, *, logs: Path, signals: Signals, env: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.env = dict(env)
        self._logs = logs
        self._signals = signals
        self._say = say
        self._kept: list[_Kept] = []

    def keep(self, part: Part) -> Child:
        """Starts `part` and keeps it running from now on."""
        kept = _Kept(part, self._start(part), time.monotonic())
        self._kept.append(kept)
        return kept.child

    def run_once(self, part: Part, *, within_seconds: float = 3600.0) -> None:
        """Runs `part` to its end; Unavailable with its last words when it fails."""
        child = self._start(part)
        try:
            self.wait_for(lambda: not child.is_alive, within_seconds=within_seconds)
        finally:
            child.ask_to_stop()
            child.end()
        if child.process.returncode != 0:
            raise Unavailable(_failure(child))

    def wait_until_ready(self, child: Child, is_ready: Callable[[], bool], *, within_seconds: float) -> None:
        """Returns once `is_ready`; Unavailable when `child` ends before or takes too long."""
        self.wait_for(lambda: not child.is_alive or is_ready(), within_seconds=within_seconds)
        if not child.is_alive:
            raise Unavailable(_failure(child))

    def wait_for(self, happened: Callable[[], bool], *, within_seconds: float) -> None:
        """Returns once `happened`; AskedToStop or Unavailable when that comes first."""
        give_up_at = time.monotonic() + within_seconds
        while not happened():
            if self._signals.wait(_POLL_SECONDS):
                raise AskedToStop
            if time.monotonic() > give_up_at:
                raise Unavailable(f"Nothing happened within {within_seconds:.0f} seconds; see {self._logs}.")

    def watch(self) -> None:
        """Keeps every part running until we are asked to stop."""
        while not self._signals.wait(self._tend()):
            pass

    def stop(self) -> None:
        """Stops the parts, last started first, each only when those that need it are gone."""
        while self._kept:
            kept = self._kept.pop()
            kept.child.ask_to_stop()
            kept.child.end()

    def _tend(self) -> float | None:
        """Notes the dead, starts those that are due, and gives the seconds until the next is."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.due_at is None and not kept.child.is_alive:
                self._note_death(kept, now)
            if kept.due_at is not None and kept.due_at <= now:
                kept.child, kept.started_at, kept.due_at = self._start(kept.part), now, None
        waiting = [kept.due_at for kept in self._kept if kept.due_at is not None]
        return max(0.0, min(waiting) - now) if waiting else None

    def _note_death(self, kept: _Kept, now: float) -> None:
        kept.child.end()  # what it started itself goes too
        lived_long = now - kept.started_at >= _LONG_ENOUGH_SECONDS
        kept.early_deaths = 0 if lived_long else kept.early_deaths + 1
        pause = 0.0 if kept.early_deaths <= 1 else min(2.0 ** (kept.early_deaths - 2), _LONGEST_PAUSE_SECONDS)
        kept.due_at = now + pause
        again = "we start it again" if not pause else f"we start it again in {pause:.0f} seconds"
        self._say(f"The {kept.part.name} {_ending(kept.child)}; {again}. Its log: {kept.child.log}")

    def _start(self, part: Part) -> Child:
        log = self._logs / f"{part.name.replace(' ', '-')}.log"
        return start(part.name, part.argv, log=log, env=self.env, dies_by=part.dies_by)


def _ending(child: Child) -> str:
    code = child.process.returncode
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended by itself with code {code}"


def _failure(child: Child) -> str:
    words = child.log.read_text("utf-8", errors="replace").splitlines()[-_LAST_WORDS:]
    told = "\n".join(f"    {line}" for line in words)
    return f"The {child.name} {_ending(child)} before it was done. Its last words:\n{told}\nAll of them: {child.log}"
