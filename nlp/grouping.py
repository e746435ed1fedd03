"""Similar comments into groups: numbers and words only, no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.gist import gist
from nlp.grouping_words import describe, shared_words, word_matrix
from nlp.joining import Joined, JoinIndex
from nlp.small_talk import CERTAIN, small_talk
from nlp.titles import title

__all__ = ["Groups", "JoinIndex", "Joined", "describe", "find_groups", "shared_words", "title"]

VERSION = "g2"
NEIGHBOURS = 8
STATIC_SHARE = 0.8
"""0.8 static + 0.2 tf-idf (understanding.md, Grouping)."""
UNGROUPED = -1
TALK_BAR = 0.5
"""A group whose mean small-talk score is higher is no matter: on the demo (seed 26, 2026-11-22) it dissolves 30 of
36 groups without an issue and none with one; on Banking77 (3,080) none."""
STRAY = 0.5
"""A member is left out when it is less than this as near to the others as members are on average.  Demo: purity of
0.8 for 19 instead of 15 issues, 4 % of comments left out; B-cubed on Banking77 0.569 to 0.573."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """`labels` has -1 where a comment is in no group; `score` in [0, 1] says how well each belongs."""

    labels: Ints
    score: Floats
    version: str


def find_groups(
    vectors: Floats,
    texts: Sequence[str],
    *,
    seed: int = 0,
    resolution: float | None = None,
    smallest: int = 2,
) -> Groups:
    """Group comments that speak of the same matter, the number of groups unknown; the others are -1.

    Small talk is set aside. The vectors of the rest are centred, joined with word overlap, linked to
    their 8 nearest and cut into communities (Louvain). Communities that are small talk as a whole
    dissolve, and members far from their group leave it. A higher `resolution` makes smaller groups;
    None chooses by size.
    """
    labels, score = np.full(len(texts), UNGROUPED, dtype=np.int64), np.zeros(len(texts), dtype=np.float32)
    least, mean = small_talk().of_texts(texts)
    kept = np.flatnonzero(least < CERTAIN)
    if len(kept) < smallest:
        return Groups(labels, score, VERSION)
    rows = joint_vectors(vectors[kept], [gist(texts[at]) for at in kept.tolist()])
    near, similarity = neighbours(rows, min(NEIGHBOURS, len(kept) - 1))
    found = communities(near, similarity, resolution=resolution or resolution_for(len(kept)), seed=seed)
    stays = holding(rows, found, mean[kept], smallest)
    labels[kept] = np.where(stays, found, UNGROUPED)
    score[kept] = np.where(stays, belonging(near, similarity, found), 0)
    return Groups(renumber(labels), score, VERSION)


def holding(rows: Floats, labels: Ints, talk: Floats, smallest: int) -> NDArray[np.bool_]:
    """Which rows stay in their group: near enough to its other members, of a group that holds."""
    sizes = np.bincount(labels)
    near = nearness(rows, labels)
    usual = np.bincount(labels, near) / np.maximum(sizes, 1)
    chatter = np.bincount(labels, talk) / np.maximum(sizes, 1)
    stays = (near >= STRAY * usual[labels]) & (chatter[labels] <= TALK_BAR)
    left = np.bincount(labels[stays], minlength=len(sizes))
    return np.asarray(stays & (left[labels] >= smallest))


def nearness(rows: Floats, labels: Ints) -> Floats:
    """The cosine of each row with the sum of the other members of its group."""
    sums = np.zeros((int(labels.max()) + 1, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, rows)
    others = sums[labels] - rows
    length = np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return np.asarray(np.einsum("ij,ij->i", others, rows) / length, dtype=np.float32)


def resolution_for(count: int) -> float:
    """The resolution for so many comments; fewer make fewer groups.

    B-cubed: demo 0.72 at 2.7 and 0.64 at 3.6 (1,370 comments); Banking77 0.528 at 3.6 and 0.508 at 4.8 (10,003).
    """
    return float(np.clip(3.6 * (count / 3000) ** 0.4, 1.0, 3.6))


def centred(vectors: Floats) -> Floats:
    """Vectors without their mean, at length 1: it makes similarities comparable between fields."""
    moved = vectors - vectors.mean(axis=0)
    return np.asarray(
        moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )


def joint_vectors(vectors: Floats, texts: Sequence[str]) -> Floats:
    """Centred vectors beside projected word features, so that one dot product weighs both."""
    words = word_matrix(texts)
    return np.hstack([np.sqrt(STATIC_SHARE) * centred(vectors), np.sqrt(1 - STATIC_SHARE) * words]).astype(
        np.float32
    )


def neighbours(rows: Floats, k: int) -> tuple[Ints, Floats]:
    """The k nearest other rows by dot product, nearest first, and how near."""
    near = np.empty((len(rows), k), dtype=np.int64)
    similarity = np.empty((len(rows), k), dtype=np.float32)
    for at in range(0, len(rows), 1024):
        dots = rows[at : at + 1024] @ rows.T
        line = np.arange(len(dots))
        dots[line, line + at] = -2
        top = np.argpartition(-dots, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(dots, top, axis=1), axis=1, kind="stable")
        near[at : at + 1024] = np.take_along_axis(top, order, axis=1)
        similarity[at : at + 1024] = np.take_along_axis(dots, near[at : at + 1024], axis=1)
    return near, similarity


def communities(near: Ints, similarity: Floats, *, resolution: float, seed: int) -> Ints:
    """Louvain communities of the neighbour graph."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only the group worker has it in memory
    from sknetwork.clustering import Louvain  # noqa: PLC0415 - only the group worker has it in memory

    count, k = near.shape
    weight = np.clip(similarity, 0.01, None).ravel() ** 2
    graph = csr_matrix((weight, near.ravel(), np.arange(0, count * k + 1, k)), shape=(count, count))
    graph = graph + graph.T
    found = Louvain(resolution=resolution, random_state=seed).fit_predict(graph)
    return np.asarray(found, dtype=np.int64)


def belonging(near: Ints, similarity: Floats, labels: Ints) -> Floats:
    """The share of a comment's neighbour weight that lies in its own group."""
    weight = np.clip(similarity, 0.01, None)
    same = labels[near] == labels[:, None]
    return np.asarray((weight * same).sum(axis=1) / weight.sum(axis=1), dtype=np.float32)


def renumber(labels: Ints) -> Ints:
    """Groups counted from 0, the largest first; -1 stays."""
    sizes = Counter(labels[labels >= 0].tolist())
    place = {label: at for at, (label, _) in enumerate(sizes.most_common())}
    return np.array([place.get(label, UNGROUPED) for label in labels.tolist()], dtype=np.int64)
