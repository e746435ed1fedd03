"""Train the sentiment head from GoEmotions and sentences of our own: python bench/sentiment_recipe.py --data DIR."""

import argparse
from pathlib import Path

import numpy as np
from encoder_sentences import WORDS, own_sentences
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from nlp.encoder.static import centred, encoder
from nlp.features import BUCKETS, WordHasher

GOOD = frozenset({0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23})
BAD = frozenset({2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25})


def emotions(folder: Path) -> tuple[list[str], list[float]]:
    """Comments with one clear direction, and half as many without any."""
    texts, goals = [], []
    for at, line in enumerate((folder / "goemotions" / "train.tsv").read_text(encoding="utf-8").splitlines()):
        text, marks, _ = line.split("\t")
        kinds = {int(mark) for mark in marks.split(",")}
        good, bad = bool(kinds & GOOD), bool(kinds & BAD)
        if good != bad:
            texts.append(text)
            goals.append(1.0 if good else -1.0)
        elif kinds == {27} and at % 3 == 0:
            texts.append(text)
            goals.append(0.0)
    return texts, goals


def service() -> tuple[list[str], list[float]]:
    """Our own sentences, judged by which of their parts are good or bad."""
    glad = [
        *WORDS["good"],
        "was friendly and patient",
        "answered within an hour",
        "solved it at once",
        "kept us informed",
        "listened carefully",
        "took the time to understand us",
        "thank you",
        "we are very happy",
        "recommend",
    ]
    sad = [part for part in (*WORDS["bad"], *WORDS["did"], *WORDS["effect"]) if part not in glad]
    texts, goals = [], []
    for said in own_sentences(count=16000, seed=11):
        good, bad = any(part in said for part in glad), any(part in said for part in sad)
        if good != bad:
            texts.append(said)
            goals.append(1.0 if good else -1.0)
        elif not good and len(texts) % 3 == 0:
            texts.append(said)
            goals.append(0.0)
    return texts, goals


def main() -> None:
    """Fit one logistic head and write it as plain arrays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("nlp/config/sentiment.npz"))
    given = parser.parse_args()
    parts = [emotions(given.data), service()]
    texts = [text for part in parts for text in part[0]]
    goals = np.array([goal for part in parts for goal in part[1]])
    table, hasher = encoder(), WordHasher()
    dense = centred(table.encode(texts))
    blocks = []
    for at in range(0, len(texts), 256):
        rows = hasher.features(table, table.lines(texts[at : at + 256]))
        blocks.append(csr_matrix((rows.values, (rows.texts, rows.buckets)), shape=(rows.count, BUCKETS)))
    from scipy.sparse import vstack  # noqa: PLC0415 - only this step needs it

    words = vstack(blocks)
    features = hstack([csr_matrix(dense), words]).tocsr()
    clear = goals != 0
    twice = np.concatenate([np.flatnonzero(clear), np.flatnonzero(~clear), np.flatnonzero(~clear)])
    side = np.concatenate([goals[clear], np.ones((~clear).sum()), -np.ones((~clear).sum())])
    weight = np.concatenate([np.ones(clear.sum()), np.full(2 * (~clear).sum(), 0.5)])
    head = LogisticRegression(C=3.0, max_iter=300, class_weight="balanced")
    head.fit(features[twice], side, sample_weight=weight)
    line = head.coef_[0] / 2
    np.savez_compressed(
        given.out,
        dense=line[:256].astype(np.float32),
        words=line[256:].astype(np.float16),
        bias=np.float32(head.intercept_[0] / 2),
    )
    print(len(texts), "sentences; training agreement", round(head.score(features[clear], goals[clear]), 3))


if __name__ == "__main__":
    main()
