"""When all comments are looked over again: after enough new ones, and at the end of a file rather than within it."""

import pytest

from voc.issues.rules import is_look_due, is_look_near, is_too_early


@pytest.mark.parametrize(
    ("seen", "before", "reading", "due"),
    [
        (20, 0, 0, False),
        (40, 0, 0, True),
        (1100, 1000, 0, False),
        (1200, 1000, 0, True),
        (50_000, 0, 50_000, False),
        (99_000, 0, 1_000, True),
        (100_000, 0, 900_000, True),
        (150_000, 150_000, 0, False),
        (169_000, 150_000, 0, False),
        (170_000, 150_000, 0, True),
    ],
)
def test_a_look_waits_for_enough_and_for_a_file_that_is_still_read(
    seen: int, before: int, reading: int, *, due: bool
) -> None:
    assert is_look_due(seen, before, reading) is due


def test_what_a_look_will_place_soon_joins_nothing_one_by_one() -> None:
    assert is_look_near(50_000, 0)
    assert not is_look_near(1_010, 1_000)


@pytest.mark.parametrize(("reading", "due"), [(900_000, False), (2_000, True), (0, True)])
def test_a_look_that_was_a_short_time_ago_is_enough_until_the_file_is_read(
    reading: int, *, due: bool
) -> None:
    assert is_look_due(250_000, 150_000, reading, rests=True) is due
    assert is_look_due(250_000, 150_000, reading)
    assert is_too_early(reading, rests=True) is not due
    assert not is_too_early(reading, rests=False)
