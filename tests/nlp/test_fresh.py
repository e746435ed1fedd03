"""What heads learn from every example at once."""

import numpy as np

from nlp.bends import AXES, FEWEST, axes_of, squares
from nlp.encoder.static import DIMENSIONS
from nlp.fresh import Examples, fresh_head, is_bent
from nlp.train import feature_matrix
from tests.nlp.test_train import RIGHT, WRONG

TEXTS = [*WRONG, *RIGHT]
HOLDS = np.arange(len(TEXTS)) < len(WRONG)
EXAMPLES = Examples.of(feature_matrix(TEXTS))
SOUP = np.array(["soup" in text for text in TEXTS])


def right(*, bends: bool) -> float:
    head = fresh_head("wrong", EXAMPLES, HOLDS, bends=bends)
    return float(((EXAMPLES.margins(head) > 0) == HOLDS).mean())


def test_a_bent_head_says_what_a_straight_one_cannot() -> None:
    assert right(bends=False) < 0.75
    assert right(bends=True) > 0.95


def test_heads_bend_only_where_held_out_examples_say_so() -> None:
    assert is_bent(EXAMPLES, HOLDS[:, None])
    assert not is_bent(EXAMPLES, SOUP[:, None])


def test_a_theme_of_few_examples_stays_straight() -> None:
    few = np.arange(len(TEXTS)) < FEWEST - 1
    assert fresh_head("few", EXAMPLES, few, bends=True).axes.shape == (DIMENSIONS, 0)


def test_axes_are_of_length_one_and_as_they_are_stored() -> None:
    axes = axes_of(EXAMPLES.vectors, HOLDS - 0.5)
    assert axes.shape == (DIMENSIONS, AXES)
    assert np.allclose(np.linalg.norm(axes, axis=0), 1, atol=1e-2)
    assert np.array_equal(axes, axes.astype(np.float16).astype(np.float32))


def test_a_square_is_the_same_on_either_side() -> None:
    axes = axes_of(EXAMPLES.vectors, HOLDS - 0.5)
    assert np.allclose(squares(EXAMPLES.vectors, axes), squares(-EXAMPLES.vectors, axes))
