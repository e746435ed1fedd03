"""Shares whom to ask next between the issues: nobody is wanted by more of them than one round may ask about."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from voc.breadth.estimates import Asking
from voc.core.policy import DEFAULT

_DECIDES = 4.0  # an answer that may still turn a decision is worth so many that cannot (policy)


def worth_of(low: float, high: float, severity: int, *, decides: bool) -> float:
    """What an answer about an issue is worth beside one about another: how much is open, times how much it hurts."""
    return (high - low) * severity * (_DECIDES if decides else 1.0)


@dataclass
class Budget:
    """Whom each issue would ask, held against what one person may be asked in a round.

    `resting` are clients whose people were all asked lately, or asked us not to. An issue whose answers are
    worth more comes first; the rest waits for the next round.
    """

    resting: Collection[int] = frozenset()
    a_round: int = DEFAULT.questions_a_round
    _wanted: dict[int, tuple[float, tuple[int, ...]]] = field(default_factory=dict)

    def know(self, asked: Sequence[Asking], severities: Mapping[int, int]) -> None:
        """Takes in what the stored estimates would ask; issues that count no more want nobody."""
        self._wanted = {
            one.issue_id: (
                worth_of(one.low, one.high, severities[one.issue_id], decides=one.decides), one.groups,
            )
            for one in asked
            if one.issue_id in severities
        }  # fmt: skip

    def allowed(self, issue_id: int, worth: float, groups: Sequence[int]) -> list[bool]:
        """Which of `groups` this issue may ask: those that rest, or are wanted for enough else, are left out."""
        taken: Counter[int] = Counter()
        for issue, (other, wanted) in self._wanted.items():
            if issue != issue_id and (other, -issue) > (worth, -issue_id):
                taken.update(wanted)
        full = {group for group, times in taken.items() if times >= self.a_round}
        blocked = full.union(self.resting)
        return [group not in blocked for group in groups] if blocked else [True] * len(groups)

    def take(self, issue_id: int, worth: float, groups: Sequence[int]) -> None:
        """Notes whom this issue asks now."""
        self._wanted[issue_id] = worth, tuple(groups)
