"""How pages write dates, money and counts."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from voc.web.words import (
    FILTERS,
    ago_words,
    cell_words,
    count_words,
    date_words,
    initials,
    money_words,
    share_words,
)

TODAY = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 5, 3), "3\u00a0May"),
        (date(2025, 5, 3), "3\u00a0May 2025"),
        (datetime(2026, 5, 3, 12, tzinfo=UTC), "3\u00a0May"),
        (None, "we do not know"),
    ],
)
def test_a_day_is_written_as_people_say_it(value: date | None, said: str) -> None:
    assert date_words(value, TODAY) == said


def test_a_time_is_put_in_the_providers_zone() -> None:
    late = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
    assert date_words(late, TODAY, ZoneInfo("Europe/Berlin")) == "4\u00a0May"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (TODAY, "today"),
        (date(2026, 5, 16), "yesterday"),
        (date(2026, 5, 18), "tomorrow"),
        (date(2026, 5, 1), "1\u00a0May"),
        (None, "we do not know"),
    ],
)
def test_near_days_have_names(value: date | None, said: str) -> None:
    assert ago_words(value, TODAY) == said


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (85_000, "€\u00a0850"),
        (1_240_000, "€\u00a012,400"),
        (12_345_600, "€\u00a0123,000"),
        (99_949_999, "€\u00a0999,000"),
        (123_456_700, "€\u00a01.2\u00a0m"),
        (25_000_000_000, "€\u00a0250\u00a0m"),
        (-120_000_000, "−€\u00a01.2\u00a0m"),
        (0, "€\u00a00"),
        (None, "we do not know"),
    ],
)
def test_money_is_rounded_to_what_matters(cents: int | None, said: str) -> None:
    assert money_words(cents) == said


def test_an_unknown_currency_keeps_its_code() -> None:
    assert money_words(100_000, "SEK") == "SEK\u00a01,000"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no clients"), (1, "1 client"), (1240, "1,240 clients"), (None, "we do not know")]
)
def test_a_count_comes_with_its_noun(count: int | None, said: str) -> None:
    assert count_words(count, "client") == said


def test_a_plural_of_its_own_is_used() -> None:
    assert count_words(2, "reply", "replies") == "2 replies"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0\u00a0%"), (0.004, "under 1\u00a0%"), (0.181, "18\u00a0%"), (None, "we do not know")],
)
def test_a_little_is_never_said_as_nothing(share: float | None, said: str) -> None:
    assert share_words(share) == said


def test_a_cell_is_said_in_the_pages_words() -> None:
    assert cell_words("has_manages") == "has it and manages"


@pytest.mark.parametrize(
    ("name", "said"), [("Ines Aalto", "IA"), ("Ana Maria Leal", "AL"), ("Jo", "J"), ("", "")]
)
def test_initials_stand_for_a_face(name: str, said: str) -> None:
    assert initials(name) == said


def test_every_filter_can_be_called() -> None:
    assert all(callable(one) for one in FILTERS.values())
