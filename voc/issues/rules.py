"""Decides which issue a comment or a group of comments belongs to, on plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RULE_VERSION = "issues-1"
LEAST_COMMENTS = 3  # a group of fewer founds nothing: two alike may be chance (policy)
_SAME_SHARE = 0.5  # half of a group's placed comments in one issue: the group is that issue (policy)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one comment stands: `issue_id` None means not grouped yet."""

    account_id: int
    comment_id: int
    issue_id: int | None
    score: float | None = None
    reasons: tuple[str, ...] = ()


def root_of(issue_id: int, merged: Mapping[int, int]) -> int:
    """The issue that counts for `issue_id`, following merges; a circle ends where it began."""
    seen = {issue_id}
    while (after := merged.get(issue_id)) is not None and after not in seen:
        issue_id = after
        seen.add(after)
    return issue_id


def family_of(issue_id: int, merged: Mapping[int, int]) -> frozenset[int]:
    """The issue and all that were merged into it, directly or through others."""
    return frozenset({issue_id} | {child for child in merged if root_of(child, merged) == issue_id})


def issue_of_group(members: Sequence[int | None]) -> int | None:
    """Which known issue a fresh group is, given each member's issue or None; None founds a new one.

    A group is a known issue when at least half of its placed members stand there, and the placed
    ones are no chance few (a fifth of the group).
    """
    placed = Counter(issue for issue in members if issue is not None)
    if not placed:
        return None
    issue, number = placed.most_common(1)[0]
    enough = number >= _SAME_SHARE * placed.total() and 5 * placed.total() >= len(members)
    return issue if enough else None


def founds(members: Sequence[int | None]) -> bool:
    """Whether a fresh group becomes a new issue: nobody of it stands elsewhere in number, and it is no chance pair."""
    free = sum(1 for issue in members if issue is None)
    return issue_of_group(members) is None and free >= LEAST_COMMENTS
