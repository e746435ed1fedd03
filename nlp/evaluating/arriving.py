"""Comments that arrive one by one: is it new, does it join as it would be grouped with all, how long does it take."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import encoder
from nlp.evaluating import Figures
from nlp.gist import gist
from nlp.grouping import find_groups
from nlp.joining import Joined, JoinIndex
from nlp.scores import area_under_curve, as_numbers, b_cubed_f1

Ints = NDArray[np.int64]
ASKED = 300
"""Joins whose time is taken."""


def novelty_figures(texts: Sequence[str], truth: Sequence[str], *, draws: int) -> Figures:
    """AUROC of "was something like it said before?": half of the labels are new, half of the others' texts stored."""
    labels = as_numbers(truth)
    curves, rightly, seen = [], [], []
    for seed in range(draws):
        stored, asked, new = _half_new(labels, seed)
        index = _stored(texts, stored)
        old = _join(index, [texts[at] for at in asked])
        fresh = _join(index, [texts[at] for at in new])
        curves.append(area_under_curve([one.seen for one in old], [one.seen for one in fresh]))
        rightly.append(np.mean([one.founds for one in fresh]))
        seen.append(np.mean([not one.founds for one in old]))
    return {
        "auroc": round(float(np.mean(curves)), 4), "new_found": round(float(np.mean(rightly)), 4),
        "known_joined": round(float(np.mean(seen)), 4), "draws": draws, "n": len(texts),
    }  # fmt: skip


def halves_figures(texts: Sequence[str], *, seed: int) -> Figures:
    """Agreement (B-cubed F1) of half grouped and the rest joined one by one with all grouped at once.

    Beside it the first half before any joined, which bounds it, and all in order of arrival after the next look.
    """
    order = np.random.default_rng(seed).permutation(len(texts))
    first, rest = order[: len(order) // 2], order[len(order) // 2 :]
    one_by_one = np.full(len(texts), -1, dtype=np.int64)
    index, vectors = JoinIndex(), _vectors(texts)
    one_by_one[first] = find_groups(vectors[first], [texts[at] for at in first], seed=seed).labels
    index.add(first.tolist(), vectors[first], one_by_one[first].tolist())
    for at in rest.tolist():
        found = index.join(vectors[at], texts[at])
        one_by_one[at] = -1 if found.group is None else found.group
        index.add([at], vectors[[at]], [int(one_by_one[at])])
    at_once = find_groups(vectors, texts, seed=seed).labels
    again = np.empty_like(at_once)
    again[order] = find_groups(vectors[order], [texts[at] for at in order], seed=seed).labels
    both = (one_by_one >= 0) & (at_once >= 0)
    return {
        "b_cubed_f1": round(b_cubed_f1(_apart(at_once), one_by_one), 4),
        "half_alone": round(b_cubed_f1(_apart(at_once[first]), one_by_one[first]), 4),
        "looked_again": round(b_cubed_f1(_apart(at_once), again), 4),
        "of_grouped_in_both": round(b_cubed_f1(at_once[both], one_by_one[both]), 4),
        "grouped_in_both": round(float(both.mean()), 4), "n": len(texts),
    }  # fmt: skip


def joining_figures(texts: Sequence[str], *, stored: int, seed: int) -> Figures:
    """Milliseconds of one join against so many stored comments, vectors made from the texts by small changes."""
    rng = np.random.default_rng(seed)
    vectors = encoder().encode(texts)
    index = JoinIndex()
    began = time.process_time()
    for at in range(0, stored, 10_000):
        count = min(10_000, stored - at)
        drawn = vectors[rng.integers(0, len(vectors), count)]
        moved = drawn + rng.normal(0, 0.02, drawn.shape).astype(np.float32)
        index.add(range(at, at + count), moved, (np.arange(count) % 500).tolist())
    filled = time.process_time() - began
    timed = [_timed(index, texts[at]) for at in rng.integers(0, len(texts), ASKED).tolist()]
    spent, worked = zip(*timed, strict=True)
    return {
        "p50_ms": round(float(np.percentile(spent, 50)), 2),
        "p95_ms": round(float(np.percentile(spent, 95)), 2),
        "p95_cpu_ms": round(float(np.percentile(worked, 95)), 2),
        "stored": len(index), "joins": len(spent), "seconds_to_store": round(filled, 1),
    }  # fmt: skip


def _timed(index: JoinIndex, text: str) -> tuple[float, float]:
    """Milliseconds by the wall and of the processor."""
    vector = encoder().encode([text])[0]
    began, busy = time.perf_counter(), time.process_time()
    index.join(vector, text)
    return (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000


def _half_new(labels: Ints, seed: int) -> tuple[list[int], list[int], list[int]]:
    """Places of the stored, of the others of known labels, and of new labels."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.unique(labels))
    order = rng.permutation(len(labels))
    is_new = np.isin(labels[order], names[: len(names) // 2])
    known, new = order[~is_new].tolist(), order[is_new].tolist()
    return known[: len(known) // 2], known[len(known) // 2 :], new


def _vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """As the reader makes them: of what a text says, without greeting and sign-off."""
    return encoder().encode([gist(text) or text for text in texts])


def _stored(texts: Sequence[str], places: Sequence[int]) -> JoinIndex:
    said = [texts[at] for at in places]
    vectors = _vectors(said)
    index = JoinIndex()
    index.add(places, vectors, find_groups(vectors, said).labels.tolist())
    return index


def _join(index: JoinIndex, texts: Sequence[str]) -> list[Joined]:
    return [index.join(vector, text) for vector, text in zip(_vectors(texts), texts, strict=True)]


def _apart(labels: Ints) -> Ints:
    """Labels where each comment of no group has one of its own."""
    loose = labels < 0
    return np.where(loose, int(labels.max(initial=0)) + 1 + np.cumsum(loose), labels)
