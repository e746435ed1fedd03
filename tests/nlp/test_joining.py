"""Many join at once as if each came alone."""

import numpy as np
import pytest

from nlp.encoder.static import encoder
from nlp.joining import JoinIndex
from tests.nlp.test_grouping import TEXTS

NEW = [
    "The invoice for September has the wrong purchase order number",
    "Thank you, all fine",
    "The door of the loading bay does not close",
    "Your trainer explained the holiday calendar in Portuguese",
    "",
]


@pytest.mark.parametrize("stored", [0, 1, 3, len(TEXTS)])
def test_each_of_many_goes_where_it_goes_alone(stored: int) -> None:
    index = JoinIndex()
    index.add(range(stored), encoder().encode(TEXTS[:stored]), [n // 4 if n else -1 for n in range(stored)])
    vectors = encoder().encode(NEW)
    together = index.join_many(vectors, NEW)
    assert together == [index.join(vector, text) for vector, text in zip(vectors, NEW, strict=True)]


def test_none_are_none() -> None:
    assert JoinIndex().join_many(np.zeros((0, 256), dtype=np.float32), []) == []


def test_of_groups_with_as_many_votes_the_one_with_the_smallest_number_is_taken() -> None:
    vectors = encoder().encode([TEXTS[0]] * 4)
    index = JoinIndex()
    index.add(range(4), vectors, [7, 3, 7, 3])
    assert index.join_many(vectors[:2], [TEXTS[0]] * 2)[0].group == 3
