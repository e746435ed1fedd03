"""Several labels a text, by our features and heads: python -m bench.understanding_ours TRAIN TEST [--encoder NAME]."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.choice import ENCODERS, choose
from nlp.second_opinion import OPINION, Examples, heard
from nlp.train import feature_matrix, logistic, vectors_of

STRENGTH = 10.0


def columns(path: Path) -> tuple[list[str], list[list[str]]]:
    """Texts, and the labels of each."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"].split("|") for row in rows]


def f1(gold: NDArray[np.bool_], said: NDArray[np.bool_]) -> NDArray[np.float64]:
    """F1 of each column; 0 where nothing is right."""
    right = (gold & said).sum(axis=0)
    return np.asarray(2 * right / np.maximum(gold.sum(axis=0) + said.sum(axis=0), 1))


def several(train: Path, test: Path) -> dict[str, float]:
    """Micro and macro F1 of heads that each learned from all training texts, at one half; where in doubt the nearest texts."""
    taught, owned = columns(train)
    asked, truth = columns(test)
    labels = sorted({label for row in owned for label in row})
    features, others = feature_matrix(taught), feature_matrix(asked)
    gold, learned = (
        np.array([[label in row for label in labels] for row in side]) for side in (truth, owned)
    )
    margins = [
        logistic(STRENGTH).fit(features, learned[:, at]).decision_function(others)
        for at in range(len(labels))
    ]
    examples = Examples.taught(vectors_of(features), learned)
    found = heard(np.stack(margins, axis=1).astype(np.float32), vectors_of(others), examples, OPINION) > 0
    return {
        "micro_f1": round(float(f1(gold.reshape(-1, 1), found.reshape(-1, 1))[0]), 4),
        "macro_f1": round(float(f1(gold, found).mean()), 4),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0])
    parser.add_argument("--encoder-folder", type=Path, default=Path("data/encoder"))
    given = parser.parse_args()
    choose(given.encoder, given.encoder_folder)
    print(json.dumps(several(given.train, given.test)))
