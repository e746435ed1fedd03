"""Sentiment against sentences labelled twice, beside any other scores in the same run."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from nlp.evaluating import Figures
from nlp.evaluating.labelled import Labelled
from nlp.evaluating.risk import interval
from nlp.pipeline import Reader

NEUTRAL = 0.3
"""Below this a feeling is none; chosen on the training texts of bench/sentiment_recipe.py."""


def side(feeling: float | None, band: float) -> int:
    """-1, 0 or 1; nothing read is 0."""
    if feeling is None or abs(feeling) < band:
        return 0
    return 1 if feeling > 0 else -1


def sentiment_figures(
    rows: Sequence[Labelled], reader: Reader, peer: Callable[[str], float] | None
) -> Figures:
    """Agreement of the two labellings, and accuracy where they agree: ours, and the peer's with its own band."""
    pairs = [(int(str(row.labels["first"])), int(str(row.labels["second"]))) for row in rows]
    gold = [(row.text, first) for row, (first, second) in zip(rows, pairs, strict=True) if first == second]
    readings = reader.read([text for text, _ in gold])
    ours = [side(reading.sentiment, NEUTRAL) for reading in readings]
    figures: Figures = {
        "version": reader.version, "n": len(rows), "labelled_alike": len(gold),
        "agreement": round(len(gold) / max(len(rows), 1), 4), "kappa": round(_kappa(pairs), 4),
        "classes": {str(label): sum(one == label for _, one in gold) for label in (-1, 0, 1)},
        "ours": _accuracy(ours, [label for _, label in gold]),
    }  # fmt: skip
    if peer is not None:
        figures["peer"] = _accuracy(
            [side(peer(text), 0.05) for text, _ in gold], [label for _, label in gold]
        )
    return figures


def peer_scores(path: Path) -> Callable[[str], float]:
    """Scores of another tool from a CSV with the columns text and score, made in the bench's own environment."""
    with path.open(newline="", encoding="utf-8") as file:
        scores = {row["text"]: float(row["score"]) for row in csv.DictReader(file)}
    return scores.__getitem__


def _accuracy(said: Sequence[int], truth: Sequence[int]) -> Figures:
    right = sum(one == other for one, other in zip(said, truth, strict=True))
    clear = [(one, other) for one, other in zip(said, truth, strict=True) if other]
    return {"accuracy": round(right / max(len(truth), 1), 4), "interval": interval(right, len(truth)),
            "of_clear": round(sum(one == other for one, other in clear) / max(len(clear), 1), 4)}  # fmt: skip


def _kappa(pairs: Sequence[tuple[int, int]]) -> float:
    """Agreement beyond chance (Cohen 1960)."""
    n = max(len(pairs), 1)
    seen = sum(one == other for one, other in pairs) / n
    chance = (
        sum(
            sum(one == label for one, _ in pairs) * sum(other == label for _, other in pairs)
            for label in (-1, 0, 1)
        )
        / n**2
    )
    return (seen - chance) / max(1 - chance, 1e-9)
