"""What people confirm and take out decides what joins an issue: numbers only."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nlp.issue_heads import IssueHeads, Taught, learn

Floats = NDArray[np.float32]
ISSUE, OTHER = 7, 8
NOWHERE = np.zeros(256, dtype=np.float32)


def about(direction: int, number: int, *, seed: int = 0, noise: float = 0.05) -> Floats:
    """`number` unit vectors about one matter."""
    rows = np.random.default_rng(seed + 100 * direction).normal(0, noise, (number, 256))
    rows[:, direction] += 1
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def taught(confirmed: int, refused: int) -> IssueHeads:
    return learn({ISSUE: Taught(about(1, confirmed), about(2, refused))}, NOWHERE)


@pytest.mark.parametrize(("confirmed", "refused"), [(1, 1), (3, 2), (5, 5), (20, 8), (2, 20)])
def test_what_is_like_the_refused_stays_out_and_what_is_like_the_confirmed_does_not(
    confirmed: int, refused: int
) -> None:
    heads = taught(confirmed, refused)
    assert all(heads.refuses(ISSUE, one) for one in about(2, 20, seed=9))
    assert not any(heads.refuses(ISSUE, one) for one in about(1, 20, seed=9))


def test_without_a_refusal_nothing_is_kept_out() -> None:
    heads = taught(20, 0)
    assert not any(heads.refuses(ISSUE, one) for one in [*about(1, 5), *about(2, 5), *about(3, 5)])


def test_with_refusals_alone_only_their_like_is_kept_out() -> None:
    heads = learn({ISSUE: Taught(about(1, 0), about(2, 3, noise=0.02))}, NOWHERE)
    assert heads.refuses(ISSUE, about(2, 1, seed=9, noise=0.02)[0])
    assert not heads.refuses(ISSUE, about(1, 1)[0])
    assert heads.claimant(about(2, 1)[0]) is None


def test_an_issue_nobody_taught_takes_all() -> None:
    assert not taught(5, 5).refuses(OTHER, about(2, 1)[0])


def test_confirmed_comments_claim_their_like_and_nothing_else() -> None:
    heads = learn(
        {ISSUE: Taught(about(1, 10), about(2, 5)), OTHER: Taught(about(3, 10), about(4, 5))}, NOWHERE
    )
    claim = heads.claimant(about(1, 30)[:10].mean(axis=0))
    assert claim is not None
    assert claim[0] == ISSUE
    assert heads.claimant(about(2, 1)[0]) is None
    assert heads.claimant(about(9, 1)[0]) is None


def test_too_few_confirmed_claim_nothing() -> None:
    assert taught(2, 0).claimant(about(1, 1)[0]) is None


def test_the_head_counts_what_it_learned_from() -> None:
    heads = taught(12, 3)
    assert (heads.confirmed(ISSUE), heads.confirmed(OTHER)) == (12, 0)
    assert heads.nearness(OTHER, about(1, 1)[0]) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 1000))
def test_the_same_words_teach_the_same(confirmed: int, refused: int, seed: int) -> None:
    some = Taught(about(1, confirmed, seed=seed), about(1, refused, seed=seed + 1, noise=0.2))
    first, second = learn({ISSUE: some}, NOWHERE), learn({ISSUE: some}, NOWHERE)
    asked = about(1, 8, seed=seed + 2, noise=0.2)
    assert [first.refuses(ISSUE, one) for one in asked] == [second.refuses(ISSUE, one) for one in asked]
    assert [first.claimant(one) for one in asked] == [second.claimant(one) for one in asked]
