"""Teaches one theme from people's corrections; runs in the training worker, never while reading.

A theme starts from what its name, description and examples made of it, and corrections move it from
there: one correction a little, hundreds wherever they lead. So there is no number of corrections at which
one kind of head takes over from another, and few corrections cannot undo what was known before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from nlp.components.segments import segments
from nlp.encoder.choice import encoder
from nlp.encoder.static import DIMENSIONS, centred
from nlp.features import BUCKETS, WordHasher
from nlp.heads import HeadArrays, ThemeSpec
from nlp.pooling import lengths_of, pooled
from nlp.theme_bank import ThemeBank

STRENGTH = 10.0
"""How far weights may move from their start (bench/teaching.py: 3 to 30 are alike on NLU++ hotels)."""
FULL_STRENGTH = 100.0
"""As STRENGTH, where a head starts from nothing with every example: on a part held out of the training texts of 38
intents of Banking77 10 gives 0.946, 30 0.949, 100 0.952; softmax and a train-time idf were no better (2026-11-22)."""
BIAS_STRENGTH = 1.0
"""As STRENGTH, for how readily the theme is said at all: corrections are no sample of what comes in."""
UNSPOKEN = 0.3
"""Weight of what a person left as it stood on a comment they corrected elsewhere."""
ENOUGH = 10
"""Texts that nobody spoke of weigh together as much as the sentences the theme began with, up to so many
corrections; beyond, less and less. Measured by bench/teaching.py and on the demo (a theme of 22 sentences):
without them one correction gave the theme to 152 of 1,819 comments, with them to about 45."""
CALM = 24
"""More sentences than this that a theme began with do not weigh more: a correction of a theme of 118 gives it to 1.4
of 97 labelled comments, 7 in 10 rightly; without the limit to 0.4, 8 in 10 rightly (the demo's, 2026-11-22)."""
FEWEST_ACCOUNTS = 3
"""Words that fewer clients use are not learned (model.md): a head must not learn one client's names."""
FOLDS = 5
LEAST = 10
"""Fewer comments than this that are of the theme, or that are not, have no held-out figures."""
MOST_SEGMENTS = 40
"""Sentences of one comment that are looked at."""
_ROUNDS = 2
_STEPS = 60
_LEAST_SCALE = 0.1
_NOBODY = -1

Numbers = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slate:
    """Comments that people looked at, then `still` texts that nobody spoke of: one feature row a sentence.

    `owners` says which text a row is of, `lengths` how many pieces of words it has, `accounts` whose a text is.
    `opinions` are what each row's margin for a theme gains beside its head (nlp.second_opinion).
    """

    features: csr_matrix
    owners: NDArray[np.int64]
    lengths: NDArray[np.float32]
    accounts: NDArray[np.int64]
    still: int = 0
    opinions: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a head does on comments of clients it had not learned from.

    It called the theme `called` times and was right `right` times; of `seen` comments `were` speak of it.
    """

    called: int
    right: int
    were: int
    seen: int

    @property
    def f1(self) -> float:
        """Twice what was right over all that was called and all that was there; 0 when there was none."""
        return 2 * self.right / max(self.called + self.were, 1)


@dataclass(frozen=True, slots=True)
class Taught:
    """A head, and how it did; `held` is None when there were too few comments to tell."""

    head: HeadArrays
    held: HeldOut | None


def feature_matrix(texts: Sequence[str]) -> csr_matrix:
    """[static vector ; 0.5 x tf-idf of hashed words 1-2], one sparse row a text."""
    table, hasher = encoder(), WordHasher()
    blocks = []
    for at in range(0, len(texts), 256):
        lines = table.lines(texts[at : at + 256])
        rows = hasher.features(table, lines)
        words = csr_matrix((rows.values, (rows.texts, rows.buckets)), shape=(rows.count, BUCKETS))
        blocks.append(hstack([csr_matrix(centred(table.vectors(lines))), words], format="csr"))
    return vstack(blocks, format="csr") if blocks else csr_matrix((0, DIMENSIONS + BUCKETS))


def vectors_of(features: csr_matrix) -> NDArray[np.float32]:
    """The centred vectors among the features."""
    return np.asarray(features[:, :DIMENSIONS].toarray(), dtype=np.float32)


def logistic(strength: float, *, balanced: bool = True) -> LogisticRegression:
    """The estimator of a head that starts from nothing: what evaluations compare with."""
    weight = "balanced" if balanced else None
    return LogisticRegression(C=strength, class_weight=weight, solver="liblinear", random_state=0)


def slate_of(texts: Sequence[str], accounts: Sequence[int], still: Sequence[str] = ()) -> Slate:
    """The comments' sentences as features; made once for all themes.

    `still` are texts on which a theme goes on saying what it said: those it began with, say.
    """
    texts, accounts = [*texts, *still], [*accounts, *([_NOBODY] * len(still))]
    pieces: list[str] = []
    owners: list[int] = []
    for place, text in enumerate(texts):
        spans = segments(text)[:MOST_SEGMENTS]
        pieces += [text[span.start : span.end] for span in spans]
        owners += [place] * len(spans)
    return Slate(
        feature_matrix(pieces), np.array(owners, dtype=np.int64), lengths_of(encoder().lines(pieces)),
        np.array(accounts, dtype=np.int64), len(still),
    )  # fmt: skip


def opined(slate: Slate, bank: ThemeBank) -> Slate:
    """The slate with what the sentences that taught the themes of `bank` say of each row."""
    vectors = vectors_of(slate.features)
    margins = slate.features @ np.concatenate([bank.dense, bank.words]) + bank.bias
    gained = bank.heard(np.asarray(margins, dtype=np.float32), vectors) - margins
    return replace(slate, opinions=dict(zip(bank.keys, gained.T, strict=True)))


def column_of(bank: ThemeBank, spec: ThemeSpec) -> HeadArrays:
    """What the bank knows of one theme, as the head that corrections start from; ValueError for an unknown theme."""
    at = bank.keys.index(spec.key)
    used = np.flatnonzero(bank.words[:, at])
    scale, offset = float(bank.scale[at]), float(bank.offset[at])
    if scale < _LEAST_SCALE:  # so few examples that nothing could be calibrated
        scale, offset = 1.0, 0.0
    return HeadArrays(
        theme=spec.key, version="0", n=1 + bool(spec.description) + len(spec.examples), dense=bank.dense[:, at], buckets=used.astype(np.int32),
        weights=bank.words[used, at], bias=float(bank.bias[at]), scale=scale, offset=offset,
        threshold=float(bank.threshold[at]),
    )  # fmt: skip


def teach_head(
    start: HeadArrays, slate: Slate, holds: Truth, weights: Numbers, *, version: str = "1"
) -> Taught:
    """`start` moved by what people said of each comment of `slate`: whether it is of the theme, and its weight.

    `holds` and `weights` are by comment, without the still texts. A comment of weight 0 teaches nothing. A comment
    teaches by its sentence that speaks most for the theme, and is judged as it is read (nlp.pooling). Where held-out
    comments say that `start` does better, `start` is kept.
    """
    taught = np.flatnonzero(weights > 0)
    before = _weights_of(start)
    margins = np.asarray(slate.features @ before, dtype=np.float64) + start.bias
    margins += slate.opinions.get(start.theme, 0.0)
    columns = _learnable(slate, start)
    lesson = _Lesson(slate.features[:, columns], slate, margins, start.scale, start.offset)
    goal = lesson.best(None)
    goal[: len(holds)] = holds
    calm = min(1.0, ENOUGH / max(float((weights >= 1).sum()), 1.0))
    weights = np.append(weights, np.full(slate.still, calm * min(start.n, CALM) / max(slate.still, 1)))
    held = _held_out(lesson, slate.accounts, goal, weights, taught, start.threshold)
    known = _counted(lesson.read(None), goal, taught, start.threshold)
    if held is not None and known.f1 > held.f1:
        return Taught(replace(start, version=version, n=len(taught)), known)
    moved = lesson.fit(goal, weights)
    after = before.astype(np.float64)
    after[columns] += moved[:-1]
    used = np.flatnonzero(after[DIMENSIONS:])
    head = replace(
        start, version=version, n=len(taught),
        dense=after[:DIMENSIONS].astype(np.float32), buckets=used.astype(np.int32),
        weights=after[DIMENSIONS:][used].astype(np.float32), bias=start.bias + float(moved[-1]),
    )  # fmt: skip
    return Taught(head, held)


def _weights_of(head: HeadArrays) -> NDArray[np.float32]:
    whole = np.zeros(DIMENSIONS + BUCKETS, dtype=np.float32)
    whole[:DIMENSIONS] = head.dense
    whole[DIMENSIONS + head.buckets] = head.weights
    return whole


def _learnable(slate: Slate, start: HeadArrays) -> NDArray[np.int64]:
    """Columns that may move: meaning, words that enough clients use, and words the theme's own texts use."""
    rows, columns = slate.features.nonzero()
    width = slate.features.shape[1]
    _, places = np.unique(slate.accounts[slate.owners], return_inverse=True)
    pairs = np.unique(places[rows].astype(np.int64) * width + columns)
    clients = np.bincount(pairs % width, minlength=width)
    clients[:DIMENSIONS] = FEWEST_ACCOUNTS
    own = DIMENSIONS + start.buckets
    clients[own[clients[own] > 0]] = FEWEST_ACCOUNTS
    return np.flatnonzero(clients >= FEWEST_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The sentences of a slate with what the start makes of them."""

    features: csr_matrix
    slate: Slate
    margins: Numbers
    scale: float
    offset: float

    def best(self, moved: Numbers | None) -> Numbers:
        """The score of each comment's best sentence."""
        return self._scores(moved)[self._witnesses(moved)]

    def read(self, moved: Numbers | None) -> Numbers:
        """The score of each comment as it is read."""
        firsts = np.unique(self.slate.owners, return_index=True)[1]
        scores = self._scores(moved).astype(np.float32)[:, None]
        return np.asarray(pooled(scores, firsts, self.slate.lengths)[:, 0], dtype=np.float64)

    def _scores(self, moved: Numbers | None) -> Numbers:
        return np.asarray(1 / (1 + np.exp(-(self.scale * self._at(moved) + self.offset))), dtype=np.float64)

    def fit(self, goal: Numbers, weights: Numbers) -> Numbers:
        """How far the columns and the bias (last) move towards `goal`, scores by text: regularised, from the start on."""
        kept = np.flatnonzero(weights > 0)
        moved = np.zeros(self.features.shape[1] + 1)
        for _ in range(_ROUNDS):
            rows = self._witnesses(moved)[kept]
            moved = self._descend(moved, rows, goal[kept], weights[kept])
        return moved

    def _at(self, moved: Numbers | None) -> Numbers:
        return self.margins if moved is None else self.margins + self.features @ moved[:-1] + moved[-1]

    def _witnesses(self, moved: Numbers | None) -> NDArray[np.int64]:
        """Of each comment the sentence that speaks most for the theme."""
        owners = self.slate.owners
        order = np.lexsort((-self._at(moved), owners))
        return order[np.unique(owners[order], return_index=True)[1]]

    def _descend(self, moved: Numbers, rows: NDArray[np.int64], goal: Numbers, weights: Numbers) -> Numbers:
        features, margins = self.features[rows].astype(np.float64), self.margins[rows]
        turned = features.T.tocsr()
        decay = np.append(np.full(len(moved) - 1, 1 / STRENGTH), 1 / BIAS_STRENGTH)

        def loss(at: Numbers) -> tuple[float, Numbers]:
            margin = self.scale * (margins + features @ at[:-1] + at[-1]) + self.offset
            slope = weights * self.scale * (1 / (1 + np.exp(-np.clip(margin, -50, 50))) - goal)
            whole = float(weights @ (np.logaddexp(0, margin) - goal * margin) + 0.5 * (decay * at) @ at)
            return whole, np.append(turned @ slope, slope.sum()) + decay * at

        found = minimize(loss, moved, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
        return np.asarray(found.x, dtype=np.float64)


def _held_out(
    lesson: _Lesson,
    accounts: NDArray[np.int64],
    goal: Numbers,
    weights: Numbers,
    taught: NDArray[np.int64],
    threshold: float,
) -> HeldOut | None:
    """Each comment judged by a head that learned from none of its client's comments; None with too few of them."""
    were = int(goal[taught].sum())
    if min(were, len(taught) - were) < LEAST:
        return None
    folds = np.where(accounts == _NOBODY, -1, _folds(accounts, np.where(weights > 0, goal, 0.0)))
    scores = np.zeros(len(goal))
    for fold in range(FOLDS):
        left = folds == fold
        moved = lesson.fit(goal, np.where(left, 0.0, weights))
        scores[left] = lesson.read(moved)[left]
    return _counted(scores, goal, taught, threshold)


def _folds(accounts: NDArray[np.int64], goal: Numbers) -> NDArray[np.int64]:
    """A fold for each comment: a client stands in one fold only, and each fold has about as many that hold, and that do not."""
    names, places = np.unique(accounts, return_inverse=True)
    hits = np.bincount(places, goal, minlength=len(names))
    sizes = np.bincount(places, minlength=len(names))
    fold_of, load = np.zeros(len(names), dtype=np.int64), np.zeros((FOLDS, 2))
    for name in np.lexsort((-sizes, -hits)):
        keys = (load[:, 1], load[:, 0]) if hits[name] else (load[:, 0], load[:, 1])
        fold = int(np.lexsort(keys)[0])
        fold_of[name] = fold
        load[fold] += hits[name], sizes[name]
    return fold_of[places]


def _counted(scores: Numbers, goal: Numbers, taught: NDArray[np.int64], threshold: float) -> HeldOut:
    called, truth = scores[taught] >= threshold, goal[taught] > 0
    return HeldOut(int(called.sum()), int((called & truth).sum()), int(truth.sum()), len(taught))
