"""Dates are read, never guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from voc.core.errors import Invalid
from voc.core.tables.dates import (
    DateFormat,
    Order,
    OrderFinder,
    named_format,
    not_later_than,
    read_day,
    read_moment,
)

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("written", "how", "moment"),
    [
        ("2026-03-01", DateFormat(), datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-07-01T12:00:00Z", DateFormat(), datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("03/22/23", DateFormat(Order.MONTH_FIRST), datetime(2023, 3, 21, 23, tzinfo=UTC)),
        ("22.3.2023 14:05", DateFormat(Order.DAY_FIRST), datetime(2023, 3, 22, 13, 5, tzinfo=UTC)),
        ("3 March 2023", DateFormat(), datetime(2023, 3, 2, 23, tzinfo=UTC)),
        ("Mar 3, 2023 1:30 PM", DateFormat(), datetime(2023, 3, 3, 12, 30, tzinfo=UTC)),
        ("2023|03|22", DateFormat(pattern="%Y|%m|%d"), datetime(2023, 3, 21, 23, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_the_installations_zone(written: str, how: DateFormat, moment: datetime) -> None:
    assert read_moment(written, how, ZONE) == moment


@pytest.mark.parametrize(
    "written",
    ["31/02/2024", "0000-01-01", "10000-01-01", "1700000000000", "1969-12-31", "x", "2024-13-01", "9" * 99],
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_moment(written, DateFormat(Order.DAY_FIRST), ZONE)


def test_numbers_without_an_order_are_never_guessed() -> None:
    with pytest.raises(ValueError, match="either way"):
        read_day("03/04/2024", DateFormat())


def seen(*values: str) -> OrderFinder:
    finder = OrderFinder()
    for line, value in enumerate(values, start=2):
        finder.see(line, value)
    return finder


def test_one_row_that_allows_one_order_settles_the_column() -> None:
    assert seen("03/04/23", "03/22/23", "31/02/2024").order("Date") is Order.MONTH_FIRST


def test_a_column_of_equal_day_and_month_needs_no_order() -> None:
    assert seen("05/05/2024", "2024-03-01").order("Date") is None


@pytest.mark.parametrize("values", [("03/04/23", "05/06/23"), ("13/04/23", "04/13/23")])
def test_a_column_that_can_be_read_two_ways_is_refused_with_two_rows(values: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match=r"line 2 .* line 3 .*--date-format"):
        seen(*values).order("Date")


def test_formats_are_named_as_people_write_them() -> None:
    assert named_format("DD.MM.YYYY") == DateFormat(Order.DAY_FIRST)
    assert named_format("%d|%m|%Y").pattern == "%d|%m|%Y"
    with pytest.raises(Invalid):
        named_format("whatever")


def test_what_is_still_to_come_was_not_said() -> None:
    with pytest.raises(ValueError, match="still to come"):
        not_later_than(datetime(2030, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
