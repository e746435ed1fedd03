"""Calls that arrive at once are served together, each with its own answer."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from voc.api.together import MOST_TOGETHER, Together
from voc.core.errors import Unavailable

HELP_COMES_WITHIN_SECONDS = 10


class Served:
    """Doubles numbers; the first round waits until the others have queued up behind it."""

    def __init__(self, *, bad: int | None = None) -> None:
        self.rounds: list[list[int]] = []
        self.began, self.go = threading.Event(), threading.Event()
        self.bad = bad

    def __call__(self, calls: Sequence[int]) -> list[int]:
        self.rounds.append(list(calls))
        self.began.set()
        self.go.wait(HELP_COMES_WITHIN_SECONDS)
        if self.bad in calls:
            raise ValueError("bad")
        return [2 * call for call in calls]


def run_all(served: Served, numbers: Sequence[int]) -> list[int | str]:
    together: Together[int, int] = Together(served)

    def one(number: int) -> int | str:
        try:
            return together.run(number)
        except ValueError:
            return "refused"

    with ThreadPoolExecutor(len(numbers) + 1) as threads:
        first = threads.submit(one, 0)
        assert served.began.wait(HELP_COMES_WITHIN_SECONDS)
        others = [threads.submit(one, number) for number in numbers]
        while len(together._waiting) < len(numbers):
            threading.Event().wait(0.001)
        served.go.set()
        return [first.result(), *(other.result() for other in others)]


def test_a_single_call_goes_at_once() -> None:
    served = Served()
    served.go.set()
    assert Together(served).run(3) == 6
    assert served.rounds == [[3]]


def test_all_who_wait_go_together_and_get_their_own_answer() -> None:
    served = Served()
    assert run_all(served, range(1, 9)) == [2 * number for number in range(9)]
    assert [len(one) for one in served.rounds] == [1, 8]


def test_one_bad_call_does_not_take_the_others_with_it() -> None:
    assert run_all(Served(bad=3), range(1, 6)) == [0, 2, 4, "refused", 8, 10]


def test_when_the_database_is_away_all_are_told() -> None:
    def away(_calls: Sequence[int]) -> list[int]:
        raise Unavailable("away")

    together: Together[int, int] = Together(away)
    for _ in range(2):
        with pytest.raises(Unavailable):
            together.run(1)


def test_never_more_than_a_hundred_at_once() -> None:
    served = Served()
    run_all(served, range(1, 131))
    assert max(len(one) for one in served.rounds) == MOST_TOGETHER
    assert sum(len(one) for one in served.rounds) == 131
