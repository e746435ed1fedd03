"""Groups are cut where they come apart, and lose what leans elsewhere."""

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp import seams
from nlp.nearest import neighbours

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
EACH = 20


def matters(number: int, *, each: int = EACH, spread: float = 0.1) -> Floats:
    """Rows about `number` directions that have nothing in common, `each` after the other."""
    rng = np.random.default_rng(3)
    middles = np.repeat(np.eye(number, 48), each, axis=0)
    rows = middles + rng.normal(0, spread, middles.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def numbers(*sizes: int) -> Ints:
    return np.repeat(np.arange(len(sizes)), sizes)


def together(rows: Floats, labels: Ints) -> Ints:
    return seams.holding_together(rows, *neighbours(rows, seams.NEAREST), labels)


def test_a_heap_of_three_matters_is_cut_in_three() -> None:
    found = together(matters(4), numbers(3 * EACH, EACH))
    assert [len(set(found[at : at + EACH])) for at in range(0, 4 * EACH, EACH)] == [1, 1, 1, 1]
    assert len(set(found.tolist())) == 4


def test_one_matter_stays_whole() -> None:
    assert set(together(matters(2), numbers(EACH, EACH)).tolist()) == {0, 1}


@pytest.mark.parametrize("dense", [4, 1000])
def test_large_and_small_groups_are_cut_alike(monkeypatch: pytest.MonkeyPatch, dense: int) -> None:
    monkeypatch.setattr(seams, "DENSE", dense)
    found = together(matters(2), numbers(2 * EACH))
    assert len(set(found[:EACH])) == len(set(found[EACH:])) == 1
    assert found[0] != found[-1]


def test_a_comment_whose_nearest_stand_elsewhere_leaves() -> None:
    labels = numbers(EACH, EACH)
    labels[0] = 1
    found = together(matters(2), labels)
    assert found[0] == -1
    assert (found[1:] >= 0).all()


def test_leftovers_between_groups_dissolve() -> None:
    rows, labels = matters(3), numbers(EACH, EACH, EACH)
    labels[[0, EACH, 2 * EACH]] = 3
    found = together(rows, labels)
    assert found[[0, EACH, 2 * EACH]].tolist() == [-1, -1, -1]


def test_a_small_matter_is_kept_though_its_nearest_reach_beyond_it() -> None:
    rows = np.vstack([matters(2), matters(3)[-3:]])
    assert together(rows, numbers(EACH, EACH, 3))[-3:].tolist() == [2, 2, 2]


def test_what_is_in_no_group_stays_in_none() -> None:
    labels = numbers(EACH, EACH)
    labels[:EACH] = -1
    assert (together(matters(2), labels)[:EACH] == -1).all()


def test_halves_of_one_matter_are_alike_and_two_matters_are_not() -> None:
    rows = matters(2, spread=0.3)
    even, odd = np.arange(0, EACH, 2), np.arange(1, EACH, 2)
    assert seams.alike(rows, even, odd) == pytest.approx(1, abs=0.2)
    assert seams.alike(rows, even, odd + EACH) < seams.ALIKE
