"""What a look leaves over is compared once more: what is alike makes heaps, the rest stays alone."""

import numpy as np
import pytest

from nlp.encoder.static import encoder
from nlp.leftovers import find_leftovers

COLD = [
    "The cold chain was broken on the way, two patients were called back",
    "Cold chain broken again, the logger shows eleven degrees",
    "Logger over eight degrees, the cold chain did not hold",
]
WET = [
    "The packs arrived wet inside the wrapping",
    "Wet packs again, a wet pack is not sterile",
    "Three packs were wet under the wrapping",
]
LONE = ["Nobody answers the phone before nine"]


def heaps(texts: list[str]) -> list[list[int]]:
    vectors = encoder().encode(texts)
    return find_leftovers(vectors, texts, vectors.mean(axis=0), smallest=3)


def test_what_is_alike_makes_a_heap_and_the_rest_stays_alone() -> None:
    assert sorted(map(sorted, heaps([*COLD, *WET, *LONE]))) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("texts", [[], LONE, COLD[:2]])
def test_too_few_make_no_heap(texts: list[str]) -> None:
    vectors = encoder().encode(texts) if texts else np.zeros((0, 256), dtype=np.float32)
    assert find_leftovers(vectors, texts, np.zeros(256, dtype=np.float32), smallest=3) == []


def test_the_same_comments_make_the_same_heaps() -> None:
    assert heaps([*COLD, *WET, *LONE]) == heaps([*COLD, *WET, *LONE])
