"""Groups keep the ids of the issues they were, and merges never run in circles."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voc.issues.rules import Member, assign_groups, family_of, root_of

MERGED = st.dictionaries(st.integers(1, 9), st.integers(1, 9))


@given(st.integers(1, 9), MERGED)
def test_following_merges_ends_even_in_a_circle(issue: int, merged: dict[int, int]) -> None:
    root = root_of(issue, merged)
    assert issue in family_of(root, merged) or root in merged  # only a circle has no end of its own


@given(st.integers(1, 9), st.permutations(range(1, 10)))
def test_everyone_in_a_family_has_the_same_root(issue: int, order: list[int]) -> None:
    merged = dict(pairwise(order))
    root = root_of(issue, merged)
    assert root == order[-1]
    assert family_of(root, merged) == frozenset(order)


def stand(issue: int | None, number: int, *, touched: bool = False) -> list[Member]:
    return [Member(issue, touched)] * number


def test_a_group_takes_over_the_untouched_issue_it_shares_most_with() -> None:
    assert assign_groups([stand(7, 5) + stand(None, 4), stand(7, 2) + stand(8, 1)]) == [7, 8]


def test_a_touched_issue_keeps_its_group_and_may_have_several() -> None:
    groups = [stand(7, 3, touched=True) + stand(None, 5), stand(7, 2, touched=True)]
    assert assign_groups(groups) == [7, 7]


def test_a_few_strays_do_not_make_a_large_group_theirs() -> None:
    assert assign_groups([stand(7, 1, touched=True) + stand(None, 20)]) == [None]


def test_a_group_of_strangers_is_new() -> None:
    assert assign_groups([stand(None, 9)]) == [None]


MEMBERS = st.lists(
    st.builds(Member, st.one_of(st.none(), st.integers(1, 5)), st.just(False)), min_size=1, max_size=9
)


@given(st.lists(MEMBERS, max_size=6))
def test_no_untouched_issue_goes_to_two_groups(groups: list[list[Member]]) -> None:
    given_away = [issue for issue in assign_groups(groups) if issue is not None]
    assert len(given_away) == len(set(given_away))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True))
def test_the_same_groups_again_are_the_same_issues(issues: list[int]) -> None:
    groups = [stand(issue, 3 + place) + stand(None, 2) for place, issue in enumerate(issues)]
    assert assign_groups(groups) == issues
