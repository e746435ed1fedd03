"""Train the head of severity on sentences of our own: python bench/severity_recipe.py --data DIR [--folds].

It leans on a head of feelings of its own, which has not seen these sentences: the one that is shipped has learned from
them, and would know by heart what it should only hint at.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sentiment_recipe import fit as fit_feelings
from sentiment_recipe import learned as taught_feelings
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from nlp.components.tokens import words_of
from nlp.encoder.static import centred, encoder
from nlp.evaluating.labelled import read_labelled
from nlp.features import BUCKETS, WordHasher
from nlp.phrases import PhraseFinder, load_phrases
from nlp.severity_head import HEAD, LEVELS, traits_of

LABELS = tuple(Path("tests/nlp/labels") / name for name in ("severity_train.jsonl", "risk_train.jsonl"))
STRENGTH, TRAIT_SHARE, FEELING_SHARE = 10.0, 0.5, 0.2
"""Chosen by folds: 3 and 30, shares of 0 to 1 and of 0 to 1 are within .01 of each other (2026-11-22)."""


def taught(data: Path) -> tuple[list[str], NDArray[np.int64]]:
    """Labelled sentences with how bad they are; "leaving" is not learned here."""
    read = [row for path in LABELS for row in read_labelled(path, data)]
    rows = [row for row in read if row.labels.get("severity") in (0, *LEVELS)]
    return [row.text for row in rows], np.array([int(str(row.labels["severity"])) for row in rows])


def features_of(texts: list[str], data: Path) -> tuple[csr_matrix, NDArray[np.float32]]:
    """Vectors, hashed words, phrases and feelings; and the weights that make feelings of the first two."""
    table, hasher = encoder(), WordHasher()
    finder = PhraseFinder(load_phrases(HEAD.parent / "phrases.toml"))
    rows, vectors = hasher.features(table, table.lines(texts)), centred(table.encode(texts))
    words = csr_matrix((rows.values, (rows.texts, rows.buckets)), shape=(rows.count, BUCKETS))
    *known, _ = taught_feelings(data, hurting=False)
    feeling = fit_feelings(*known).coef_.T.astype(np.float32)
    feeling -= feeling.mean(axis=1, keepdims=True)
    felt = hstack([csr_matrix(vectors), words]) @ feeling
    traits = np.array([traits_of(finder.hits(words_of(text))) for text in texts])
    parts = [csr_matrix(vectors), words, csr_matrix(traits * TRAIT_SHARE), csr_matrix(felt * FEELING_SHARE)]
    return hstack(parts).tocsr(), feeling


def fit(features: csr_matrix, truth: NDArray[np.bool_]) -> LogisticRegression:
    """One head."""
    return LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear").fit(features, truth)


def on_folds(features: csr_matrix, goals: NDArray[np.int64]) -> list[float]:
    """For each level how well sentences at least so bad stand apart (AUROC), by heads that have not seen them."""
    scores = np.zeros((len(goals), len(LEVELS)))
    for seen, unseen in StratifiedKFold(5, shuffle=True, random_state=1).split(goals, goals):
        for at, level in enumerate(LEVELS):
            head = fit(features[seen], goals[seen] >= level)
            scores[unseen, at] = head.predict_proba(features[unseen])[:, 1]
    return [round(float(roc_auc_score(goals >= level, scores[:, at])), 3) for at, level in enumerate(LEVELS)]


def main() -> None:
    """Fit a head for each level and write them as plain arrays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HEAD)
    parser.add_argument("--folds", action="store_true", help="only print what folds say")
    given = parser.parse_args()
    texts, goals = taught(given.data)
    features, feeling = features_of(texts, given.data)
    if given.folds:
        print("AUROC on folds:", on_folds(features, goals))
        return
    heads = [fit(features, goals >= level) for level in LEVELS]
    weight = np.concatenate([head.coef_ for head in heads]).T
    plain, traits, felt = np.split(weight, [len(feeling), len(feeling) + 2 * len(LEVELS)])
    plain = plain + FEELING_SHARE * feeling @ felt
    bias = np.concatenate([head.intercept_ for head in heads])
    np.savez_compressed(
        given.out, dense=plain[:256].astype(np.float32), words=plain[256:].astype(np.float16),
        traits=(TRAIT_SHARE * traits).astype(np.float32), bias=bias.astype(np.float32),
    )  # fmt: skip
    print(len(texts), "sentences")


if __name__ == "__main__":
    main()
