"""Train the sentiment head on GoEmotions, our own sentences, clients' words and complaints: ... --data DIR."""

import argparse
from pathlib import Path

import numpy as np
from encoder_sentences import WORDS, own_sentences
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nlp.encoder.static import centred, encoder
from nlp.evaluating.labelled import read_labelled
from nlp.features import BUCKETS, WordHasher

COMPLAINTS = Path("tests/nlp/labels/sentiment_train.jsonl")
CLIENTS = Path("tests/nlp/labels/sentiment_clients.jsonl")
HURTS = Path("tests/nlp/labels/severity_train.jsonl")
FAR_WEIGHT, CLIENT_WEIGHT, COMPLAINT_WEIGHT = 0.5, 12.0, 30.0
"""Chosen among six by folds of the complaints and of the clients' sentences, whose sides are half evened out after."""
STRENGTH = 1.0
SIDES = (-1.0, 0.0, 1.0)
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
        elif kinds == {27} and at % 2 == 0:
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


def complaints(folder: Path) -> tuple[list[str], list[float]]:
    """Sentences of complaints labelled by hand, none of a comment that judges."""
    rows = read_labelled(COMPLAINTS, folder)
    return [row.text for row in rows], [float(str(row.labels["feeling"])) for row in rows]


def clients(*, held: bool) -> tuple[list[str], list[float]]:
    """Sentences in the voice of business clients: those to learn from, or the fifth that no head has learned."""
    rows = [row for row in read_labelled(CLIENTS) if bool(row.labels.get("held")) == held]
    return [row.text for row in rows], [float(str(row.labels["feeling"])) for row in rows]


def hurts() -> tuple[list[str], list[float]]:
    """The sentences of the head of severity: what hurts displeases, `feeling` marks those that please."""
    rows = read_labelled(HURTS)
    return [row.text for row in rows], [
        -1.0 if row.labels["severity"] else float(str(row.labels.get("feeling", 0))) for row in rows
    ]


def features_of(texts: list[str]) -> csr_matrix:
    """Vectors, then hashed words."""
    table, hasher = encoder(), WordHasher()
    rows = hasher.features(table, table.lines(texts))
    words = csr_matrix((rows.values, (rows.texts, rows.buckets)), shape=(rows.count, BUCKETS))
    return hstack([csr_matrix(centred(table.encode(texts))), words]).tocsr()


def fit(features: csr_matrix, goals: NDArray[np.float64], weight: NDArray[np.float64]) -> LogisticRegression:
    """One head for the three sides."""
    return LogisticRegression(C=STRENGTH, max_iter=150).fit(features, goals, sample_weight=weight)


def balanced(goals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights under which each side counts the same."""
    times = {side: float((goals == side).sum()) for side in SIDES}
    return np.array([len(goals) / (len(SIDES) * times[goal]) for goal in goals])


def on_folds(
    features: csr_matrix, goals: NDArray[np.float64], weight: NDArray[np.float64], ours: int
) -> float:
    """Accuracy on the labelled complaints (the last `ours`) by heads that have not seen them."""
    first = len(goals) - ours
    right = 0
    for seen, unseen in StratifiedKFold(3, shuffle=True, random_state=0).split(np.zeros(ours), goals[first:]):
        chosen = np.concatenate([np.arange(first), first + seen])
        said = fit(features[chosen], goals[chosen], weight[chosen]).predict(features[first + unseen])
        right += int((said == goals[first + unseen]).sum())
    return right / ours


def learned(data: Path, *, hurting: bool) -> tuple[csr_matrix, NDArray[np.float64], NDArray[np.float64], int]:
    """All that is taught: features, sides, weights, and how many complaints come last; `hurting`: what hurts too."""
    far, own = [emotions(data), service()], [clients(held=False), *([hurts()] if hurting else [])]
    near = complaints(data)
    parts = [*far, *own, near]
    goals = np.array([goal for part in parts for goal in part[1]])
    ours, first = len(near[0]), sum(len(part[0]) for part in far)
    weight = np.full(len(goals), COMPLAINT_WEIGHT)
    weight[:first] = FAR_WEIGHT * balanced(goals[:first])
    weight[first:-ours] = CLIENT_WEIGHT * balanced(goals[first:-ours]) ** 0.5
    return features_of([text for part in parts for text in part[0]]), goals, weight, ours


def main() -> None:
    """Fit one head for three sides and write it as plain arrays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("nlp/config/sentiment.npz"))
    parser.add_argument("--folds", action="store_true", help="only print what folds say")
    given = parser.parse_args()
    features, goals, weight, ours = learned(given.data, hurting=True)
    if given.folds:
        print("accuracy on folds of the complaints:", round(on_folds(features, goals, weight, ours), 3))
        return
    head = fit(features, goals, weight)
    unseen, truth = clients(held=True)
    right = (head.predict(features_of(unseen)) == truth).mean()
    print(len(goals), "sentences; of the clients' held out", right)
    np.savez_compressed(
        given.out, dense=head.coef_[:, :256].T.astype(np.float32),
        words=head.coef_[:, 256:].T.astype(np.float16), bias=head.intercept_.astype(np.float32),
    )  # fmt: skip


if __name__ == "__main__":
    main()
