"""What a new installation knows before anybody taught it anything, on a labelled set of our own."""

import hashlib
from pathlib import Path

LABELS = Path(__file__).parent / "labels"
FROZEN = "54482890e6af761de49dc38202b86cbd5f0389d45f71208d3c4603c10dfdebab"


def test_the_labelled_half_that_judges_is_the_one_that_was_frozen() -> None:
    assert hashlib.sha256((LABELS / "themes_test.jsonl").read_bytes()).hexdigest() == FROZEN
