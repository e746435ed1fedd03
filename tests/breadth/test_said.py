"""What is said of an estimate."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from voc.breadth.estimates import Likely
from voc.breadth.said import chance_words, likely_sentence

LIKELY = Likely(
    mean=9, low=3, high=37, unheard=85, clients=85, count_mean=9.0, count_low=3, count_high=37, value_low_cents=0,
    value_mean_cents=0, value_high_cents=0, flag="ok", is_borrowed=False, has_skill=True, top_share=None, ask_more=None,
    fitted_at=datetime(2026, 11, 22, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("is_seen", "said"),
    [
        (True, "Likely 3 to 37 of those 85."),
        (False, "Likely 3 to 37 of those 85, if these comments are one matter: nobody has looked yet."),
    ],
)
def test_an_estimate_of_what_nobody_looked_at_says_so(*, is_seen: bool, said: str) -> None:
    assert likely_sentence(LIKELY, is_seen=is_seen) == said


def test_what_cannot_be_said_is_no_number() -> None:
    said = likely_sentence(replace(LIKELY, flag="insufficient"), is_seen=False)
    assert "3 to 37" not in said
    assert "too little is known" in said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "fewer than 5 in 100"), (0.04, "fewer than 5 in 100"), (0.05, "about 10 in 100"),
        (0.32, "about 30 in 100"), (0.95, "about 90 in 100"), (0.99, "more than 95 in 100"),
    ],
)  # fmt: skip
def test_a_clients_chance_is_never_none_and_never_all(share: float, said: str) -> None:
    assert chance_words(share) == said


def test_where_likely_nobody_else_has_it_no_zero_stands() -> None:
    assert likely_sentence(replace(LIKELY, low=0, high=0)) == "Likely none of those 85."
