"""The issues a comment is nearest to, the first of equals first."""

import numpy as np

from workers.middles import Middles

NOWHERE = np.zeros(4, dtype=np.float32)


def test_up_to_three_issues_the_nearest_first() -> None:
    vectors = np.eye(4, dtype=np.float16)
    middles = Middles.of(vectors, [40, 10, 30, 20], NOWHERE)
    asked = np.array([[0.2, 0.9, 0.0, 0.4]], dtype=np.float32)
    assert [issue for issue, _ in middles.nearest(asked)[0]] == [10, 20, 40]


def test_of_equals_the_first_comes_first_and_few_issues_are_all_there_are() -> None:
    vectors = np.array([[1, 0, 0, 0], [1, 0, 0, 0]], dtype=np.float32)
    assert Middles.of(vectors, [7, 3], NOWHERE).nearest(vectors[:1]) == [((3, 1.0), (7, 1.0))]
    assert Middles.of(vectors[:0], [], NOWHERE).nearest(vectors) == [(), ()]
