"""What an installation's own comments teach the themes that have few sentences: training worker only.

Each theme takes the archive's sentences that fit it best as weak examples of itself, is fitted with them, and
takes them once more. One against the rest, so that only the themes that have few sentences get another column:
a theme with sentences enough reads exactly as it does without an archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from nlp.components.segments import segments
from nlp.encoder.static import DIMENSIONS
from nlp.fitting import FOLDS, calibrate
from nlp.heads import ThemeSpec
from nlp.latecomers import is_scarce, latecomers
from nlp.pipeline import background, starter_bank, strength
from nlp.second_opinion import OPINION, Examples, heard
from nlp.theme_bank import WORDY, ThemeBank, shots_of
from nlp.train import FEWEST_ACCOUNTS, feature_matrix

LEAST = 30
"""Fewer comments for each theme than this, and the archive teaches nothing."""
NEAREST, WEIGHT, ROUNDS, FITS = 100, 0.05, 2, 2.0
"""So many sentences at most stand in for examples of a theme, each counting so much, chosen so often, and fitting
by so many standard deviations over the archive. Chosen on a fifth held out of the training texts of 38 intents of
Banking77 (mean recall: name only 0.682 to 0.807, 5 examples 0.848 to 0.886, 10 examples 0.886 to 0.901) and on
NLU++ (10 examples 0.799 to 0.803); a weight of 0.15 gains 0.3 points more there and loses 0.1 on NLU++
(2026-11-22). Where most of the archive is of no theme, precision at the bar moves by up to 0.04 either way, and with 10
examples recall loses about as much."""
MOST_SENTENCES = 20_000
"""The newest sentences of an archive that are looked at: of long letters, more would take hundreds of MB."""
_STEPS = 100
_POWER_STEPS = 20

Array = NDArray[np.float32]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Archive:
    """Comments nobody sorted, and whose each is; words of fewer than three clients are not learned."""

    texts: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()


def learns_from_archive(specs: Sequence[ThemeSpec]) -> tuple[ThemeSpec, ...]:
    """The themes that an archive helps: those of few sentences, where most have few."""
    return tuple(spec for spec in specs if is_scarce(spec)) if not latecomers(specs) else ()


def is_enough(comments: int, themes: int) -> bool:
    """Whether an archive of so many comments may teach so many themes."""
    return comments >= LEAST * max(themes, 1)


def sentences_of(archive: Archive) -> Archive:
    """The archive, newest first, cut into the sentences that the pipeline reads."""
    texts: list[str] = []
    accounts: list[int] = []
    for text, account in zip(archive.texts, archive.accounts, strict=True):
        said = [text[span.start : span.end] for span in segments(text)]
        texts += said
        accounts += [account] * len(said)
        if len(texts) >= MOST_SENTENCES:
            break
    return Archive(tuple(texts), tuple(accounts))


def learned_bank(specs: Sequence[ThemeSpec], archive: Archive, *, calibrated: bool = True) -> ThemeBank:
    """What themes know from name, description, examples and the sentences of an archive.

    It is the starter bank with other columns for scarce themes, and the starter bank itself where the archive is
    too small or no theme is scarce.

    Their scores are calibrated on their own sentences, held out in turn while the weak examples stay; they have
    one calibration together. Who only compares themes that are all scarce may leave it out.
    """
    helped = learns_from_archive(specs)
    wanted = np.array([at for at, spec in enumerate(specs) if spec in helped], dtype=np.int64)
    bank = starter_bank(specs)
    if not len(wanted) or not is_enough(len(archive.texts), len(specs)):
        return bank
    shots = shots_of(specs, background())
    own, said = _Rows.of(shots.texts), _Rows.of(archive.texts)
    said = said.without(~(_known(said, archive.accounts) | own.uses()))
    margins = said.times(bank.dense, bank.words / WORDY, bank.bias)
    for _ in range(ROUNDS):
        weak, owners = nearest(margins)
        rows = own.beside(said.only(weak))
        truth = np.concatenate([shots.owners, owners])[:, None] == wanted
        counts = np.repeat(np.array([1, WEIGHT], dtype=np.float32), [len(shots.texts), len(weak)])
        dense, words, bias = fit(rows, truth, counts, strength())
        margins[:, wanted] = said.times(dense, words, bias)
    learned = _with_columns(bank, wanted, dense, WORDY * words, bias)
    if not calibrated:
        return learned
    weight = OPINION if bank.examples.of.any() else 0.0
    return _with_calibration(learned, wanted, *_calibration(rows, truth, counts, len(shots.texts), weight))


def nearest(margins: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that fit a theme best of all themes, and which theme, by how that theme fits the other rows."""
    fit_by = (margins - margins.mean(axis=0)) / np.maximum(margins.std(axis=0), 1e-6)
    best = np.where(fit_by.max(axis=1) >= FITS, fit_by.argmax(axis=1), -1)
    chosen = [np.flatnonzero(best == theme) for theme in range(margins.shape[1])]
    chosen = [
        rows[np.argsort(-fit_by[rows, theme], kind="stable")][:NEAREST] for theme, rows in enumerate(chosen)
    ]
    owners = np.repeat(np.arange(len(chosen)), [len(rows) for rows in chosen])
    return np.concatenate(chosen), owners


