"""Which proposals stand, come back and are new, and what they say."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.issues.proposals import rules
from voc.issues.proposals.rules import Known, Wanted, choose


def wanted(one: int = 1, other: int | None = 2, kind: str = "merge", **facts: Any) -> Wanted:
    given_facts: dict[str, Any] = {"strength": 0.8, "sizes": (10, 20), "comments": ()} | facts
    return Wanted(
        kind=kind, issue_id=one, other_id=other, similarity=0.6, reason="Both speak of “linen”.", words=((), ()),
        **given_facts,
    )  # fmt: skip


def known(one: int = 1, other: int | None = 2, kind: str = "merge", **facts: Any) -> Known:
    stands: dict[str, Any] = {"comments": frozenset(), "sizes": (10, 20), "strength": 0.8, "state": "open"}
    stands |= facts
    return Known(
        99, kind, one, other, stands["comments"], stands["sizes"], stands["strength"], stands["state"]
    )


def test_the_same_found_twice_is_kept_and_not_new() -> None:
    chosen = choose([wanted()], [known()])
    assert (list(chosen.kept), chosen.gone, chosen.new) == ([99], (), ())


def test_a_merge_is_the_same_whichever_way_round() -> None:
    assert list(choose([wanted(2, 1)], [known(1, 2)]).kept) == [99]


def test_what_lost_its_ground_goes() -> None:
    assert choose([], [known()]).gone == (99,)


@pytest.mark.parametrize(("sizes", "comes_back"), [((10, 20), False), ((25, 39), False), ((20, 40), True)])
def test_a_refused_pair_comes_back_only_when_both_sides_have_doubled(
    sizes: tuple[int, int], *, comes_back: bool
) -> None:
    found = wanted(2, 1, sizes=sizes)
    assert bool(choose([found], [known(state="refused")]).new) is comes_back


def test_a_refused_move_of_a_comment_never_comes_back() -> None:
    keys = ((1, 11), (1, 12))
    no = known(1, 2, "move", comments=frozenset(keys[:1]), sizes=(1, 1), state="refused")
    assert choose([wanted(1, 2, "move", comments=keys, sizes=(50, 50))], [no]).new == ()
    assert choose([wanted(1, 2, "move", comments=keys[1:], sizes=(1, 1))], [no]).new != ()


def test_another_cut_of_a_refused_split_is_not_asked_either() -> None:
    no = known(1, None, "split", comments=frozenset({(1, 1)}), state="refused")
    assert choose([wanted(1, None, "split", comments=((1, 9),))], [no]).new == ()


def test_an_issue_is_asked_about_once_at_a_time_the_surest_first() -> None:
    found = [wanted(1, 2, strength=0.6), wanted(1, 3, strength=0.9), wanted(1, None, "split", strength=0.7)]
    assert [one.other_id for one in choose(found, []).new] == [3]


def test_no_more_than_a_handful_is_open() -> None:
    found = [wanted(2 * at, 2 * at + 1) for at in range(20)]
    assert len(choose(found, []).new) == rules.MOST_OPEN
    assert len(choose(found, [known(0, 1)]).new) == rules.MOST_OPEN - 1


def test_after_mostly_noes_only_surer_ones_are_asked() -> None:
    noes = [known(10 + at, 20 + at, strength=0.7, state="refused") for at in range(4)]
    assert choose([wanted(strength=0.65)], noes).new == ()
    assert choose([wanted(strength=0.75)], noes).new != ()
    yeses = [known(30 + at, 40 + at, state="accepted") for at in range(4)]
    assert choose([wanted(strength=0.65)], [*noes, *yeses]).new != ()


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(7, 12), st.floats(0, 1)), max_size=12))
def test_choosing_again_from_what_was_chosen_changes_nothing(pairs: list[tuple[int, int, float]]) -> None:
    found = [wanted(one, other, strength=strength) for one, other, strength in pairs]
    first = choose(found, [])
    stored = [
        Known(at, one.kind, one.issue_id, one.other_id, frozenset(), one.sizes, one.strength, "open")
        for at, one in enumerate(first.new)
    ]
    again = choose(found, stored)
    assert (len(again.kept), again.gone, again.new) == (len(stored), (), ())


def test_issues_that_a_person_told_apart_are_known() -> None:
    comment = (1, 5)
    assert rules.told_apart({comment: frozenset({2})}, {comment: frozenset({1})}) == {frozenset({1, 2})}
    assert rules.told_apart({}, {comment: frozenset({1})}) == frozenset()


def test_words_are_marked_whole_and_apart() -> None:
    text = "Late linen, and the linens were late"
    found = [text[start:end] for start, end, _ in rules.marks(text, ["linen", "late", "late linen"])]
    assert found == ["Late linen", "late"]


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=5), max_size=4))
def test_marks_are_in_order_and_inside(text: str, words: list[str]) -> None:
    found = rules.marks(text, words)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(left[1] <= right[0] for left, right in pairwise(found))


def test_a_long_comment_is_cut_around_what_is_shared() -> None:
    text = "word " * 100 + "the trolley came late " + "word " * 100
    cut = rules.excerpt(text, ["trolley"])
    assert "trolley" in cut
    assert len(cut) < 280
    assert cut.startswith("… ")


@pytest.mark.parametrize("alike", [0.0, 0.31, 0.5, 0.99, 1.0])
def test_every_similarity_has_words(alike: float) -> None:
    assert rules.alike_words(alike)


def test_reasons_are_sentences() -> None:
    said = (
        rules.merge_reason((12, 20), (7, 15), ("late linen", "trolley")),
        rules.merge_reason((12, 20), (7, 15), ()),
        rules.split_reason(7, 13, (("soup",), ("porter",))),
        rules.split_reason(7, 13, ((), ())),
        rules.move_reason(1, 6, 8, ("soup",)),
        rules.move_reason(3, 5, 8, ()),
    )
    assert all(one[0].isupper() or one[0].isdigit() for one in said)
    assert all(one.endswith(".") for one in said)
