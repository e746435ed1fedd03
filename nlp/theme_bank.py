"""All themes side by side: one matrix for the vectors, one for the words, one bar for each theme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import DIMENSIONS, StaticEncoder, WordLines, centred
from nlp.features import BUCKETS, Pairs, WordFeatures, WordHasher, times
from nlp.fitting import calibrate, fit_logistic, left_out
from nlp.heads import HeadArrays, ThemeSpec
from nlp.latecomers import LATE_BAR, LATE_OFFSET, LATE_SCALE, fit_late, latecomers
from nlp.second_opinion import OPINION, Examples, heard

Array = NDArray[np.float32]
WORDY, MANY, WORDY_OF_MANY = 1.4, 40, 2.8
"""How much stronger words are while few sentences teach (0.7 beside the static vector), and where themes have `MANY`
and more on average: of 0.7 to 4 the best on the tune third of the starter themes (2026-11-22)."""


@dataclass(frozen=True, slots=True)
class ThemeBank:
    """Columns are themes: margin = vector @ dense + words @ weights + bias; score = sigmoid(scale * margin + offset).

    Where the two best lie close the sentences that taught the themes are asked as well (nlp.second_opinion).
    """

    keys: tuple[str, ...]
    dense: Array
    words: Array
    bias: Array
    scale: Array
    offset: Array
    threshold: Array
    examples: Examples

    def scores(self, vectors: Array, features: WordFeatures) -> Array:
        """Calibrated scores in [0, 1]: one row a text, one column a theme."""
        margin = self.margins(vectors, features)
        return np.asarray(1 / (1 + np.exp(-(self.scale * margin + self.offset))), dtype=np.float32)

    def margins(self, vectors: Array, features: WordFeatures) -> Array:
        """The same before calibration: any size, comparable between themes."""
        moved = centred(vectors)
        margins = np.asarray(moved @ self.dense + times(features, self.words) + self.bias, dtype=np.float32)
        return self.heard(margins, moved)

    def heard(self, margins: Array, vectors: Array) -> Array:
        """Margins with the second opinion; `vectors` are centred."""
        return heard(margins, vectors, self.examples, OPINION)


@dataclass(frozen=True, slots=True)
class Shots:
    """Example texts with the theme each belongs to (-1 for none of them)."""

    texts: tuple[str, ...]
    owners: NDArray[np.int64]


def shots_of(specs: Sequence[ThemeSpec], background: Sequence[str]) -> Shots:
    """Name, description and examples of each theme, and sentences about nothing of the kind."""
    texts: list[str] = []
    owners: list[int] = []
    for at, spec in enumerate(specs):
        said = [spec.name, *((spec.description,) if spec.description else ()), *spec.examples]
        texts += said
        owners += [at] * len(said)
    return Shots((*texts, *background), np.array(owners + [-1] * len(background), dtype=np.int64))


def pairs_of(
    encoder: StaticEncoder, hasher: WordHasher, texts: Sequence[str], *, wordy: float = 1.0
) -> Pairs:
    """The products of all pairs of a few thousand texts, words `wordy` times as strong."""
    lines: WordLines = encoder.lines(texts)
    return Pairs.of(centred(encoder.vectors(lines)), hasher.features(encoder, lines), wordy)


def fit_bank(
    specs: Sequence[ThemeSpec],
    background: Sequence[str],
    *,
    encoder: StaticEncoder,
    hasher: WordHasher,
    strength: float,
    threshold: float,
) -> ThemeBank:
    """Learn every theme at once from its few sentences: logistic regression, one against the rest.

    Margins of sentences held out in turn give all themes one calibration. Latecomers are learned after the others,
    which do not know of them.
    """
    late = latecomers(specs)
    first = [spec for spec in specs if spec not in late]
    shots, added = shots_of(first, background), shots_of(late, ())
    wordy, known = _wordy(first), len(shots.texts)
    weight = (
        OPINION if any(spec.examples for spec in first) else 0.0
    )  # names alone are no sentences of theirs
    dots = pairs_of(encoder, hasher, (*shots.texts, *added.texts), wordy=wordy)
    among = dots.some(np.arange(known)) if late else dots
    truth = shots.owners[:, None] == np.arange(len(first))[None, :]
    scale, offset = calibrate(*_left_out(among, truth, strength, weight=weight))
    alpha, bias = fit_logistic(among, truth, strength)
    columns = np.zeros((len(dots), len(specs)), dtype=np.float32)
    columns[:known, : len(first)] = alpha
    if late:
        columns[:, len(first) :], bias_late = fit_late(dots, added.owners, strength)
        bias = np.append(bias, bias_late)
    said = np.array([[scale, offset, threshold], [LATE_SCALE, LATE_OFFSET, LATE_BAR]], dtype=np.float32)
    said = np.repeat(said, (len(first), len(late)), axis=0)
    of = np.pad(truth, ((0, 0), (0, len(late))))
    examples = Examples.taught(among.vectors, of) if weight else Examples.none(len(specs))
    keys = tuple(spec.key for spec in (*first, *late))
    bank = ThemeBank(keys, *dots.weights(columns), bias, said[:, 0], said[:, 1], said[:, 2], examples)
    return _in_order(bank, [spec.key for spec in specs]) if late else bank


def _left_out(
    dots: Pairs, truth: NDArray[np.bool_], strength: float, *, weight: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Margins of sentences held out in turn, as they are read by what the others taught, and their truth."""
    found, judged = [np.zeros((0, truth.shape[1]))], np.zeros(0, dtype=np.int64)
    for margins, taught, left in left_out(dots, truth, strength):
        examples = Examples.taught(dots.vectors[taught], truth[taught])
        found.append(heard(margins, dots.vectors[left], examples, weight).astype(np.float64))
        judged = np.append(judged, left)
    return np.concatenate(found), truth[judged]


def _in_order(bank: ThemeBank, keys: Sequence[str]) -> ThemeBank:
    """The same themes, in this order."""
    at = [bank.keys.index(key) for key in keys]
    rows = {name: getattr(bank, name)[at] for name in ("bias", "scale", "offset", "threshold")}
    examples = replace(bank.examples, of=bank.examples.of[:, at])
    return ThemeBank(tuple(keys), bank.dense[:, at], bank.words[:, at], examples=examples, **rows)


def _wordy(specs: Sequence[ThemeSpec]) -> float:
    sentences = sum(len(spec.examples) for spec in specs)
    if not sentences:
        return 1.0
    return WORDY_OF_MANY if sentences >= MANY * len(specs) else WORDY


def with_heads(bank: ThemeBank, heads: Sequence[HeadArrays]) -> ThemeBank:
    """The bank with the columns that people's corrections taught."""
    place = {key: at for at, key in enumerate(bank.keys)}
    known = [head for head in heads if head.theme in place]
    if not known:
        return bank
    dense, words = bank.dense.copy(), bank.words.copy()
    rows = {name: getattr(bank, name).copy() for name in ("bias", "scale", "offset", "threshold")}
    for head in known:
        at = place[head.theme]
        dense[:, at] = head.dense
        words[:, at] = 0
        words[head.buckets, at] = head.weights
        for name, row in rows.items():
            row[at] = getattr(head, name)
    return ThemeBank(bank.keys, dense, words, examples=bank.examples, **rows)


def empty_bank() -> ThemeBank:
    """A bank without themes."""
    none = np.zeros(0, dtype=np.float32)
    dense = np.zeros((DIMENSIONS, 0), dtype=np.float32)
    return ThemeBank(
        (), dense, np.zeros((BUCKETS, 0), dtype=np.float32), none, none, none, none, Examples.none(0)
    )
