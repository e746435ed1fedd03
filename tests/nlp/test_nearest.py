"""The nearest rows, however many there are and however alike."""

import numpy as np
import pytest

from nlp.nearest import largest, neighbours, neighbours_about, neighbours_in


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


def test_rows_about_the_same_middle_find_each_other() -> None:
    rng = np.random.default_rng(3)
    middles = np.eye(6, dtype=np.float32)
    rows = middles[rng.integers(0, 6, 300)] + rng.normal(0, 0.1, (300, 6)).astype(np.float32)
    exact, _ = neighbours(rows, 5)
    near, similarity = neighbours_about(rows, 5, middles)
    assert (similarity[:, :-1] >= similarity[:, 1:]).all()
    assert not (near == np.arange(300)[:, None]).any()
    assert np.mean([len({*one} & {*other}) / 5 for one, other in zip(exact, near, strict=True)]) > 0.95


def test_others_have_their_nearest_among_the_known() -> None:
    known = np.eye(9, dtype=np.float32)
    near, similarity = neighbours_in(known, known[[4, 7]], 8)
    assert near[:, 0].tolist() == [4, 7]
    assert similarity[:, 0].tolist() == [1, 1]
