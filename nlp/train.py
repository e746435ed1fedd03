"""Teaches one theme from people's corrections; runs in the training worker, never while reading."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nlp.encoder.choice import encoder
from nlp.encoder.static import DIMENSIONS, centred
from nlp.features import BUCKETS, WordHasher
from nlp.heads import HeadArrays
from nlp.theme_bank import calibrate

STRENGTH = 10.0
FOLDS = 5
ENOUGH = 5
"""Fewer positives or negatives than this have no held-out figures."""


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


def shared_by_accounts(features: csr_matrix, accounts: Sequence[int], fewest: int) -> csr_matrix:
    """The features without words that fewer than `fewest` accounts use: a head must not learn one client's names."""
    seen = np.zeros(features.shape[1], dtype=np.int64)
    owners = np.array(accounts)
    for account in np.unique(owners):
        seen[np.unique(features[owners == account].indices)] += 1
    seen[:DIMENSIONS] = fewest
    kept = features.copy()
    kept.data = np.where(seen[kept.indices] >= fewest, kept.data, 0).astype(kept.data.dtype)
    kept.eliminate_zeros()
    return kept


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a head does on examples it has not seen: margins in the order given."""

    margins: NDArray[np.float64]
    precision: float | None
    recall: float | None
    n: int


def train_head(
    theme: str,
    positives: Sequence[str],
    negatives: Sequence[str],
    *,
    accounts: Sequence[int] | None = None,
    fewest_accounts: int = 3,
    strength: float = STRENGTH,
    threshold: float = 0.5,
    version: str | None = None,
) -> HeadArrays:
    """One theme's head from texts that speak of it and texts that do not; at least one of each.

    `accounts` (positives first, then negatives) keeps words out that fewer than three accounts use.
    Precision and recall come from five-fold cross-validation; the head itself learns from all.
    """
    if not positives or not negatives:
        raise ValueError(f"Theme {theme!r} needs a text that is of it and one that is not.")
    features = feature_matrix([*positives, *negatives])
    if accounts is not None:
        features = shared_by_accounts(features, accounts, fewest_accounts)
    truth = np.array([True] * len(positives) + [False] * len(negatives))
    held = held_out(features, truth, strength=strength, threshold=threshold)
    fitted = logistic(strength).fit(features, truth)
    scale, offset = calibrate(held.margins[:, None], truth[:, None]) if held.n else (1.0, 0.0)
    line = fitted.coef_[0]
    used = np.flatnonzero(line[DIMENSIONS:])
    weights = line[DIMENSIONS:][used].astype(np.float32)
    return HeadArrays(
        theme=theme,
        version=version or hashlib.sha256(line.astype(np.float32).tobytes()).hexdigest()[:12],
        n=len(truth),
        dense=line[:DIMENSIONS].astype(np.float32),
        buckets=used.astype(np.int32),
        weights=weights,
        bias=float(fitted.intercept_[0]),
        scale=scale,
        offset=offset,
        threshold=threshold,
        precision=held.precision,
        recall=held.recall,
        held_out=held.n,
    )


def logistic(strength: float, *, balanced: bool = True) -> LogisticRegression:
    """The estimator of every head."""
    weight = "balanced" if balanced else None
    return LogisticRegression(C=strength, class_weight=weight, solver="liblinear", random_state=0)


def held_out(features: csr_matrix, truth: NDArray[np.bool_], *, strength: float, threshold: float) -> HeldOut:
    """Margins of each example from a head that did not see it, and what they come to at `threshold`."""
    margins = np.zeros(len(truth))
    fewest = int(min(truth.sum(), (~truth).sum()))
    if fewest < ENOUGH:
        return HeldOut(margins, None, None, 0)
    for taught, left in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(features, truth):
        margins[left] = (
            logistic(strength).fit(features[taught], truth[taught]).decision_function(features[left])
        )
    scale, offset = calibrate(margins[:, None], truth[:, None])
    said = 1 / (1 + np.exp(-(scale * margins + offset))) >= threshold
    right = float((said & truth).sum())
    precision = right / said.sum() if said.any() else None
    return HeldOut(margins, precision, right / float(truth.sum()), len(truth))
