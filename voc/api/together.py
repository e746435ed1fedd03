"""Single posts that arrive at once share one transaction: eight comments then cost little more than one.

Nobody waits for company: whoever comes first goes at once with all who wait by then, and when its
transaction is stored, one of those who came meanwhile goes next. Each request is answered after the
commit that holds its comment.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from voc.core.errors import Unavailable

MOST_TOGETHER = 100
T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False)
class _Waiting(Generic[T, R]):
    """One request's part: `woken` when its answer is there, or when it is to lead."""

    call: T
    woken: threading.Event = field(default_factory=threading.Event)
    answer: R | None = None
    error: BaseException | None = None
    leads: bool = False


class Together(Generic[T, R]):
    """Runs `work` on the calls of several threads at once; `work` answers each in order, or raises for all."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[T, R]] = []
        self._busy = False

    def run(self, call: T) -> R:
        """The answer to `call`; what `work` raises for it is raised here."""
        mine = _Waiting[T, R](call)
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._busy = not self._busy, True
        if not mine.leads:
            mine.woken.wait()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.answer  # type: ignore[return-value]  # set together with `woken`

    def _lead(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
        try:
            self._serve(taken)
        finally:
            self._hand_over()
            for one in taken:
                one.woken.set()

    def _serve(self, taken: Sequence[_Waiting[T, R]]) -> None:
        try:
            answers = self._work([one.call for one in taken])
        except Unavailable as error:
            for one in taken:
                one.error = error
        except Exception as error:  # noqa: BLE001 - one bad call must not take the others with it
            if len(taken) == 1:
                taken[0].error = error
                return
            for one in taken:
                self._serve([one])
        else:
            for one, answer in zip(taken, answers, strict=True):
                one.answer = answer

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()
            else:
                self._busy = False
