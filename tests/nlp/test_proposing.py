"""Groups that look like one, like two, or hold what fits elsewhere, found the same way every time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.encoder.static import encoder
from nlp.grouping import joint_vectors
from nlp.proposing import common_words, is_plain, likely_merges, likely_moves, likely_splits, telling_words

WARDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine")
LINEN = [f"The linen for ward {ward} came late again" for ward in WARDS]
LAUNDRY = [f"Late linen on ward {ward}, the delivery came after noon" for ward in WARDS]
INVOICE = [f"Invoice number {ward} has the wrong purchase order on it" for ward in WARDS]
MEALS = [f"The soup on floor {ward} was cold when patients ate it" for ward in WARDS]


def rows_of(texts: list[str]) -> NDArray[np.float32]:
    return joint_vectors(encoder().encode(texts), texts)


def groups(*sizes: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(1, len(sizes) + 1), sizes)


def test_two_groups_about_one_matter_look_like_one() -> None:
    texts = LINEN[:4] + LINEN[4:] + INVOICE + MEALS
    found = likely_merges(rows_of(texts), texts, groups(4, 4, 8, 8))
    assert [(one.one, one.other) for one in found] == [(1, 2)]
    assert any("linen" in word for word in found[0].words)
    assert found[0].one_near > 0


def test_an_issue_of_three_and_a_large_one_about_its_matter_look_like_one() -> None:
    texts = LINEN[:3] + LINEN[3:] + INVOICE + MEALS
    found = likely_merges(rows_of(texts), texts, groups(3, 5, 8, 8))
    assert [(one.one, one.other) for one in found] == [(1, 2)]


def test_one_shared_word_does_not_make_two_matters_one() -> None:
    boxes = [f"The courier put the cold box of lab {ward} next to the heater" for ward in WARDS]
    texts = boxes + MEALS + INVOICE + LINEN
    assert likely_merges(rows_of(texts), texts, groups(8, 8, 8, 8)) == []


def test_groups_about_different_matters_do_not() -> None:
    texts = LINEN + INVOICE + MEALS
    assert likely_merges(rows_of(texts), texts, groups(8, 8, 8)) == []


def test_a_group_of_two_matters_looks_like_two_and_one_of_one_does_not() -> None:
    texts = [*LINEN, *INVOICE[:5], *MEALS]
    rows = rows_of(texts)
    found = likely_splits(rows, texts, groups(13, 8), frozenset({1, 2}))
    assert [one.one for one in found] == [1]
    assert set(found[0].goes) == set(range(8, 13))
    assert any("invoice" in word or "order" in word for word in found[0].goes_words)
    assert likely_splits(rows, texts, groups(13, 8), frozenset({2})) == []


def test_a_comment_in_the_wrong_group_fits_elsewhere() -> None:
    texts = [*LINEN, *INVOICE, MEALS[0], *MEALS[1:]]
    where = groups(8, 8, 8)
    where[16] = 1  # soup among the linen
    rows = rows_of(texts)
    found = likely_moves(rows, where, np.ones(len(texts), dtype=bool))
    assert [(one.one, one.other, one.goes) for one in found] == [(1, 3, (16,))]
    assert likely_moves(rows, where, np.zeros(len(texts), dtype=bool)) == []


def test_nothing_and_almost_nothing_propose_nothing() -> None:
    for texts in ([], LINEN[:1], LINEN[:3]):
        rows = rows_of(texts) if texts else np.zeros((0, 448), dtype=np.float32)
        where = groups(len(texts)) if texts else np.zeros(0, dtype=np.int64)
        assert likely_merges(rows, texts, where) == []
        assert likely_splits(rows, texts, where, frozenset({1})) == []
        assert likely_moves(rows, where, np.ones(len(texts), dtype=bool)) == []


def test_words_are_those_that_more_than_one_comment_says() -> None:
    assert "linen" in " ".join(common_words(LINEN, LAUNDRY))
    assert common_words(LINEN[:1], LAUNDRY[:1]) == ()
    assert "soup" in " ".join(telling_words(MEALS, LINEN))


@pytest.mark.parametrize(
    ("word", "plain"), [("linen", True), ("lq-", False), ("august", False), ("order number", True)]
)
def test_months_and_halves_of_numbers_are_no_words(word: str, *, plain: bool) -> None:
    assert is_plain(word) is plain


def test_the_same_clients_in_two_groups_make_them_likelier_one() -> None:
    near = [f"Ward {ward} waits for its linen" for ward in WARDS]
    texts = LINEN + near + INVOICE + MEALS
    where, rows = groups(8, 8, 8, 8), rows_of(LINEN + near + INVOICE + MEALS)
    same = [*range(8), *range(8), *range(8, 16), *range(16, 24)]
    other = [*range(8), *range(24, 32), *range(8, 16), *range(16, 24)]
    shared, apart = (
        {(one.one, one.other): one.likely for one in likely_merges(rows, texts, where, clients)}
        for clients in (same, other)
    )
    assert shared.get((1, 2), 0) > apart.get((1, 2), 0)
    assert shared.keys() - apart.keys() <= {(1, 2)}
