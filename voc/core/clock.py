"""The one place that knows what time it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """The present moment as aware UTC time."""
    return _source()


def today(zone: str) -> date:
    """The date it is now in `zone` (an IANA name); raises ZoneInfoNotFoundError for an unknown one."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Holds the clock at `moment` for tests; `moment` is aware."""
    global _source  # noqa: PLW0603 - the clock is one per process, on purpose
    before = _source
    _source = lambda: moment  # noqa: E731 - reads better than a nested function
    try:
        yield
    finally:
        _source = before
