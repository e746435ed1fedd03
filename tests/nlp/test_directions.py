"""What tells matters apart: learned from groups, and how far groups stand from each other."""

import numpy as np

from nlp.directions import directions, standing_apart, sums

LABELS = np.repeat(np.arange(3), 40)


def _matters() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Three matters on three axes, and noise that all share on a fourth."""
    rng = np.random.default_rng(0)
    rows = np.eye(3, 8, dtype=np.float32)[LABELS] + rng.normal(0, 0.05, (120, 8)).astype(np.float32)
    rows[:, 3] += rng.normal(0, 1.5, 120)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_what_varies_within_a_matter_counts_less() -> None:
    rows = _matters()
    turned = directions(rows, [LABELS]).of(rows)
    assert np.allclose(np.linalg.norm(turned, axis=1), 1, atol=1e-4)
    assert standing_apart(turned, LABELS).mean() > standing_apart(rows, LABELS).mean()


def test_true_groups_stand_apart_more_than_groups_dealt_at_random() -> None:
    rows = _matters()
    dealt = np.random.default_rng(1).permutation(LABELS)
    assert standing_apart(rows, LABELS).mean() > standing_apart(rows, dealt).mean()


def test_a_number_without_rows_has_an_empty_sum() -> None:
    found = sums(np.ones((2, 4), dtype=np.float32), np.array([0, 2]))
    assert found.sum(axis=1).tolist() == [4, 0, 4]


def test_rows_all_alike_stay_finite() -> None:
    rows = np.full((10, 4), 0.5, dtype=np.float32)
    labels = np.zeros(10, dtype=np.int64)
    assert np.isfinite(directions(rows, [labels]).of(rows)).all()
    assert np.isfinite(standing_apart(rows, labels)).all()
