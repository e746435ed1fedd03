"""What the starter themes say of comments labelled by hand, before anybody corrected anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.evaluating import Figures
from nlp.evaluating.labelled import Labelled
from nlp.evaluating.risk import interval
from nlp.pipeline import Reader


@dataclass(frozen=True, slots=True)
class Judged:
    """Themes said of a comment, best first, beside those a careful lead expects and those also accepted."""

    said: tuple[str, ...]
    expected: frozenset[str]
    accepted: frozenset[str]


def starter_figures(rows: Sequence[Labelled], reader: Reader) -> Figures:
    """Of comments with a theme: how many get one; how often the first is right; all themes; silence elsewhere."""
    readings = reader.read([row.text for row in rows])
    judged = [
        Judged(tuple(theme.key for theme in reading.themes), *_labels(row))
        for row, reading in zip(rows, readings, strict=True)
    ]
    spoken = [one for one in judged if one.accepted]
    silent = [one for one in judged if not one.accepted]
    first = [one.said[0] in one.accepted for one in judged if one.said]
    return {
        "version": reader.version, "n": len(judged), "with_a_theme": len(spoken),
        "said_of_them": round(sum(bool(one.said) for one in spoken) / max(len(spoken), 1), 4),
        "first_precision": round(sum(first) / max(len(first), 1), 4),
        "first_interval": interval(sum(first), len(first)),
        "silent_of_the_others": round(sum(not one.said for one in silent) / max(len(silent), 1), 4),
        **_all(judged), "themes": _by_theme(judged),
    }  # fmt: skip


def _labels(row: Labelled) -> tuple[frozenset[str], frozenset[str]]:
    expected, also = (frozenset(_keys(row.labels[name])) for name in ("themes", "acceptable"))
    return expected, expected | also


def _keys(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _all(judged: Sequence[Judged]) -> Figures:
    said = sum(len(one.said) for one in judged)
    right = sum(len(one.accepted.intersection(one.said)) for one in judged)
    found = sum(len(one.expected.intersection(one.said)) for one in judged)
    precision, recall = right / max(said, 1), found / max(sum(len(one.expected) for one in judged), 1)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(_f1(precision, recall), 4),
    }


def _by_theme(judged: Sequence[Judged]) -> Figures:
    """Precision and recall of each theme, and the mean of their F1."""
    keys = sorted({key for one in judged for key in one.expected})
    figures: Figures = {}
    scores = []
    for key in keys:
        said, were = (
            [one for one in judged if key in one.said],
            [one for one in judged if key in one.expected],
        )
        precision = sum(key in one.accepted for one in said) / max(len(said), 1)
        recall = sum(key in one.said for one in were) / max(len(were), 1)
        figures[key] = [round(precision, 3), round(recall, 3)]
        scores.append(_f1(precision, recall))
    return {**figures, "macro_f1": round(sum(scores) / max(len(scores), 1), 4)}


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(precision + recall, 1e-9)
