"""What arrives one by one: known or new, and how the figures about it are made."""

import pytest

from nlp.encoder.static import encoder
from nlp.evaluating.arriving import halves_figures, joining_figures, novelty_figures
from nlp.joining import JoinIndex
from nlp.scores import area_under_curve
from tests.nlp.test_grouping import TEXTS

LABELS = ["invoice"] * 4 + ["door"] * 4


def test_a_known_matter_is_seen_before_more_surely_than_a_new_one() -> None:
    index = JoinIndex()
    index.add(range(8), encoder().encode(TEXTS), [0] * 4 + [1] * 4)
    known = "The invoice for September has the wrong purchase order number"
    new = "Your trainer explained the holiday calendar in Portuguese"
    vectors = encoder().encode([known, new])
    assert index.join(vectors[0], known).seen > index.join(vectors[1], new).seen


@pytest.mark.parametrize(
    ("higher", "lower", "area"), [([2, 3], [0, 1], 1.0), ([0], [1], 0.0), ([1], [1], 0.5)]
)
def test_the_area_counts_who_stands_above(higher: list[float], lower: list[float], area: float) -> None:
    assert area_under_curve(higher, lower) == area


def test_half_of_the_labels_are_new_to_the_index() -> None:
    found = novelty_figures(TEXTS, LABELS, draws=1)
    assert found["n"] == len(TEXTS)
    assert found["auroc"] == 1.0


def test_all_grouped_at_once_is_compared_with_half_and_joined() -> None:
    found = halves_figures(TEXTS * 3, seed=0)
    assert 0 < float(str(found["b_cubed_f1"])) <= 1


def test_joins_are_timed_against_as_many_as_asked() -> None:
    assert joining_figures(TEXTS, stored=200, seed=0)["stored"] == 200
