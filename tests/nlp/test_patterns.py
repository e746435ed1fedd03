"""What is left out of a row's look is never what would have been found."""

import random

import pytest

from nlp.patterns import PatternFinder
from nlp.risk_head import PATTERNS, sentence_words


@pytest.fixture(scope="module")
def finder() -> PatternFinder:
    return PatternFinder(PATTERNS)


def rows(finder: PatternFinder, count: int) -> list[str]:
    """Rows of random signs, breaks and unknown words, of up to 14."""
    draw = random.Random(4)
    signs = [sign for one in finder.table.classes.values() for sign in one[1:-1]]
    return [
        "".join(draw.choice(signs) if draw.random() < 0.7 else draw.choice("xxx,.?") for _ in range(length))
        for length in (draw.randint(1, 14) for _ in range(count))
    ]


def test_the_sieve_keeps_every_group_that_is_found(finder: PatternFinder) -> None:
    for row in rows(finder, 3000):
        held = set(finder._sieve.of(row))
        assert {at for at, group in enumerate(finder.groups) if group.expression.search(row)} <= held


def test_the_sieve_keeps_most_groups_of_a_plain_sentence_out(finder: PatternFinder) -> None:
    row = finder.table.read(sentence_words("The soup was cold on Tuesday.")).row
    assert len(list(finder._sieve.of(row))) < len(finder.groups) / 2
