"""What is said of an estimate."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from voc.breadth.estimates import Likely
from voc.breadth.said import likely_sentence

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
