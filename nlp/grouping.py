"""Similar comments into groups: numbers and words only, no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

from nlp.directions import STEP, Directions, directions, standing_apart, sums
from nlp.grouping_words import WORD_DIMENSIONS, WordCounts, describe, word_matrix
from nlp.joining import Joined, JoinIndex
from nlp.lean import SetAside, give_back, let_go
from nlp.nearest import neighbours, neighbours_about, neighbours_in, own_share
from nlp.said import Said
from nlp.seams import holding_together, link_graph
from nlp.small_talk import CERTAIN
from nlp.titles import title

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Groups", "JoinIndex", "Joined", "describe", "find_groups", "title"]

VERSION = "g8"
STATIC_SHARE = 0.65
"""0.65 static + 0.35 tf-idf with the rarity of this very field; the mean B-cubed of 38 intents of Banking77 (its test and
its training part) and of the demo's seeds 26, 5 and 11 (2026-11-22): 0.671 at 0.55, 0.658 at 0.65, 0.637 at 0.75, and
0.651 with the rarity of the encoder's corpus."""
LINKS = 10
MANY = 3000
"""From here more comments mean more about each matter, hardly more matters."""
SOME = 2500
"""Of more than `MANY`, so many say how all lie."""
SCALES = (1.0, 3.0, 8.0)
"""Resolutions of the first groupings: coarse ones put neighbouring matters of a dense field together (Banking77, 3,080:
0.54 with 1 alone), fine ones cut a matter of a thin field in pieces (demo: 0.72 with 3 alone, 0.75 with all)."""
GRAINS = (1.0, 1.5, 2.0, 3.0)
"""Resolutions tried; the finest is taken whose groups stand apart as well as any, but for `SLACK`.  Mean B-cubed
(2026-11-22) of 38 intents of Banking77 (1,520; 4,968; its half; 12 of them twice), the demo's seeds 26 and 5, NLU++ and
a mixture of two: 0.68 with one grouping at a resolution chosen by size (g3), 0.75 so."""
SLACK = 0.03
UNGROUPED = -1
TALK_BAR = 0.5
"""A group whose mean small-talk score is higher is no matter: on the demo (seed 26, 2026-11-22) it dissolves 30 of
36 groups without an issue and none with one; on Banking77 (3,080) none."""
APART = 0.0
"""A group whose members are on average nearer to another group is leftovers: one in each of the demo's seeds 26 and 5 and
of 38 intents (1,520), of which 44, 53 and 63 % were of one matter, against 80 to 100 % (2026-11-22)."""
STRAY = 0.5
"""A member is left out when it is less than this as near to the others as members are on average: mean B-cubed of the
sets of `GRAINS` (2026-11-22) 0.740 at 0.35, 0.739 at 0.5, 0.728 at 0.6; more makes purer groups."""
COPIES = 10
"""Of comments in the very same words so many are grouped, the others follow them. More would be each other's nearest all:
which of them is chance, so that a crowd of them fell apart (400 of each of eight sentences: 3 to 5 groups of 8 stood)."""
VOTERS, NEAREST = 8, 3
_WARM = 64
LATE_AGREED, LATE_NEAR = 0.6, 0.6
"""Small talk and texts that name nothing join a group when this share of their nearest is in it, and these are this near
beside the usual: B-cubed of 38 intents (1,520; 4,968), demo 26 and 5 and NLU++ +0.013, +0.015, +0.011, +0.005, +0.036;
2 of 119 and 2 of 110 comments of the demo without an issue join (2026-11-22)."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Vectors = Floats | NDArray[np.float16]
"""As they are reckoned with, or as they are stored."""


@dataclass(frozen=True, slots=True)
class Groups:
    """`labels` has -1 where a comment is in no group; `score` in [0, 1] says how well each belongs."""

    labels: Ints
    score: Floats
    version: str


def find_groups(
    vectors: Vectors,
    texts: Sequence[str] | Said,
    *,
    seed: int = 0,
    resolution: float | None = None,
    smallest: int = 2,
) -> Groups:
    """Group comments that speak of the same matter, the number of groups unknown; the others are -1.

    Small talk and texts that name nothing are set aside; they make no group, and join one only where
    their nearest agree. The vectors of the rest are centred and joined with word overlap. First
    groupings say in which directions comments of one matter differ, and these count less in the
    last: each comment is linked to its 10 to 20 nearest, and the links are cut into communities
    (Louvain). Communities that are small talk or leftovers as a whole dissolve, and members far from
    their group leave it; what is left is cut where it comes apart (nlp.seams). A higher `resolution` makes smaller groups; None chooses the one whose groups stand apart.
    """
    with threadpool_limits(limits=1):  # a second thread mostly waits, and burns a core while it does
        return _groups_of(vectors, texts, seed=seed, resolution=resolution, smallest=smallest)


def _groups_of(
    vectors: Vectors, texts: Sequence[str] | Said, *, seed: int, resolution: float | None, smallest: int
) -> Groups:
    labels, score = np.full(len(texts), UNGROUPED, dtype=np.int64), np.zeros(len(texts), dtype=np.float32)
    said = texts if isinstance(texts, Said) else Said.of(texts)
    kept = np.flatnonzero(said.least < CERTAIN)
    kept, more = apart_from_copies(said.words, kept)
    if len(kept) < max(smallest, 2):
        return Groups(labels, score, VERSION)
    late = np.flatnonzero((said.least >= CERTAIN) & said.is_any)
    order = np.concatenate([kept, late])  # so that both are views: of 100,000 a copy holds 150 MB
    rows = joint_vectors(vectors, said.take_words(), order)
    let_go(vectors)
    give_back()
    first = look_first(rows[: len(kept)], resolution, seed)
    first.ways.turn_in_place(rows)
    near, similarity = linked(rows[: len(kept)], links_for(len(kept)), first.middles)
    aside = SetAside(rows)
    del rows
    give_back()
    graph = link_graph(near, similarity)
    give_back()
    found = cut_in_communities(graph, resolution=first.resolution, seed=seed)
    give_back()
    rows = aside.again()
    known, vague = rows[: len(kept)], rows[len(kept) :]
    stays = holding(known, found, said.mean[kept], smallest)
    found = np.where(stays, found, UNGROUPED)
    found = holding_together(known, near, similarity, found, graph)
    del graph
    labels[kept] = found
    score[kept] = own_share(near, similarity, found)
    follow(labels, score, kept, more)
    usual = float(similarity[:, :NEAREST].mean())
    labels[late], score[late] = join_late(vague, known, labels[kept], usual)
    return Groups(renumber(labels), score, VERSION)


@dataclass(frozen=True, slots=True)
class More:
    """Texts that follow others in the same words; `words` is one number for all copies, `of_kept` that of the first ones."""

    texts: Ints
    words: Ints
    of_kept: Ints


def apart_from_copies(words: WordCounts, rows: Ints) -> tuple[Ints, More]:
    """Of these texts those that are grouped, and the copies beyond `COPIES` of each."""
    seen: dict[bytes, int] = {}
    same = np.array([seen.setdefault(words.mark(at), len(seen)) for at in rows.tolist()], dtype=np.int64)
    order = np.argsort(same, kind="stable")
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) - np.searchsorted(same[order], same[order])
    stays = rank < COPIES
    return rows[stays], More(rows[~stays], same[~stays], same[stays])


def follow(labels: Ints, score: Floats, kept: Ints, more: More) -> None:
    """Gives further copies the group in which most of the first ones stand, and their mean score there."""
    leaders = kept[np.isin(more.of_kept, more.words)]
    told = more.of_kept[np.isin(more.of_kept, more.words)]
    pairs, place, counts = np.unique(
        np.stack([told, labels[leaders]]), axis=1, return_inverse=True, return_counts=True
    )
    means = np.bincount(place, score[leaders]) / counts
    order = np.lexsort((-counts, pairs[0]))
    best = order[np.unique(pairs[0][order], return_index=True)[1]]
    chosen = best[np.searchsorted(pairs[0][best], more.words)]
    labels[more.texts], score[more.texts] = pairs[1][chosen], means[chosen]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """In which directions matters stand apart, how finely to cut them, and the middles of first groups."""

    ways: Directions
    resolution: float
    middles: Floats


def look_first(rows: Floats, resolution: float | None, seed: int) -> FirstLook:
    """What groupings of these rows say about all; of many, `SOME` of them spread evenly."""
    count = len(rows) if len(rows) <= MANY else SOME
    few = rows[np.linspace(0, len(rows) - 1, count).round().astype(np.int64)]
    links = linked(few, LINKS)
    first = [communities(*links, resolution=one, seed=seed) for one in SCALES]
    ways = directions(few, first)
    turned = ways.of(few)
    if resolution is None:
        resolution = grain(few, *linked(turned, LINKS), seed=seed)
    middles = sums(turned, first[1])
    return FirstLook(
        ways, resolution, middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9)
    )


def linked(rows: Floats, links: int, middles: Floats | None = None) -> tuple[Ints, Floats]:
    """The nearest of each row, as many as there are up to `links`; of many rows those about the same middles."""
    if middles is None or len(rows) <= MANY:
        return neighbours(rows, min(links, len(rows) - 1))
    return neighbours_about(rows, links, middles)


def grain(rows: Floats, near: Ints, similarity: Floats, *, seed: int) -> float:
    """The finest resolution whose groups stand apart as well as those of any other."""
    cut = [communities(near, similarity, resolution=one, seed=seed) for one in GRAINS]
    apart = [float(standing_apart(rows, labels).mean()) for labels in cut]
    return max(one for one, found in zip(GRAINS, apart, strict=True) if found >= max(apart) - SLACK)


def join_late(rows: Floats, known: Floats, labels: Ints, usual: float) -> tuple[Ints, Floats]:
    """The groups that texts too vague to make one join: most of their nearest agree, and are near enough."""
    if not len(rows) or len(known) < VOTERS:
        return np.full(len(rows), UNGROUPED, dtype=np.int64), np.zeros(len(rows), dtype=np.float32)
    near, similarity = neighbours_in(known, rows, VOTERS)
    weight = np.clip(similarity, 0.01, None)
    groups = labels[near]
    votes = np.stack([(weight * (groups == groups[:, [at]])).sum(axis=1) for at in range(VOTERS)], axis=1)
    chosen, line = votes.argmax(axis=1), np.arange(len(rows))
    agreed = votes[line, chosen] / weight.sum(axis=1)
    joins = (agreed >= LATE_AGREED) & (similarity[:, :NEAREST].mean(axis=1) >= LATE_NEAR * usual)
    group = np.where(joins, groups[line, chosen], UNGROUPED)
    return group, np.where(group >= 0, agreed, 0).astype(np.float32)


def holding(rows: Floats, labels: Ints, talk: Floats, smallest: int) -> NDArray[np.bool_]:
    """Which rows stay in their group: near enough to its other members, of a group that holds."""
    sizes = np.bincount(labels)
    near = nearness(rows, labels)
    usual = np.bincount(labels, near) / np.maximum(sizes, 1)
    chatter = np.bincount(labels, talk) / np.maximum(sizes, 1)
    apart = np.bincount(labels, standing_apart(rows, labels)) / np.maximum(sizes, 1)
    stays = (near >= STRAY * usual[labels]) & (chatter[labels] <= TALK_BAR) & (apart[labels] >= APART)
    left = np.bincount(labels[stays], minlength=len(sizes))
    return np.asarray(stays & (left[labels] >= smallest))


def nearness(rows: Floats, labels: Ints) -> Floats:
    """The cosine of each row with the sum of the other members of its group."""
    whole, out = sums(rows, labels), np.empty(len(rows), dtype=np.float32)
    for at in range(0, len(rows), STEP):
        mine = rows[at : at + STEP]
        others = whole[labels[at : at + STEP]] - mine
        length = np.maximum(np.linalg.norm(others, axis=1), 1e-9)
        out[at : at + STEP] = np.einsum("ij,ij->i", others, mine) / length
    return out


def links_for(count: int) -> int:
    """How many nearest link so many comments: where each matter has many comments, fewer tear it apart.

    B-cubed of 38 intents of Banking77's training part (4,968): 0.69 with 10, 0.71 with 12, 0.72 with 15.
    """
    return int(np.clip(round(LINKS + 2 * np.log2(max(count, 1) / MANY)), LINKS, 20))


def centred(vectors: Vectors, middle: Floats) -> Floats:
    """Vectors without the mean of all, at length 1: it makes similarities comparable between fields."""
    moved = vectors - middle
    return np.asarray(
        moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )


def joint_vectors(vectors: Vectors, texts: Sequence[str] | WordCounts, order: Ints | None = None) -> Floats:
    """Centred vectors beside projected word features, so that one dot product weighs both.

    `order` says which of them, where it is not all.
    """
    order = np.arange(len(vectors)) if order is None else order
    middle, static = vectors.mean(axis=0, dtype=np.float32), vectors.shape[1]
    out = np.empty((len(order), static + WORD_DIMENSIONS), dtype=np.float32)
    word_matrix(texts, out[:, static:], order)
    out[:, static:] *= np.sqrt(1 - STATIC_SHARE)
    for at in range(0, len(order), STEP):
        out[at : at + STEP, :static] = centred(vectors[order[at : at + STEP]], middle)
    out[:, :static] *= np.sqrt(STATIC_SHARE)
    return out


def communities(near: Ints, similarity: Floats, *, resolution: float, seed: int) -> Ints:
    """Louvain communities of the neighbour graph."""
    return cut_in_communities(link_graph(near, similarity), resolution=resolution, seed=seed)


def cut_in_communities(graph: "csr_matrix", *, resolution: float, seed: int) -> Ints:
    """The same of a graph that was made."""
    from sknetwork.clustering import Louvain  # noqa: PLC0415 - only the group worker has it in memory

    cut = Louvain(resolution=resolution, shuffle_nodes=True, random_state=seed,
                  return_probs=False, return_aggregate=False)  # fmt: skip
    found = cut.fit_predict(graph)
    return np.asarray(found, dtype=np.int64)


def warm_up() -> None:
    """Loads what the first grouping of a process would load: a second or two of it."""
    vectors = np.random.default_rng(1).normal(size=(_WARM, 4)).astype(np.float32)
    texts = [f"The invoice number {at} was late again." for at in range(_WARM)]
    find_groups(vectors, texts)
    title(texts[:2])


def renumber(labels: Ints) -> Ints:
    """Groups counted from 0, the largest first; -1 stays."""
    sizes = Counter(labels[labels >= 0].tolist())
    place = {label: at for at, (label, _) in enumerate(sizes.most_common())}
    return np.array([place.get(label, UNGROUPED) for label in labels.tolist()], dtype=np.int64)
