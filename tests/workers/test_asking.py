"""Whom to ask next is shared between the issues, and nobody is wanted for more than a round may hold."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from voc.breadth.estimates import Asking
from voc.core.policy import DEFAULT
from workers.asking import Budget, worth_of


def test_an_answer_that_may_turn_a_decision_is_worth_more() -> None:
    assert (
        worth_of(3, 9, 2, decides=True) > worth_of(3, 9, 2, decides=False) > worth_of(3, 4, 2, decides=False)
    )


def test_a_client_that_enough_more_telling_issues_want_waits() -> None:
    budget = Budget()
    wanted = [Asking(issue, 0, 10 * issue, decides=False, groups=(7,)) for issue in (1, 2, 3)]
    budget.know(wanted, {1: 1, 2: 1, 3: 1})
    assert budget.allowed(4, 5.0, [7, 8]) == [False, True]
    assert budget.allowed(4, 15.0, [7, 8]) == [True, True]
    assert budget.allowed(1, 10.0, [7]) == [True]


def test_who_rests_is_wanted_for_nothing() -> None:
    assert Budget(resting={7}).allowed(1, 99.0, [7, 8]) == [False, True]


def test_an_issue_that_counts_no_more_wants_nobody() -> None:
    budget = Budget(a_round=1)
    budget.know([Asking(1, 0, 99, decides=True, groups=(7,))], {})
    assert budget.allowed(2, 1.0, [7]) == [True]


@given(st.dictionaries(st.integers(1, 9), st.tuples(st.floats(0, 9), st.sets(st.integers(1, 6))), max_size=9))
def test_taken_in_order_of_worth_nobody_is_wanted_too_often(
    issues: dict[int, tuple[float, set[int]]],
) -> None:
    budget = Budget()
    asked: Counter[int] = Counter()
    for issue, (worth, wishes) in sorted(issues.items(), key=lambda one: (-one[1][0], one[0])):
        groups = sorted(wishes)
        may = budget.allowed(issue, worth, groups)
        taken = [group for group, is_free in zip(groups, may, strict=True) if is_free]
        budget.take(issue, worth, taken)
        asked.update(taken)
    assert all(number <= DEFAULT.questions_a_round for number in asked.values())
