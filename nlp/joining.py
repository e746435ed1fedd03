"""New comments join the group of their nearest neighbours, or found a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from nlp.directions import STEP, Directions, directions
from nlp.small_talk import small_talk

Floats = NDArray[np.float32]
VOTERS = 8
NEAREST = 2
CROWD = 16
"""A neighbour's usual nearness is the mean over so many of its own neighbours."""
CROWDED, AGREED = 0.5, 0.15
"""How much usual nearness takes away from "seen before" and how much it adds that the neighbours are in one group; AUROC
(2026-11-22, half of the labels new) of 38 intents of Banking77's test part, the demo's seed 26 and NLU++: 0.911, 0.930,
0.704 with what tells the stored groups apart, 0.905, 0.918, 0.706 without; by the nearest alone 0.893, 0.918, 0.712."""
FOUNDING = 0.23
"""Below this a comment is new: with half stored (2026-11-22), at 0.20 and 0.26 97 and 93 % of the other half of 38 intents
join, 89 and 83 % of the demo's (seed 26) issue comments, and 41 and 38 % of those without an issue."""
VAGUE, SURE = 0.6, 0.6
"""Small talk from this score joins nothing at once unless this share of its nearest agree; the next look over all
comments may still place it."""
MAJORITY = 0.5
"""Nor does a comment join at once where less of its neighbours' weight agrees: half grouped and the rest joined agree with
all grouped at once (2026-11-22) by 0.828 for 0.820 on 38 intents (1,520), 0.763 for 0.718 and 0.801 for 0.740 on the demo
(seeds 26 and 5), 0.800 for 0.754 on NLU++; 0.4 and 0.6 do nearly the same."""
FEW = 50


@dataclass(frozen=True, slots=True)
class Joined:
    """Where a comment goes: `group` None when it founds one; `score` in [0, 1]; neighbours nearest first."""

    group: int | None
    score: float
    neighbours: tuple[tuple[int, float], ...]
    founds: bool
    seen: float = 0.0
    """How surely something like it was said before; any size, comparable within one installation."""


class JoinIndex:
    """The stored comments by vector, with the group of each; an approximate index of int8 vectors."""

    def __init__(self) -> None:
        self._index = Index(
            ndim=256, metric="cos", dtype="i8", connectivity=12, expansion_add=32, expansion_search=64
        )
        self._groups: dict[int, int] = {}
        self._usual: dict[int, float] = {}
        self._usual_at = 0
        self._ways: Directions | None = None

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, ids: Sequence[int], vectors: Floats, groups: Sequence[int]) -> None:
        """Store comments with their groups (-1 for none); the first call says what tells the matters apart."""
        if not len(ids):
            return
        if self._ways is None:
            self._ways = _ways_of(vectors, np.asarray(groups, dtype=np.int64))
        for at in range(0, len(ids), STEP):  # in parts: of a whole window a copy holds 80 MB
            self._index.add(
                np.array(ids[at : at + STEP], dtype=np.uint64), self._ways.of(vectors[at : at + STEP])
            )
        self._groups.update(zip(map(int, ids), map(int, groups), strict=True))

    def regroup(self, ids: Sequence[int], groups: Sequence[int]) -> None:
        """Change the groups of stored comments."""
        self._groups.update(
            (int(one), int(group)) for one, group in zip(ids, groups, strict=True) if one in self._groups
        )

    def join(self, vector: Floats, text: str) -> Joined:
        """The group that at least half of the nearest comments are in, weighted by similarity.

        Small talk and texts that name nothing join only where nearly all agree; else they have no neighbours.
        """
        if not self._groups or self._ways is None:
            return Joined(None, 0.0, (), founds=True)
        near = self._near(self._ways.of(vector[None])[0], VOTERS)
        group, agreement = self._vote(near)
        seen = round(self._stands_out(near[:NEAREST]) + AGREED * agreement, 4)
        if small_talk().of_texts([text])[0][0] >= VAGUE and (seen < FOUNDING or agreement < SURE):
            return Joined(None, 0.0, (), founds=True, seen=seen)
        if group is None or seen < FOUNDING or agreement < MAJORITY:
            return Joined(None, max(0.0, near[0][1]), near, founds=True, seen=seen)
        return Joined(group, round(float(near[0][1] * agreement), 4), near, founds=False, seen=seen)

    def _vote(self, near: Sequence[tuple[int, float]]) -> tuple[int | None, float]:
        """The group with most of the neighbours' weight, and its share."""
        votes: dict[int, float] = {}
        for key, similarity in near:
            if similarity > 0:
                votes[self._groups[key]] = votes.get(self._groups[key], 0.0) + similarity**3
        total = sum(votes.values())
        votes.pop(-1, None)
        group, weight = max(votes.items(), key=lambda one: (one[1], -one[0]), default=(None, 0.0))
        return group, weight / total if total else 0.0

    def _near(self, row: Floats, most: int) -> tuple[tuple[int, float], ...]:
        """The nearest stored comments with their cosine."""
        found = self._index.search(row, min(most, len(self._groups)), threads=1)
        return tuple(
            (int(key), round(1 - float(far), 4)) for key, far in zip(found.keys, found.distances, strict=True)
        )

    def _stands_out(self, near: Sequence[tuple[int, float]]) -> float:
        """How near the nearest are, less half of how near they are to others: crowds are near to everything."""
        usual = float(np.mean([self._usual_of(key) for key, _ in near]))
        return float(np.mean([similarity for _, similarity in near])) - CROWDED * usual

    def _usual_of(self, key: int) -> float:
        """The mean cosine of a stored comment and its neighbours; known until a quarter more is stored."""
        if len(self._groups) > 1.25 * self._usual_at:
            self._usual, self._usual_at = {}, len(self._groups)
        if key not in self._usual:
            row = np.asarray(self._index.get(key), dtype=np.float32)
            others = [similarity for other, similarity in self._near(row, CROWD + 1) if other != key]
            self._usual[key] = float(np.mean(others)) if others else 0.0
        return self._usual[key]


def _ways_of(vectors: Floats, groups: NDArray[np.int64]) -> Directions:
    """What tells the stored groups apart; of few comments nothing is known."""
    if len(vectors) < FEW:
        return Directions(np.zeros(256, dtype=np.float32), np.eye(256, dtype=np.float32))
    grouped = groups >= 0
    names, numbers = np.unique(groups[grouped], return_inverse=True)
    if len(names) < 2:  # noqa: PLR2004 - nothing to tell apart
        return Directions(vectors.mean(axis=0), np.eye(256, dtype=np.float32))
    stands = vectors if grouped.all() else vectors[grouped]
    return replace(directions(stands, [numbers]), middle=vectors.mean(axis=0))
