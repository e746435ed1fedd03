"""The nearest rows, however many there are and however alike."""

import numpy as np
import pytest

from nlp.nearest import largest, neighbours


@pytest.mark.parametrize("columns", [9, 64, 700, 1500])
def test_the_largest_are_those_of_a_full_sort(columns: int) -> None:
    dots = np.random.default_rng(columns).normal(size=(20, columns)).astype(np.float32)
    at, values = largest(dots, 5)
    assert np.array_equal(values, -np.sort(-dots, axis=1)[:, :5])
    assert np.array_equal(np.take_along_axis(dots, at, axis=1), values)


def test_nobody_is_a_neighbour_of_itself() -> None:
    rows = np.eye(6, dtype=np.float32)
    near, _ = neighbours(rows, 3)
    assert not (near == np.arange(6)[:, None]).any()


def test_thousands_in_the_same_words_have_neighbours_too() -> None:
    near, similarity = neighbours(np.ones((2000, 4), dtype=np.float32), 8)
    assert near.shape == (2000, 8)
    assert (similarity == 4).all()
    assert not (near == np.arange(2000)[:, None]).any()
