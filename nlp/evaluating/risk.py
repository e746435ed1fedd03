"""Departure, escalation and severity against labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.evaluating import Figures
from nlp.evaluating.labelled import Labelled, marked
from nlp.pipeline import Reader
from nlp.reading import Reading
from nlp.scores import wilson

KINDS = ("departure", "escalation")


def risk_figures(rows: Sequence[Labelled], reader: Reader) -> Figures:
    """Precision and recall with 95 % intervals, of all comments and of the real ones among them."""
    readings = reader.read([row.text for row in rows])
    real = np.array([row.real for row in rows])
    figures: Figures = {"version": reader.version, "n": len(rows), "n_real": int(real.sum())}
    for kind in KINDS:
        truth = np.array([marked(row.labels[kind]) for row in rows])
        said = np.array([getattr(reading, kind) is not None for reading in readings])
        figures[kind] = share_figures(truth, said)
        if real.any():
            figures[f"{kind}_real"] = share_figures(truth[real], said[real])
    return {**figures, "severity": _severity(rows, readings)}


def share_figures(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> Figures:
    """Precision and recall of what was said."""
    right, claimed, wanted = int((truth & said).sum()), int(said.sum()), int(truth.sum())
    return {
        "precision": round(right / max(claimed, 1), 4),
        "precision_interval": interval(right, claimed),
        "recall": round(right / max(wanted, 1), 4),
        "recall_interval": interval(right, wanted),
        "said": claimed, "positives": wanted,
    }  # fmt: skip


def interval(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson, rounded for reading."""
    low, high = wilson(right, n)
    return round(low, 4), round(high, 4)


def _severity(rows: Sequence[Labelled], readings: Sequence[Reading]) -> Figures:
    """How often the level agrees where one was judged, and how often something is called wrong rightly."""
    pairs = [
        (int(str(row.labels["severity"])), reading.severity.level if reading.severity else 0)
        for row, reading in zip(rows, readings, strict=True)
        if str(row.labels.get("severity")).isdigit()
    ]
    same = sum(gold == level for gold, level in pairs)
    found = share_figures(
        np.array([gold > 0 for gold, _ in pairs], dtype=bool),
        np.array([level > 0 for _, level in pairs], dtype=bool),
    )
    return {"agreement": round(same / max(len(pairs), 1), 4), "interval": interval(same, len(pairs)),
            "n": len(pairs), "anything_wrong": found}  # fmt: skip
