"""Which rows of a matrix are nearest to each other, in little time."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
MOST_DOTS = 1 << 22
"""Dot products held at once: 16 MB."""
SHARE = 0.3
"""Of all rows so many are looked at for one, where first groups say which: of the 12 nearest of 38 intents of Banking77
(4,968) 98 % are found."""
MANY = 20_000
"""From here cells of our own say which, and fewer rows are looked at: all pairs of 100,000 took a quarter of an hour of
one core, so they take 12 s and 96 % of the nearest are found (the demo's words, 2026-11-22)."""
SHARE_OF_MANY = 0.08
CORES, AHEAD = 2, 8
"""So many places are looked at side by side where there are many rows: numpy lets the others go on meanwhile."""
DRAWN, ROUNDS = 40, 5
"""Rows drawn for each cell, and how often their middles move."""
BLOCK = 64
"""Columns that share one maximum while the nearest are looked for."""


def neighbours(rows: Floats, k: int) -> tuple[Ints, Floats]:
    """The k nearest other rows by dot product, exactly, nearest first, and how near; k is less than the number of rows."""
    everyone = np.arange(len(rows))
    return _among(rows, k, [(everyone, everyone)])


def neighbours_about(rows: Floats, k: int, middles: Floats) -> tuple[Ints, Floats]:
    """The same where there are many: each row is compared with the rows about the middles nearest to its own.

    An inverted file (Sivic and Zisserman 2003); the same rows have the same neighbours.
    """
    if len(rows) >= MANY:
        return _among(rows, k, _places(rows, cells(rows), max(int(SHARE_OF_MANY * len(rows)), k + 1)))
    return _among(rows, k, _places(rows, middles, max(int(SHARE * len(rows)), k + 1)))


def _places(rows: Floats, middles: Floats, least: int) -> Iterator[tuple[Ints, Ints]]:
    """The rows about each middle, and those about it and the next ones: at least so many, in order."""
    home = np.concatenate(
        [(some @ middles.T).argmax(axis=1) for some in np.array_split(rows, _parts(rows, middles))]
    )
    sizes = np.bincount(home, minlength=len(middles))
    members = np.split(np.argsort(home, kind="stable"), np.cumsum(sizes)[:-1])
    ranked = np.argsort(-(middles @ middles.T), axis=1, kind="stable")
    for one in np.flatnonzero(sizes).tolist():
        reached = int(np.searchsorted(np.cumsum(sizes[ranked[one]]), least)) + 1
        around = {one, *ranked[one][:reached].tolist()}
        yield members[one], np.sort(np.concatenate([members[at] for at in around]))


def _parts(rows: Floats | Ints, others: Floats) -> int:
    return len(rows) * len(others) // MOST_DOTS + 1


def _among(rows: Floats, k: int, places: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Floats]:
    """For rows of each place the nearest among its others; no two places ask for one row."""
    near = np.empty((len(rows), k), dtype=np.int64)
    similarity = np.empty((len(rows), k), dtype=np.float32)
    cores = _cores(rows)

    def look(place: tuple[Ints, Ints]) -> None:
        asked, about = place
        others = rows if len(about) == len(rows) else rows[about]
        for some in np.array_split(asked, cores * _parts(asked, others)):
            dots = rows[some] @ others.T
            dots[np.arange(len(some)), np.searchsorted(about, some)] = -np.inf
            found, similarity[some] = largest(dots, k)
            near[some] = about[found]

    waits = iter(places)
    with ThreadPoolExecutor(cores) as pool:
        while some := list(islice(waits, cores * AHEAD)):
            list(pool.map(look, some))
    return near, similarity


def cells(rows: Floats) -> Floats:
    """Middles where rows lie dense, as many as the root of their number (k-means by cosines of rows spread evenly)."""
    number = int(np.sqrt(len(rows)))
    some = rows[np.linspace(0, len(rows) - 1, min(len(rows), number * DRAWN)).round().astype(np.int64)]
    middles = some[:: max(1, len(some) // number)][:number]
    for _ in range(ROUNDS):
        sums = np.zeros_like(middles)
        np.add.at(sums, (some @ middles.T).argmax(axis=1), some)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        middles = np.where(length > 0, sums / np.maximum(length, 1e-9), middles)
    return middles


def neighbours_in(known: Floats, rows: Floats, k: int) -> tuple[Ints, Floats]:
    """The k rows of `known` nearest to each of `rows`, which are others, nearest first, and how near."""
    cores = _cores(known)

    def look(some: Floats) -> tuple[Ints, Floats]:
        return largest(some @ known.T, k)

    with ThreadPoolExecutor(cores) as pool:
        parts = list(pool.map(look, np.array_split(rows, _parts(rows, known))))
    return np.concatenate([near for near, _ in parts]), np.concatenate(
        [similarity for _, similarity in parts]
    )


def _cores(rows: Floats) -> int:
    return min(CORES, os.cpu_count() or 1) if len(rows) >= MANY else 1


def largest(dots: Floats, k: int) -> tuple[Ints, Floats]:
    """Columns and values of the k largest of each row, largest first.

    The k-th largest of the blocks' maxima is never above the k-th largest value, so only what reaches it is sorted.
    """
    reached = dots >= _bar(dots, k)[:, None]
    if np.count_nonzero(reached) > BLOCK * k * len(dots):
        return _of_alike(dots, k)
    line, column = np.divmod(np.flatnonzero(reached), dots.shape[1])
    values = dots[line, column]
    order = np.lexsort((column, -values, line))
    chosen = order[np.searchsorted(line, np.arange(len(dots)))[:, None] + np.arange(k)]
    return column[chosen], values[chosen]


def _bar(dots: Floats, k: int) -> Floats:
    """For each row a value that at least k of its columns reach."""
    blocks = dots.shape[1] // BLOCK
    tops = dots[:, : blocks * BLOCK].reshape(len(dots), BLOCK, blocks).max(axis=1) if blocks >= k else dots
    return np.asarray(np.partition(tops, tops.shape[1] - k, axis=1)[:, -k])


def _of_alike(dots: Floats, k: int) -> tuple[Ints, Floats]:
    """The same where most columns are equally near (thousands of comments in the same words): in bounded memory."""
    top = np.argpartition(-dots, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(dots, top, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1), np.take_along_axis(values, order, axis=1)


def own_share(near: Ints, similarity: Floats, labels: Ints) -> Floats:
    """The share of each row's neighbour weight that lies in its own group; 0 where it is in none (-1)."""
    weight = np.clip(similarity, 0.01, None)
    same = (labels[near] == labels[:, None]) & (labels >= 0)[:, None]
    return np.asarray((weight * same).sum(axis=1) / weight.sum(axis=1), dtype=np.float32)
