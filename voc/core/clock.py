"""The one place that knows what time it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_NONE = timedelta()


def _system_time() -> datetime:
    return datetime.now(UTC) + _ahead()


_source: Callable[[], datetime] = _system_time


@dataclass(slots=True)
class _Practice:
    """The file that says how far ahead a practice installation is, and what it said when last read."""

    path: Path | None = None
    seen: tuple[int, int] | None = None
    by: timedelta = _NONE


_practice = _Practice()


def now() -> datetime:
    """The present moment as aware UTC time; practice installations may run ahead of time (`follow`)."""
    return _source()


def today(zone: str) -> date:
    """The date it is now in `zone` (an IANA name); raises ZoneInfoNotFoundError for an unknown one."""
    return now().astimezone(ZoneInfo(zone)).date()


def follow(path: Path | None) -> None:
    """Lets this process run ahead of time by what `path` says, from now on and whenever that changes.

    Only `Settings.practice_clock` may be given: None, which is the true time, wherever a mail server or
    PostgreSQL stands behind us. Leases go by the database's clock and know nothing of this.
    """
    global _practice  # noqa: PLW0603 - the clock is one per process, on purpose
    _practice = _Practice(path)


def ahead_of(path: Path) -> timedelta:
    """How far ahead `path` says that its installation is; nothing for a file that is not there."""
    try:
        return timedelta(seconds=int(path.read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError):
        return _NONE


def run_ahead(path: Path, by: timedelta) -> None:
    """Puts every process that follows `path` ahead by `by` (whole seconds, never less than before)."""
    seconds = int(max(by, ahead_of(path)).total_seconds())
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(str(seconds), encoding="ascii")
    fresh.replace(path)


def _ahead() -> timedelta:
    practice = _practice
    if practice.path is None:
        return _NONE
    try:
        found = practice.path.stat()
    except FileNotFoundError:
        return _NONE
    if practice.seen != (found.st_mtime_ns, found.st_ino):
        practice.by = ahead_of(practice.path)
        practice.seen = (found.st_mtime_ns, found.st_ino)
    return practice.by


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Holds the clock at `moment` for tests and for the demo's past; `moment` is aware."""
    global _source  # noqa: PLW0603 - the clock is one per process, on purpose
    before = _source
    _source = lambda: moment  # noqa: E731 - reads better than a nested function
    try:
        yield
    finally:
        _source = before
