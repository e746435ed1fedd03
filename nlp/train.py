"""Teaches one theme from people's corrections; runs in the training worker, never while reading.

A theme starts from what its name, description and examples made of it, and corrections move it from
there: one correction a little, hundreds wherever they lead. So few corrections cannot undo what was known before.
Where many taught it, a head may also bend (nlp.bends), if held-out comments say that it is better so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack

from nlp.bends import FEWEST, axes_of, squares
from nlp.components.segments import segments
from nlp.encoder.choice import encoder
from nlp.encoder.static import DIMENSIONS, centred
from nlp.features import BUCKETS, WordHasher
from nlp.heads import HeadArrays, ThemeSpec, no_axes
from nlp.theme_bank import ThemeBank

STRENGTH = 10.0
"""How far weights may move from their start (bench/teaching.py: 3 to 30 are alike on NLU++ hotels)."""
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

    `owners` says which text a row is of, `accounts` whose a text is.
    """

    features: csr_matrix
    owners: NDArray[np.int64]
    accounts: NDArray[np.int64]
    still: int = 0

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The sentences' static vectors alone."""
        return np.asarray(self.features[:, :DIMENSIONS].toarray(), dtype=np.float32)


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
    whose = np.array(accounts, dtype=np.int64)
    return Slate(feature_matrix(pieces), np.array(owners, dtype=np.int64), whose, len(still))


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
    is judged as it is read: by its sentence that speaks most for the theme. Where held-out comments say that
    `start` does better, `start` is kept.
    """
    taught = np.flatnonzero(weights > 0)
    before = _weights_of(start)
    vectors = slate.vectors
    margins = np.asarray(slate.features @ before, dtype=np.float64) + start.bias
    margins += squares(vectors, start.axes) @ start.bends
    columns = _learnable(slate, start)
    lesson = _Lesson(slate.features[:, columns], slate.owners, margins, start.scale, start.offset, vectors)
    said = lesson.pooled(None)
    goal = said.copy()
    goal[: len(holds)] = holds
    calm = min(1.0, ENOUGH / max(float((weights >= 1).sum()), 1.0))
    weights = np.append(weights, np.full(slate.still, calm * min(start.n, CALM) / max(slate.still, 1)))
    task = _Task(goal, weights, taught, start.threshold)
    held, bends = _best_way(lesson, slate.accounts, task)
    known = task.counted(said)
    if held is not None and known.f1 > held.f1:
        return Taught(replace(start, version=version, n=len(taught)), known)
    _, moved, axes = lesson.learn(goal, weights, bends=bends)
    after = before.astype(np.float64)
    after[columns] += moved[: len(columns)]
    used = np.flatnonzero(after[DIMENSIONS:])
    head = replace(
        start, version=version, n=len(taught),
        dense=after[:DIMENSIONS].astype(np.float32), buckets=used.astype(np.int32),
        weights=after[DIMENSIONS:][used].astype(np.float32), bias=start.bias + float(moved[-1]),
        axes=np.concatenate([start.axes, axes], axis=1),
        bends=np.concatenate([start.bends, moved[len(columns) : -1].astype(np.float32)]),
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
    owners: NDArray[np.int64]
    margins: Numbers
    scale: float
    offset: float
    vectors: NDArray[np.float32]

    def learn(
        self, goal: Numbers, weights: Numbers, *, bends: bool
    ) -> tuple["_Lesson", Numbers, NDArray[np.float32]]:
        """The lesson that was fitted, how far its columns and the bias moved, and the axes among the columns."""
        moved = self.fit(goal, weights)
        if not bends:
            return self, moved, no_axes()
        axes = axes_of(self.vectors[self._witnesses(moved)], weights * (goal - self.pooled(moved)))
        bent = replace(
            self, features=hstack([self.features, csr_matrix(squares(self.vectors, axes))], format="csr")
        )
        begun = np.concatenate([moved[:-1], np.zeros(axes.shape[1]), moved[-1:]])
        return bent, bent.fit(goal, weights, begun), axes

    def pooled(self, moved: Numbers | None) -> Numbers:
        """Each comment's score: that of its best sentence."""
        best = self._witnesses(moved)
        return 1 / (1 + np.exp(-(self.scale * self._at(moved)[best] + self.offset)))

    def fit(self, goal: Numbers, weights: Numbers, begun: Numbers | None = None) -> Numbers:
        """How far the columns and the bias (last) move towards `goal`, scores by text: regularised, from the start on."""
        kept = np.flatnonzero(weights > 0)
        moved = np.zeros(self.features.shape[1] + 1) if begun is None else begun
        for _ in range(_ROUNDS):
            rows = self._witnesses(moved)[kept]
            moved = self._descend(moved, rows, goal[kept], weights[kept])
        return moved

    def _at(self, moved: Numbers | None) -> Numbers:
        return self.margins if moved is None else self.margins + self.features @ moved[:-1] + moved[-1]

    def _witnesses(self, moved: Numbers | None) -> NDArray[np.int64]:
        """Of each comment the sentence that speaks most for the theme."""
        order = np.lexsort((-self._at(moved), self.owners))
        return order[np.unique(self.owners[order], return_index=True)[1]]

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


@dataclass(frozen=True, slots=True)
class _Task:
    """What the comments' scores should be, how much each counts, which ones people taught, and the theme's bar."""

    goal: Numbers
    weights: Numbers
    taught: NDArray[np.int64]
    threshold: float

    def counted(self, scores: Numbers) -> HeldOut:
        """How these scores of all comments do on the taught ones."""
        called, truth = scores[self.taught] >= self.threshold, self.goal[self.taught] > 0
        return HeldOut(int(called.sum()), int((called & truth).sum()), int(truth.sum()), len(self.taught))

    def fewer(self) -> int:
        """Taught comments that are of the theme or that are not, whichever are fewer."""
        were = int(self.goal[self.taught].sum())
        return min(were, len(self.taught) - were)


def _best_way(lesson: _Lesson, accounts: NDArray[np.int64], task: _Task) -> tuple[HeldOut | None, bool]:
    """How a head does on held-out comments, and whether it bends: only where that does better."""
    straight = _held_out(lesson, accounts, task, bends=False)
    if straight is None or task.fewer() < FEWEST:
        return straight, False
    bent = _held_out(lesson, accounts, task, bends=True)
    if bent is None or bent.f1 <= straight.f1:
        return straight, False
    return bent, True


def _held_out(lesson: _Lesson, accounts: NDArray[np.int64], task: _Task, *, bends: bool) -> HeldOut | None:
    """Each comment judged by a head that learned from none of its client's comments; None with too few of them."""
    if task.fewer() < LEAST:
        return None
    folds = np.where(accounts == _NOBODY, -1, _folds(accounts, np.where(task.weights > 0, task.goal, 0.0)))
    scores = np.zeros(len(task.goal))
    for fold in range(FOLDS):
        left = folds == fold
        learned, moved, _ = lesson.learn(task.goal, np.where(left, 0.0, task.weights), bends=bends)
        scores[left] = learned.pooled(moved)[left]
    return task.counted(scores)


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
