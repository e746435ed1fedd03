"""Reads dates as people write them, and never guesses whether the day or the month stands first.

ISO dates are always read. For `3/4/23` the order must be named, or follow from the whole column.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from voc.core.errors import Invalid

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBERS = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,]+(\d.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:[ T,]+(\d.*))?")
_WORDS = re.compile(r"(?:(\d{1,2})[ .\-]+([A-Za-z]{3,9})|([A-Za-z]{3,9})[ .\-]+(\d{1,2}))[ ,.\-]+(\d{4})(?:[ T,]+(\d.*))?")  # fmt: skip
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_YEAR = 1970
_LONGEST = 60


class Order(StrEnum):
    """Which of day and month stands first where only numbers are written."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a column's dates are read: an order for numbers, or a `strptime` format; neither: no such dates."""

    order: Order | None = None
    pattern: str | None = None


def named_format(wanted: str) -> DateFormat:
    """The format a person asked for: `d/m/y`, `MM/DD/YYYY`, or with `%` as Python's strptime has it."""
    if "%" in wanted:
        return DateFormat(pattern=wanted)
    letters = "".join(dict.fromkeys(re.sub(r"[^dmy]", "", wanted.casefold())))
    orders = {"dmy": Order.DAY_FIRST, "mdy": Order.MONTH_FIRST, "ymd": None}
    if letters not in orders:
        message = f"“{wanted}” is no date format we know; write d/m/y, m/d/y, y-m-d, or one such as %d.%m.%Y."
        raise Invalid(message, fields={"date_format": message})
    return DateFormat(order=orders[letters])


def read_moment(value: str, how: DateFormat, zone: ZoneInfo) -> datetime:
    """The moment in UTC; a time without a zone is one in `zone`. ValueError says what is wrong."""
    found = _parse(value.strip(), how)
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    if aware.year < _FIRST_YEAR:
        raise ValueError(f"The year {aware.year} is before {_FIRST_YEAR}.")
    return aware.astimezone(UTC)


def read_day(value: str, how: DateFormat) -> date:
    """The calendar day as written. ValueError says what is wrong."""
    found = _parse(value.strip(), how).date()
    if not _FIRST_YEAR <= found.year <= 2199:  # noqa: PLR2004 - no contract of ours runs longer
        raise ValueError(f"The year {found.year} cannot be right.")
    return found


def not_later_than(moment: datetime, now: datetime) -> None:
    """Raises ValueError for a moment more than a day ahead: nobody has said that yet."""
    if moment > now + timedelta(days=1):
        raise ValueError(f"{moment:%Y-%m-%d} is still to come.")


@lru_cache(maxsize=20_000)
def _parse(value: str, how: DateFormat) -> datetime:
    if len(value) > _LONGEST:
        raise ValueError("This is too long for a date.")
    if how.pattern:
        return _by_pattern(value, how.pattern)
    if _ISO.match(value):
        return _iso(value)
    if found := _NUMBERS.fullmatch(value):
        return _from_numbers(found, how.order)
    if found := _YEAR_FIRST.fullmatch(value):
        return _made(int(found[1]), int(found[3]), int(found[4]), found[5])
    if found := _WORDS.fullmatch(value):
        return _from_words(found)
    raise ValueError("This is no date we can read.")


def _by_pattern(value: str, pattern: str) -> datetime:
    try:
        return datetime.strptime(value, pattern)  # noqa: DTZ007 - read_moment adds the installation's zone
    except (ValueError, re.error) as error:
        raise ValueError(f"This does not fit the format {pattern}.") from error


def _iso(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("There is no such day or time.") from error


def _from_numbers(found: re.Match[str], order: Order | None) -> datetime:
    if order is None:
        raise ValueError("Day and month could stand either way round here.")
    first, second = int(found[1]), int(found[3])
    day, month = (first, second) if order is Order.DAY_FIRST else (second, first)
    return _made(_full_year(found[4]), month, day, found[5])


def _from_words(found: re.Match[str]) -> datetime:
    name = (found[2] or found[3])[:3].casefold()
    if name not in _MONTHS:
        raise ValueError("This is no date we can read.")
    return _made(int(found[5]), _MONTHS.index(name) + 1, int(found[1] or found[4]), found[6])


def _full_year(written: str) -> int:
    # As Python's %y and POSIX have it: 69 to 99 are the last century's.
    year = int(written)
    return year if len(written) == 4 else year + (1900 if year >= 69 else 2000)  # noqa: PLR2004 - see above


def _made(year: int, month: int, day: int, clock_time: str | None) -> datetime:
    try:
        return datetime.combine(date(year, month, day), _time(clock_time))
    except ValueError as error:
        raise ValueError("There is no such day or time.") from error


def _time(written: str | None) -> time:
    if not written:
        return time()
    found = _TIME.fullmatch(written.strip())
    if not found:
        raise ValueError(written)
    hour, half = int(found[1]), (found[4] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


@dataclass(slots=True)
class OrderFinder:
    """Looks at a whole column and keeps one row that allows only each order, and two that allow both."""

    only: dict[Order, tuple[int, str]] = field(default_factory=dict)
    both: list[tuple[int, str]] = field(default_factory=list)

    def see(self, line: int, value: str) -> None:
        """Takes in one value; those that are no such date under either order say nothing."""
        found = None if _ISO.match(value) else _NUMBERS.fullmatch(value.strip())
        if not found:
            return
        fits = [order for order in Order if _fits(found, order)]
        if len(fits) == 1:
            self.only.setdefault(fits[0], (line, value))
        elif fits and found[1].lstrip("0") != found[3].lstrip("0") and len(self.both) < 2:  # noqa: PLR2004 - two to show
            self.both.append((line, value))

    def order(self, column: str) -> Order | None:
        """The one order the column allows; None when it has no such dates.

        Raises Invalid naming two rows when it allows both orders, or none.
        """
        if len(self.only) == 1:
            return next(iter(self.only))
        shown = list(self.only.values()) or self.both
        if not shown:
            return None
        rows = " and ".join(f"line {line} “{value}”" for line, value in shown)
        why = (
            "each allows only another order" if self.only else "and no row says whether day or month is first"
        )
        message = f"The dates in “{column}” can be read two ways: {rows}, {why}. Say which: --date-format d/m/y or m/d/y."
        raise Invalid(message, fields={"date_format": message}, code="date_order")


def _fits(found: re.Match[str], order: Order) -> bool:
    try:
        _from_numbers(found, order)
    except ValueError:
        return False
    return True


def chosen_format(wanted: str | None, see: Callable[[OrderFinder], None], column: str) -> DateFormat:
    """The format asked for, else the order that `see` finds by showing the column to an OrderFinder."""
    if wanted:
        return named_format(wanted)
    finder = OrderFinder()
    see(finder)
    return DateFormat(order=finder.order(column))
