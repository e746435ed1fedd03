"""Where new comments go: to the issue of their nearest, to one that people taught, or nowhere yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.joining import FOUNDING, Joined
from voc.core.principal import SYSTEM
from voc.issues import queries, service
from voc.issues.queries import Key, Placed
from voc.issues.rules import Placement, why_here
from voc.issues.ungrouped import Standing
from workers.memory import Memory
from workers.regroup import talk_among
from workers.scope import Scope
from workers.taught import unpacked

_UNTAUGHT = (
    0.5  # how near the middle of confirmed comments counts more than neighbours in an issue nobody taught
)
Floats = NDArray[np.float32]
Refused = frozenset[tuple[int, int, int]]
Where = tuple[Placement, str]


@dataclass(frozen=True, slots=True)
class Block:
    """Comments looked at together: those that join an issue, those that do not, and why."""

    fresh: Sequence[Placed]
    joined: Sequence[Placement]
    nowhere: Sequence[Placement]
    loose: Sequence[Standing]

    def known(self) -> list[Placed]:
        """Those that join, standing where they go."""
        issue_of = {one.comment_id: one.issue_id for one in self.joined}
        return [
            replace(one, issue_id=issue_of[one.comment_id])
            for one in self.fresh
            if one.comment_id in issue_of
        ]


def look_where(here: Scope, memory: Memory, keys: Sequence[Key]) -> Block:
    """Where the comments of these keys go by what is known now; each as if it came alone. Nothing is written."""
    with here.database.reading(SYSTEM) as session:
        found = queries.placed(session, keys, encoder=here.settings.encoder)
        comments = {(one.account_id, one.comment_id): one for one in found}
        refused = service.refused_pairs(session, keys)
    fresh = list(comments.values())
    vectors = unpacked([one.numbers for one in fresh])
    where = join_many(memory, fresh, vectors, refused)
    gone = [Placement(*key, None) for key in keys if key not in comments]
    return Block(
        fresh,
        [one for one, _ in where if one.issue_id is not None],
        [*(one for one, _ in where if one.issue_id is None), *gone],
        _standings(memory, fresh, vectors, [why for _, why in where]),
    )


def _standings(
    memory: Memory, fresh: Sequence[Placed], vectors: Floats, whys: Sequence[str]
) -> list[Standing]:
    """Why those that joined nothing did not, with the issues they are nearest to."""
    rows = [row for row, why in enumerate(whys) if why]
    near = memory.middles.nearest(vectors[rows])
    return [
        Standing(fresh[row].account_id, fresh[row].comment_id, whys[row], near_one)
        for row, near_one in zip(rows, near, strict=True)
    ]


def join(memory: Memory, one: Placed, vector: Floats, refused: Refused) -> Where:
    """Where a comment goes, and why it goes nowhere: "" where it goes somewhere, or nothing is known yet."""
    return join_many(memory, [one], vector[None], refused)[0]


def join_many(memory: Memory, some: Sequence[Placed], vectors: Floats, refused: Refused) -> list[Where]:
    """The same for many: each as if it came alone, none knows of the others."""
    # Praise makes no problem any wider; where a person was quicker, or nothing is known, there is nothing to do.
    asked = [
        row for row, one in enumerate(some) if memory.issues and one.issue_id is None and not one.is_praise
    ]
    found = memory.index.join_many(vectors[asked], [some[row].words for row in asked]) if asked else []
    alone = [some[row] for row, near in zip(asked, found, strict=True) if not near.neighbours]
    talk = frozenset(talk_among(alone)) if alone else frozenset()
    near_of = dict(zip(asked, found, strict=True))
    return [
        _where(memory, one, vectors[row], near_of.get(row), refused, talk) for row, one in enumerate(some)
    ]


def _where(
    memory: Memory,
    one: Placed,
    vector: Floats,
    found: Joined | None,
    refused: Refused,
    talk: frozenset[int],
) -> Where:
    nowhere = Placement(one.account_id, one.comment_id, None)
    if found is None:
        is_asked_for = memory.issues and one.issue_id is None
        return nowhere, "small_talk" if is_asked_for else ""
    if not found.neighbours:  # perhaps small talk: it joins nothing at once, the next look decides
        return nowhere, "small_talk" if one.comment_id in talk else "nothing_near"
    chosen = _chosen(memory, one, vector, found, refused)
    if chosen is None:
        return nowhere, "taken_out" if found.group is not None else "nothing_near"
    issue, score, learned_from = chosen
    return Placement(
        one.account_id, one.comment_id, issue, score, (_why(memory, found, issue, learned_from),)
    ), ""


def _chosen(
    memory: Memory, one: Placed, vector: Floats, found: Joined, refused: Refused
) -> tuple[int, float, int] | None:
    """Issue, score, and from how many confirmed comments that was learned (0: the neighbours decided)."""
    key, heads = (one.account_id, one.comment_id), memory.heads
    by_votes = next(
        (
            (issue, score)
            for issue, score in _voted(memory, found)
            if (*key, issue) not in refused and not heads.refuses(issue, vector)
        ),
        None,
    )
    claim = heads.claimant(vector)
    if claim is not None and (*key, claim[0]) not in refused:
        issue, near = claim
        known = heads.nearness(by_votes[0], vector) if by_votes else 0.0
        if by_votes is None or (by_votes[0] != issue and near > (_UNTAUGHT if known is None else known)):
            return issue, round(near, 4), heads.confirmed(issue)
    return (*by_votes, 0) if by_votes else None


def _voted(memory: Memory, found: Joined) -> list[tuple[int, float]]:
    """The issues of the nearest comments with their scores: the one that they vote for first."""
    if found.group is None:
        return []
    votes: dict[int, float] = {}
    total = sum(max(0.0, similarity) ** 3 for _, similarity in found.neighbours)
    for key, similarity in found.neighbours:
        if similarity >= FOUNDING and memory.issues.get(key, -1) not in {-1, found.group}:
            issue = memory.issues[key]
            votes[issue] = votes.get(issue, 0.0) + similarity**3
    others = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
    nearest = found.neighbours[0][1]
    return [
        (found.group, found.score),
        *((issue, round(nearest * vote / total, 4)) for issue, vote in others),
    ]


def _why(memory: Memory, found: Joined, issue: int, learned_from: int) -> str:
    """How many of the nearest comments stand there, or from how many confirmed ones that was learned."""
    near = sum(memory.issues.get(key) == issue for key, _ in found.neighbours)
    return why_here(near / len(found.neighbours), learned_from=learned_from)
