"""New comments join the group of their nearest neighbours, or found a new one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from usearch.index import BatchMatches, Index

from nlp.directions import STEP, Directions, directions
from nlp.small_talk import small_talk

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
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
THREADS = 2
"""Rows are looked for side by side; each finds the same as alone."""


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
        return self.join_many(vector[None], [text])[0]

    def join_many(self, vectors: Floats, texts: Sequence[str]) -> list[Joined]:
        """The same for many at once, as if each came alone: they do not meet each other."""
        if not len(vectors):
            return []
        if not self._groups or self._ways is None:
            return [Joined(None, 0.0, (), founds=True) for _ in vectors]
        near = self._near(self._ways.of(vectors), VOTERS)
        groups, agreement = self._vote(near)
        seen = [round(one, 4) for one in (self._stand_out(near) + AGREED * agreement).tolist()]
        talk = _talk(texts, (np.array(seen) < FOUNDING) | (agreement < SURE))
        rows = zip(groups.tolist(), agreement.tolist(), seen, near.pairs(), talk, strict=True)
        return [_joined(*row[:-1], is_talk=row[-1]) for row in rows]

    def _vote(self, near: "_Near") -> tuple[Ints, Numbers]:
        """For each row the group with most of the neighbours' weight (-1: none has any), and its share."""
        groups = np.array([[self._groups[key] for key in line] for line in near.keys.tolist()])
        weights = np.where(near.similarity > 0, near.similarity, 0) ** 3
        total = np.zeros(len(groups))
        votes = np.zeros(groups.shape)
        for at in range(groups.shape[1]):
            total += weights[:, at]
            votes += np.where(groups == groups[:, at, None], weights[:, at, None], 0)
        votes = np.where((groups >= 0) & (weights > 0), votes, 0)
        most = votes.max(axis=1)
        # Of groups with as much the one with the smallest number.
        leads = (votes == most[:, None]) & (most > 0)[:, None]
        chosen = np.where(leads, groups, np.iinfo(np.int64).max).min(axis=1)
        share = np.divide(most, total, out=np.zeros(len(most)), where=total > 0)
        return np.where(most > 0, chosen, -1), share

    def _near(self, rows: Floats, most: int) -> "_Near":
        """The nearest stored comments of each row with their cosine."""
        found = self._index.search(rows, min(most, len(self._groups)), threads=THREADS)
        keys = found.keys.reshape(len(rows), -1).astype(np.int64)
        similarity = np.round(1 - found.distances.reshape(len(rows), -1).astype(np.float64), 4)
        counts = found.counts if isinstance(found, BatchMatches) else [len(found)]
        missing = np.arange(keys.shape[1]) >= np.reshape(counts, (-1, 1))
        keys[missing], similarity[missing] = next(iter(self._groups)), 0.0  # no weight, hence no vote
        return _Near(keys, similarity, ~missing)

    def _stand_out(self, near: "_Near") -> Numbers:
        """How near the nearest are, less half of how near they are to others: crowds are near to everything."""
        there = near.is_there[:, :NEAREST]
        number = np.maximum(there.sum(axis=1), 1)
        usual = self._usual_of(near.keys[:, :NEAREST])
        return np.asarray(
            (near.similarity[:, :NEAREST] * there).sum(axis=1) / number
            - CROWDED * (usual * there).sum(axis=1) / number
        )

    def _usual_of(self, keys: Ints) -> Numbers:
        """The mean cosine of stored comments and their neighbours; known until a quarter more is stored."""
        if len(self._groups) > 1.25 * self._usual_at:
            self._usual, self._usual_at = {}, len(self._groups)
        asked = [key for key in np.unique(keys).tolist() if key not in self._usual]
        for start in range(0, len(asked), STEP):
            self._ask_usual(np.array(asked[start : start + STEP], dtype=np.int64))
        return np.array([[self._usual[key] for key in line] for line in keys.tolist()])

    def _ask_usual(self, keys: Ints) -> None:
        rows = np.asarray(self._index.get(keys.astype(np.uint64)), dtype=np.float32)
        near = self._near(rows, CROWD + 1)
        others = near.is_there & (near.keys != keys[:, None])
        means = (near.similarity * others).sum(axis=1) / np.maximum(others.sum(axis=1), 1)
        self._usual.update(zip(keys.tolist(), means.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Near:
    """For each row the stored comments nearest to it and how near, nearest first, and which of them are there at all."""

    keys: Ints
    similarity: Numbers
    is_there: NDArray[np.bool_]

    def pairs(self) -> Iterator[tuple[tuple[int, float], ...]]:
        """(comment, cosine) of each row's."""
        lines = zip(
            self.keys.tolist(), self.similarity.tolist(), self.is_there.sum(axis=1).tolist(), strict=True
        )
        return (tuple(zip(keys[:n], near[:n], strict=True)) for keys, near, n in lines)


def _talk(texts: Sequence[str], asked: NDArray[np.bool_]) -> list[bool]:
    """Whether each of those asked for is small talk: the others join whatever they are."""
    told = np.zeros(len(texts), dtype=np.bool_)
    rows = np.flatnonzero(asked)
    if len(rows):
        told[rows] = small_talk().of_texts([texts[row] for row in rows.tolist()])[0] >= VAGUE
    return told.tolist()


def _joined(
    group: int, agreement: float, seen: float, near: tuple[tuple[int, float], ...], *, is_talk: bool
) -> Joined:
    if is_talk and (seen < FOUNDING or agreement < SURE):
        return Joined(None, 0.0, (), founds=True, seen=seen)
    if group < 0 or seen < FOUNDING or agreement < MAJORITY:
        return Joined(None, max(0.0, near[0][1]), near, founds=True, seen=seen)
    return Joined(group, round(near[0][1] * agreement, 4), near, founds=False, seen=seen)


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
