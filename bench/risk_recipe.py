"""Train the heads of departure and escalation: python bench/risk_recipe.py --data DIR [--out FILE] [--keep FILE]."""

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from risk_sentences import risk_sentences
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from nlp.components.notes import Batch
from nlp.encoder.static import BATCH, centred, encoder
from nlp.evaluating.labelled import Labelled, marked, read_labelled, sentences, texts_of
from nlp.features import BUCKETS, WordHasher
from nlp.patterns import pattern_finder
from nlp.risk_head import (
    HEAD,
    KINDS,
    PATTERNS,
    VECTOR_SHARE,
    WORD_SHARE,
    Finding,
    RiskHead,
    SentenceTraits,
)  # fmt: skip

Arrays = dict[str, NDArray[Any]]

LABELS = Path("tests/nlp/labels/risk_train.jsonl")
EACH, DRAWN_WEIGHT, FAR_WEIGHT, FAR = 30, 0.2, 0.3, 2000
NEAR_WEIGHT, NEAR = 0.2, 4000
REAL_WEIGHT = 2.0
STRENGTH, GATE_STRENGTH = 1.5, 3.0
LEAVING_STRENGTH = 0.5
LEAST = 0.02
"""Smaller weights of traits are not kept."""
LEAVING = ("end:", "leave:")
"""How the traits of nlp/leaving.py begin; a head over them alone is mixed into that of departure."""
GATE_MISSES = 0.03
"""Share of what the heads find that the gates lose on folds."""
FOUND, GATE_WORTH, GATE_TEXTS = 0.5, 0.3, 12_000
"""A gate is taught by what a head scores at least so high, among so many sentences of complaints and half as many others."""
PRECISION = 0.9
"""The precision that the bar must have on folds of the training labels that were not picked for being hard."""
_NEAR = re.compile(
    r"\b(?:clos|cancel|leav|left|switch|another|elsewhere|never|terminat|renew|end|stop|quit|attorney|lawyer|legal|bbb|su(?:e|ing)\b|"
    r"court|complain|supervis|manager|report|ceo|media|review|police|ftc|cfpb|executive|escalat|corporate|investigat)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Taught:
    """Texts with what they say of each kind and how much each counts; the first `labelled` are people's."""

    texts: list[str]
    truth: NDArray[np.bool_]
    weight: NDArray[np.float64]
    labelled: int
    hard: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """A head over all features, and what the traits of leaving alone add to it."""

    whole: NDArray[np.float64]
    leaving: NDArray[np.float64]
    bias: float


def held(row: Labelled) -> bool:
    """Whether a sentence is of the third of the complaints that a head with --hold-out has not seen."""
    complaint = str(row.labels.get("file", "")).startswith("cfpb")
    return complaint and int(str(row.labels["row"])) // 2 % 3 == 0


def taught(data: Path, *, hold_out: bool = False) -> Taught:
    """The labelled training half, sentences of our own grammar, and far sentences that surely say neither."""
    rows = [row for row in read_labelled(LABELS, data) if not (hold_out and held(row))]
    own = list(risk_sentences(each=EACH))
    near, far = near_sentences(data), far_sentences(data)
    texts = [row.text for row in rows] + [said for said, _, _ in own] + near + far
    truth = [[marked(row.labels[kind]) for kind in KINDS] for row in rows]
    truth += [[bool(departure), bool(escalation)] for _, departure, escalation in own] + [
        [False, False]
    ] * len(near + far)
    weight = [REAL_WEIGHT if row.real else 1.0 for row in rows] + [DRAWN_WEIGHT] * len(own)
    weight += [NEAR_WEIGHT] * len(near) + [FAR_WEIGHT] * len(far)
    hard = np.array([bool(row.labels.get("hard")) for row in rows])
    return Taught(texts, np.array(truth), np.array(weight), len(rows), hard)


def near_sentences(data: Path) -> list[str]:
    """Comments of GoEmotions with words of these matters: talk among people, so hardly ever about a provider."""
    found = [said for said in texts_of(data / "goemotions" / "train.tsv") if _NEAR.search(said)]
    random.Random(5).shuffle(found)
    return found[:NEAR]


def far_sentences(data: Path) -> list[str]:
    """Sentences of odd rows of the complaints, and half as many comments of GoEmotions, without any word of these matters."""
    found = [said for text in _odd_narratives(data) for said in sentences(text)]
    return [*_far(found, FAR), *_far(texts_of(data / "goemotions" / "train.tsv"), FAR // 2)]


def _odd_narratives(data: Path) -> Sequence[str]:
    return texts_of(data / "cfpb" / "cfpb_loan_narratives_2827.csv")[1::2]


def _far(texts: Sequence[str], count: int) -> list[str]:
    kept = [said for said in texts if len(said) > 20 and not _NEAR.search(said)]
    random.Random(5).shuffle(kept)
    return kept[:count]


def static_features(texts: list[str]) -> csr_matrix:
    """Vectors, then hashed words, with the shares that the head gives them."""
    table, hasher = encoder(), WordHasher()
    rows = hasher.features(table, table.lines(texts))
    words = csr_matrix((rows.values, (rows.texts, rows.buckets)), shape=(rows.count, BUCKETS))
    return hstack([csr_matrix(centred(table.encode(texts))) * VECTOR_SHARE, words * WORD_SHARE]).tocsr()


def close_features(texts: list[str]) -> tuple[csr_matrix, list[str]]:
    """Traits of each text, and their names."""
    traits = SentenceTraits(pattern_finder(PATTERNS))
    found = [traits.of(traits.look(text)) for text in texts]
    shape = DictVectorizer(dtype=np.float32)
    return shape.fit_transform(found), list(shape.get_feature_names_out())


def held_out(features: csr_matrix, given: Taught, at: int, strength: float) -> NDArray[np.float64]:
    """Margins of the labelled texts from heads that have not seen them."""
    truth, labelled = given.truth[:, at], given.labelled
    others = np.arange(labelled, len(given.texts))
    margins = np.zeros(labelled)
    for seen, unseen in StratifiedKFold(4, shuffle=True, random_state=0).split(
        np.zeros(labelled), truth[:labelled]
    ):
        chosen = np.concatenate([seen, others])
        margins[unseen] = fit(
            features[chosen], truth[chosen], given.weight[chosen], strength
        ).decision_function(features[unseen])
    return margins


def fit(
    features: csr_matrix, truth: NDArray[np.bool_], weight: NDArray[np.float64], strength: float
) -> LogisticRegression:
    """One logistic head."""
    return LogisticRegression(C=strength, max_iter=600).fit(features, truth, sample_weight=weight)


def bar_of(score: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The lowest bar whose precision holds, with precision and recall there."""
    order = np.argsort(-score)
    right = np.cumsum(truth[order])
    precision = right / np.arange(1, len(order) + 1)
    last = int(np.flatnonzero(precision >= PRECISION)[-1])
    return float(score[order[last]]), float(precision[last]), float(right[last] / truth.sum())


def gate_texts(known: Taught, data: Path) -> list[str]:
    """What teaches the gates: all that teaches the heads, and any sentences of odd complaints and of talk among people."""
    found = [said for text in _odd_narratives(data) for said in sentences(text)]
    talk = list(texts_of(data / "goemotions" / "train.tsv"))
    random.Random(3).shuffle(found)
    random.Random(4).shuffle(talk)
    return known.texts + found[:GATE_TEXTS] + talk[: GATE_TEXTS // 2]


def findings(texts: list[str], head: RiskHead) -> Iterator[tuple[Finding, Finding]]:
    """What the heads find in each text, whatever the gates say."""
    table = encoder()
    lines = table.lines(texts)
    vectors = table.vectors(lines)
    features = WordHasher().features(table, lines)
    batch = Batch(lines, vectors, vectors, features, np.arange(len(texts)))
    return map(head.findings, texts, head.static(batch).tolist())


def gates_of(texts: list[str], head: RiskHead) -> Iterator[tuple[LogisticRegression, float]]:
    """For each kind the head that decides what is looked at closely, and the least margin that passes."""
    static = static_features(texts)
    found = [one for at in range(0, len(texts), BATCH) for one in findings(texts[at : at + BATCH], head)]
    for at, kind in enumerate(KINDS):
        score = np.array([one[at].score for one in found])
        worth = score >= GATE_WORTH
        gate = LogisticRegression(C=GATE_STRENGTH, max_iter=1000)
        margins = cross_val_predict(gate, static, worth, cv=StratifiedKFold(4), method="decision_function")
        least = float(np.quantile(margins[score >= FOUND], GATE_MISSES))
        far = margins[-GATE_TEXTS - GATE_TEXTS // 2 : -GATE_TEXTS // 2]
        print(kind, "gate", round(least, 3), "complaints let through", round(float((far > least).mean()), 3))
        yield gate.fit(static, worth), least


def mixed(
    both: csr_matrix, leaving: csr_matrix, given: Taught, at: int
) -> tuple[NDArray[np.float64], Weights]:
    """Margins on folds and the weights of a head, for departure mixed with one over the traits of leaving alone."""
    truth, labelled = given.truth[:, at], given.labelled
    margins = held_out(both, given, at, STRENGTH)
    head = fit(both, truth, given.weight, STRENGTH)
    if KINDS[at] != "departure":
        return margins, Weights(head.coef_[0], np.zeros(leaving.shape[1]), float(head.intercept_[0]))
    alone = held_out(leaving, given, at, LEAVING_STRENGTH)
    parts = np.stack([margins, alone], axis=1)
    mix = LogisticRegression().fit(parts, truth[:labelled], sample_weight=given.weight[:labelled])
    lean = fit(leaving, truth, given.weight, LEAVING_STRENGTH)
    share, other = mix.coef_[0]
    bias = share * head.intercept_[0] + other * lean.intercept_[0] + mix.intercept_[0]
    print("shares of the whole head and of leaving alone", round(share, 3), round(other, 3))
    return parts @ mix.coef_[0] + mix.intercept_[0], Weights(
        head.coef_[0] * share, lean.coef_[0] * other, float(bias)
    )


def keeping(found: Arrays, before: Path) -> Arrays:
    """What was found, with all of escalation as another file has it."""
    out = {name: value.copy() for name, value in found.items()}
    with np.load(before) as kept:
        for name in ("dense", "words", "bias"):
            out[name][..., 1::2] = kept[name][..., 1::2]
        for name in ("slope", "offset", "gate"):
            out[name][1] = kept[name][1]
        mine = dict(zip(out["traits"].tolist(), out["trait_weights"][:, 0].tolist(), strict=True))
        other = dict(zip(kept["traits"].tolist(), kept["trait_weights"][:, 1].tolist(), strict=True))
    both = {name: (mine.get(name, 0.0), other.get(name, 0.0)) for name in (*mine, *other)}
    weights = {name: pair for name, pair in both.items() if max(map(abs, pair)) > LEAST}
    out["traits"] = np.array(list(weights))
    out["trait_weights"] = np.array(list(weights.values()), dtype=np.float32)
    return out


def heads(known: Taught) -> Arrays:
    """Fit the heads, calibrate them on folds and print the bars; the columns of the gates are empty."""
    static = static_features(known.texts)
    close, names = close_features(known.texts)
    leaving = np.array([name.startswith(LEAVING) for name in names])
    both = hstack([static, close]).tocsr()
    easy = ~known.hard
    columns, biases, slopes, offsets, traits = [], [], [], [], []
    for at, kind in enumerate(KINDS):
        truth = known.truth[: known.labelled, at]
        margins, head = mixed(both, close[:, leaving], known, at)
        scale = LogisticRegression(C=100.0).fit(margins[easy, None], truth[easy])
        slopes.append(scale.coef_[0, 0])
        offsets.append(scale.intercept_[0])
        score = 1 / (1 + np.exp(-(slopes[-1] * margins + offsets[-1])))
        reached = [round(one, 3) for one in bar_of(score[easy], truth[easy])]
        print(kind, "bar, precision, recall on folds:", reached)
        columns.append(head.whole[: static.shape[1]])
        traits.append(head.whole[static.shape[1] :].copy())
        traits[-1][leaving] += head.leaving
        biases.append(head.bias)
    empty = np.zeros((static.shape[1], len(KINDS)))
    weights = np.hstack([np.stack(columns, axis=1), empty])
    close_weights = np.stack(traits, axis=1)
    kept = np.abs(close_weights).max(axis=1) > LEAST
    return {
        "dense": (weights[:256] * VECTOR_SHARE).astype(np.float32), "words": (weights[256:] * WORD_SHARE).astype(np.float16),
        "bias": np.array([*biases, 0.0, 0.0], dtype=np.float32), "traits": np.array(names)[kept],
        "trait_weights": close_weights[kept].astype(np.float32), "slope": np.array(slopes, dtype=np.float32),
        "offset": np.array(offsets, dtype=np.float32), "gate": np.zeros(len(KINDS), dtype=np.float32),
    }  # fmt: skip


def main() -> None:
    """Fit heads, then the gates by what the heads find, and write plain arrays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HEAD)
    parser.add_argument("--keep", type=Path, help="take escalation from this file as it is")
    parser.add_argument("--hold-out", action="store_true", help="leave a third of the narratives out")
    given = parser.parse_args()
    known = taught(given.data, hold_out=given.hold_out)
    found = heads(known)
    np.savez_compressed(given.out, **found)
    gates = gates_of(gate_texts(known, given.data), RiskHead(head=given.out))
    for at, (gate, least) in enumerate(gates, len(KINDS)):
        found["dense"][:, at] = gate.coef_[0, :256] * VECTOR_SHARE
        found["words"][:, at] = gate.coef_[0, 256:] * WORD_SHARE
        found["bias"][at] = gate.intercept_[0]
        found["gate"][at - len(KINDS)] = least
    np.savez_compressed(given.out, **(keeping(found, given.keep) if given.keep else found))


if __name__ == "__main__":
    main()
