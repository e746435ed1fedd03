"""What grouping needs to know of texts is the same whether they come at once or in lots."""

import numpy as np
import pytest

from nlp.grouping import find_groups
from nlp.grouping_words import WordCounts, word_matrix
from nlp.said import Said, Saying

TEXTS = [
    *(f"The invoice of week {at} came late and was wrong." for at in range(9)),
    *(f"Linen bag {at} was wet and torn again." for at in range(9)),
    "Thank you and kind regards",
    "",
    "Hello,\n\nit happened again.",
]


def in_lots() -> Said:
    saying = Saying()
    for at in range(0, len(TEXTS), 5):
        saying.add(TEXTS[at : at + 5])
    return saying.said()


def test_in_lots_as_at_once() -> None:
    one, other = in_lots(), Said.of(TEXTS)
    assert len(one) == len(other) == len(TEXTS)
    assert np.allclose(one.least, other.least, atol=1e-6)
    assert np.allclose(one.mean, other.mean, atol=1e-6)
    assert np.array_equal(one.is_any, other.is_any)
    assert not one.is_any[TEXTS.index("")]
    for name in ("starts", "buckets", "times"):
        assert np.array_equal(getattr(one.words, name), getattr(other.words, name))


def test_groups_of_what_was_found_before_are_the_groups_of_the_texts() -> None:
    rng = np.random.default_rng(3)
    vectors = np.vstack([np.repeat(rng.normal(size=(2, 8)), 9, axis=0), rng.normal(size=(3, 8))])
    vectors = (vectors + 0.1 * rng.normal(size=vectors.shape)).astype(np.float32)
    one, other = find_groups(vectors, in_lots()), find_groups(vectors, TEXTS)
    assert one.labels.max() >= 1
    assert np.array_equal(one.labels, other.labels)
    assert np.allclose(one.score, other.score)


def test_words_are_taken_once() -> None:
    said = in_lots()
    assert len(said.take_words()) == len(TEXTS)
    assert len(said.words) == 0
    assert len(said) == len(TEXTS)


@pytest.mark.parametrize("order", [[2, 0, 9], [19], []])
def test_words_of_some_in_any_order(order: list[int]) -> None:
    rows = np.array(order, dtype=np.int64)
    some, alone = WordCounts.of(TEXTS).some(rows), WordCounts.of([TEXTS[at] for at in order])
    for name in ("starts", "buckets", "times"):
        assert np.array_equal(getattr(some, name), getattr(alone, name))
    assert np.array_equal(
        word_matrix(WordCounts.of(TEXTS), order=rows), word_matrix([TEXTS[at] for at in order])
    )