@dataclass(frozen=True, slots=True)
class _Rows:
    """Sentences as vectors, and as words that weigh as in a bank of few sentences."""

    vectors: Array
    words: csr_matrix

    @staticmethod
    def of(texts: Sequence[str]) -> "_Rows":
        found = feature_matrix(texts)
        return _Rows(
            np.asarray(found[:, :DIMENSIONS].toarray(), dtype=np.float32),
            (found[:, DIMENSIONS:] * WORDY).tocsr().astype(np.float32),
        )

    def uses(self) -> Truth:
        """The buckets in use."""
        return np.asarray(np.bincount(self.words.indices, minlength=self.words.shape[1]) > 0)

    def without(self, buckets: Truth) -> "_Rows":
        """The same sentences, these words unread."""
        words = self.words.copy()
        words.data[buckets[words.indices]] = 0
        words.eliminate_zeros()
        return _Rows(self.vectors, words)

    def only(self, rows: NDArray[np.int64]) -> "_Rows":
        """Some of the sentences."""
        return _Rows(self.vectors[rows], self.words[rows])

    def beside(self, other: "_Rows") -> "_Rows":
        """These sentences, then the others."""
        return _Rows(
            np.concatenate([self.vectors, other.vectors]), vstack([self.words, other.words], format="csr")
        )

    def times(self, dense: Array, words: Array, bias: Array) -> Array:
        """The margins of each sentence for each column."""
        return np.asarray(self.vectors @ dense + self.words @ words + bias, dtype=np.float32)


def _known(rows: _Rows, accounts: Sequence[int]) -> Truth:
    """The buckets that enough clients use (model.md)."""
    _, places = np.unique(np.array(accounts), return_inverse=True)
    width = rows.words.shape[1]
    owners = np.repeat(places, np.diff(rows.words.indptr)).astype(np.int64)
    pairs = np.unique(owners * width + rows.words.indices)
    return np.asarray(np.bincount(pairs % width, minlength=width) >= FEWEST_ACCOUNTS)


def fit(rows: _Rows, truth: Truth, counts: Array, reach: float) -> tuple[Array, Array, Array]:
    """Weights on vectors and on words, and the biases: a column a theme; each row counts `counts` times.

    What `theme_bank.fit_logistic` does, on the features themselves: thousands of sentences would make its
    table of all pairs too large.
    """
    used = np.flatnonzero(rows.uses())
    words = rows.words[:, used]
    turned, vectors = words.T.tocsr(), rows.vectors
    heavy, goal = counts[:, None], truth.astype(np.float32)
    step = np.float32(1 / (0.25 * (_steepest(vectors, words, counts) + counts.sum()) + 1 / reach))
    decay = np.float32(1 / reach)
    now = [np.zeros((size, goal.shape[1]), dtype=np.float32) for size in (DIMENSIONS, len(used), 1)]
    ahead, pace = now, 1.0
    for _ in range(_STEPS):
        wrong = heavy * (1 / (1 + np.exp(-(vectors @ ahead[0] + words @ ahead[1] + ahead[2]))) - goal)
        slopes = (vectors.T @ wrong, turned @ wrong, wrong.sum(axis=0, keepdims=True))
        following = [at - step * (slope + decay * at) for at, slope in zip(ahead, slopes, strict=True)]
        quicker = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        far = np.float32((pace - 1) / quicker)
        ahead = [after + far * (after - before) for after, before in zip(following, now, strict=True)]
        now, pace = following, quicker
    whole = np.zeros((rows.words.shape[1], goal.shape[1]), dtype=np.float32)
    whole[used] = now[1]
    return now[0], whole, now[2][0]


def _steepest(vectors: Array, words: csr_matrix, counts: Array) -> float:
    """The largest eigenvalue of the rows' products, a little more: how steep the loss can be."""
    at = np.ones(len(vectors), dtype=np.float32)
    length = 1.0
    for _ in range(_POWER_STEPS):
        heavy = counts * at
        at = vectors @ (vectors.T @ heavy) + words @ (words.T @ heavy)
        length = float(np.linalg.norm(at))
        at = at / max(length, 1e-9)
    return 1.05 * length


def _calibration(rows: _Rows, truth: Truth, counts: Array, own: int, weight: float) -> tuple[float, float]:
    """Scale and offset from margins of the themes' own sentences, each from a fit without its fifth."""
    margins = np.zeros((own, truth.shape[1]))
    fold = np.append(np.arange(own) % FOLDS, np.full(len(counts) - own, -1))
    for left in range(FOLDS):
        taught, asked = np.flatnonzero(fold != left), np.flatnonzero(fold == left)
        found = fit(rows.only(taught), truth[taught], counts[taught], strength())
        among = taught[taught < own]
        examples = Examples.taught(rows.vectors[among], truth[among])
        margins[asked] = heard(rows.only(asked).times(*found), rows.vectors[asked], examples, weight)
    return calibrate(margins, truth[:own])


def _with_columns(
    bank: ThemeBank, wanted: NDArray[np.int64], dense: Array, words: Array, bias: Array
) -> ThemeBank:
    whole = [bank.dense.copy(), bank.words.copy(), bank.bias.copy()]
    whole[0][:, wanted], whole[1][:, wanted], whole[2][wanted] = dense, words, bias
    return replace(bank, dense=whole[0], words=whole[1], bias=whole[2])


def _with_calibration(bank: ThemeBank, wanted: NDArray[np.int64], scale: float, offset: float) -> ThemeBank:
    scales, offsets = bank.scale.copy(), bank.offset.copy()
    scales[wanted], offsets[wanted] = scale, offset
    return replace(bank, scale=scales, offset=offsets)
