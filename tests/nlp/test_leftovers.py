"""What a look leaves over is compared once more: what is alike makes heaps, the rest stays alone."""

import numpy as np
import pytest

from nlp.encoder.static import encoder
from nlp.leftovers import NEAR, find_leftovers, near_parts

COLD = [
    "The cold chain was broken again on the way, the logger shows it",
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


def test_two_pairs_and_a_stranger_who_share_a_word_make_no_heap() -> None:
    texts = [
        "Nobody picks up",
        "nobody picks up the phone",
        "Your crew picks up the sharps a day late",
        "The crew picks up sharps late again",
        "Somebody picks up the wrong linen",
    ]
    assert heaps([*texts, *COLD]) == [[5, 6, 7]]


def test_a_heap_falls_into_the_parts_that_hang_together() -> None:
    rows = np.zeros((6, 4), dtype=np.float32)
    rows[:3, 0], rows[3:, 1] = 1, 1
    assert near_parts(rows, [0, 3, 1, 4, 2, 5]) == [[0, 1, 2], [3, 4, 5]]


def test_one_comment_between_two_holds_a_part_together() -> None:
    angles = np.array([0, 1, 2], dtype=np.float32)  # the outer two point away from each other
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert rows[0] @ rows[2] < NEAR < rows[0] @ rows[1]
    assert near_parts(rows, [0, 1, 2]) == [[0, 1, 2]]
