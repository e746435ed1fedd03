"""Decides which issue a comment or a group of comments belongs to, on plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

RULE_VERSION = "issues-1"
LEAST_COMMENTS = 3  # a group of fewer founds nothing: two alike may be chance (policy)
_CONCERN_SHARE = 0.3  # demo of seed 26, 2026-11-22: all 29 issues that people confirmed pass (28 without the clients' ticks), 1 group of chatter of 7
LEAST_CLIENTS = 2  # recurring at two (policy defaults in model.md)
_LATE_CONCERN = (
    0.4  # demo seeds 26, 5, 11, 2026-11-22: at 0.3 twice as much chatter in issues, one matter more
)
_FEW = 30  # fewer new comments than this never start a new look (policy)
_GROWN = 0.2  # nor fewer than this share of what the last look saw (policy)
_LEFT = 0.02  # while more than this share of the new ones still waits to be read, the look waits for them (policy)
WINDOW = 100_000  # the newest comments, which the index holds and a look sees: so many are looked at even then (model.md)
MOST_READING = int(_LEFT * WINDOW) + 1  # more than this being read is no different for a look
LOOKS_APART = timedelta(
    minutes=15
)  # while a file is read no look begins sooner after the last: each takes the time of tens of thousands of readings (policy)
BACKLOG = (
    1000  # so many that wait to join are taken at once; more are a backlog, which joins in blocks (policy)
)
_SAME_SHARE = 0.5  # half of a group's touched comments in one issue: the group is that issue (policy)
_PORTIONS = (
    (0.95, "all"),
    (0.7, "nearly all of"),
    (0.55, "most of"),
    (0.4, "about half of"),
    (0.0, "some of"),
)
_STRAYS = 5  # fewer than a fifth of the group are strays (policy)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one comment stands: `issue_id` None means not grouped yet."""

    account_id: int
    comment_id: int
    issue_id: int | None
    score: float | None = None
    reasons: tuple[str, ...] = ()


def is_issue(free: int, concerns: int) -> bool:
    """Whether a new group is an issue: enough comments, and enough of them say that something hurts.

    Thanks, small talk and questions come in groups too; they stay "not grouped yet".
    """
    return free >= LEAST_COMMENTS and concerns >= _CONCERN_SHARE * free


def is_leftover_issue(comments: int, clients: int, concerns: int) -> bool:
    """Whether what a look left over, and is alike, is an issue: said by two clients, and four in ten say that it hurts."""
    return comments >= LEAST_COMMENTS and clients >= LEAST_CLIENTS and concerns >= _LATE_CONCERN * comments


def is_look_due(seen: int, before: int, reading: int, *, rests: bool = False) -> bool:
    """Whether all comments should be looked over for groups again.

    Args:
        seen: comments that can be grouped now.
        before: how many there were at the last look.
        reading: comments that are still being read: while a file comes in the look waits for all of it.
        rests: whether the last look was a short time ago: then another waits for the end of the file, however long.
    """
    fresh = seen - before
    return is_look_near(seen, before) and (
        reading <= max(_FEW, _LEFT * fresh) or (fresh >= WINDOW and not rests)
    )


def is_too_early(reading: int, *, rests: bool) -> bool:
    """Whether so many are still being read that no look is due, however many are new: as `is_look_due` would say."""
    return rests and reading > max(_FEW, _LEFT * WINDOW)


def is_look_near(seen: int, before: int) -> bool:
    """Whether so much is new that a look comes as soon as all is read; none need join one by one before it.

    Args:
        seen: comments that can be grouped or are being read.
        before: how many there were at the last look.
    """
    return seen - before >= look_after(before)


def look_after(before: int) -> float:
    """How many new comments make a new look."""
    return max(_FEW, _GROWN * min(before, WINDOW))


def why_here(share: float, *, learned_from: int = 0) -> str:
    """How sure the machine was of putting a comment here; which words tie it to the others is found when it is shown.

    Args:
        share: how much of what is most like it stands in the issue, in [0, 1].
        learned_from: comments people confirmed here, when it was their word and not the neighbours that decided.
    """
    if learned_from == 1:
        return "Reads like the comment that people confirmed here."
    if learned_from:
        return f"Reads like the {learned_from} comments that people confirmed here."
    portion = next(words for least, words in _PORTIONS if share >= least)
    return f"{portion[0].upper()}{portion[1:]} the comments most like it stand here."


def and_words(words: Sequence[str]) -> str:
    """“linen”, “late” and “trolley”."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def why_left(free: int, clients: int) -> str:
    """The reason why a group that is no issue is none: "one_client", "few" or "no_concern"."""
    if free < LEAST_COMMENTS:
        return "one_client" if clients == 1 else "few"
    return "no_concern"


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


@dataclass(frozen=True, slots=True)
class Member:
    """One comment of a fresh group: the issue it stands in now, if any, and whether people have touched that issue."""

    issue_id: int | None
    is_touched: bool


def assign_groups(
    groups: Sequence[Sequence[Member]], *, taken: frozenset[int] = frozenset()
) -> list[int | None]:
    """Which known issue each fresh group is; None where it is a new one.

    A group is an issue that people touched when half of its touched members stand there. Otherwise it
    takes over the untouched issue it shares most comments with, so that ids stay when data grows; no
    untouched issue goes to two groups, nor one of `taken` to any.
    """
    found: list[int | None] = [_touched_issue(members) for members in groups]
    overlaps = sorted(
        (
            (number, -issue, place)
            for place, members in enumerate(groups)
            if found[place] is None
            for issue, number in _untouched(members).items()
        ),
        reverse=True,
    )
    gone = set(taken)
    for _, negative, place in overlaps:
        issue = -negative
        if found[place] is None and issue not in gone:
            found[place] = issue
            gone.add(issue)
    return found


def _touched_issue(members: Sequence[Member]) -> int | None:
    placed = Counter(one.issue_id for one in members if one.issue_id is not None and one.is_touched)
    if not placed:
        return None
    issue, number = placed.most_common(1)[0]
    # A few strays of a touched issue do not make a large new group that issue.
    return (
        issue if number >= _SAME_SHARE * placed.total() and _STRAYS * placed.total() >= len(members) else None
    )


def _untouched(members: Sequence[Member]) -> Counter[int]:
    return Counter(one.issue_id for one in members if one.issue_id is not None and not one.is_touched)
