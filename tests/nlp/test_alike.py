"""What waits falls into heaps that say the same, however many wait."""

import numpy as np
import pytest

from nlp import alike
from nlp.alike import find_alike
from nlp.encoder.static import encoder

SAID = (
    "The gate stays shut in the morning", "Our invoice shows the wrong amount", "The gate was shut again this morning",
    "The invoice has a wrong amount again", "A swan sat on the lawn",
)  # fmt: skip


def heaps(texts: tuple[str, ...]) -> list[list[int]]:
    vectors = encoder().encode(list(texts))
    return find_alike(vectors, texts, np.zeros(vectors.shape[1], dtype=np.float32))


def test_alike_ones_stand_together_and_others_alone() -> None:
    assert heaps(SAID) == [[0, 2], [1, 3]]


@pytest.mark.parametrize("portion", [2, 3, 5])
def test_in_portions_they_are_found_too(monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    monkeypatch.setattr(alike, "PORTION", portion)
    assert heaps(SAID) == [[0, 2], [1, 3]]
    assert heaps((*SAID, "The gate stays shut this morning"))[0] == [0, 2, 5]


def test_of_one_or_none_there_is_nothing_to_compare() -> None:
    assert heaps(SAID[:1]) == []
    assert find_alike(np.zeros((0, 256), dtype=np.float32), (), np.zeros(256, dtype=np.float32)) == []
