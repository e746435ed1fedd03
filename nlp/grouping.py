"""Similar comments into groups: numbers and words only, no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.grouping_words import describe, shared_words, word_matrix
from nlp.joining import Joined, JoinIndex
from nlp.titles import title

__all__ = ["Groups", "JoinIndex", "Joined", "describe", "find_groups", "shared_words", "title"]

VERSION = "g1"
NEIGHBOURS = 8
STATIC_SHARE = 0.8
"""0.8 static + 0.2 tf-idf (understanding.md, Grouping)."""
UNGROUPED = -1

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
    """Group comments that speak of the same matter, the number of groups unknown.

    The vectors are centred, joined with word overlap, linked to their 8 nearest and cut into
    communities (Louvain). A higher `resolution` makes smaller groups; None chooses by size.
    """
    count = len(texts)
    if count < smallest:
        return Groups(np.full(count, UNGROUPED), np.zeros(count, dtype=np.float32), VERSION)
    near, similarity = neighbours(joint_vectors(vectors, texts), min(NEIGHBOURS, count - 1))
    labels = communities(near, similarity, resolution=resolution or resolution_for(count), seed=seed)
    score = belonging(near, similarity, labels)
    sizes = np.bincount(labels)
    labels = np.where(sizes[labels] >= smallest, labels, UNGROUPED)
    return Groups(renumber(labels), np.where(labels >= 0, score, 0).astype(np.float32), VERSION)


def resolution_for(count: int) -> float:
    """The resolution that keeps groups of about the same meaning as comments grow in number."""
    return float(np.clip(4.0 * (count / 3000) ** 0.15, 2.0, 6.0))


def centred(vectors: Floats) -> Floats:
    """Vectors without their mean, at length 1: it makes similarities comparable between fields."""
    moved = vectors - vectors.mean(axis=0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def joint_vectors(vectors: Floats, texts: Sequence[str]) -> Floats:
    """Centred vectors beside projected word features, so that one dot product weighs both."""
    words = word_matrix(texts)
    return np.hstack([np.sqrt(STATIC_SHARE) * centred(vectors), np.sqrt(1 - STATIC_SHARE) * words]).astype(np.float32)


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
