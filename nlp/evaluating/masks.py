"""Masks against labelled spans."""

from collections.abc import Sequence

from nlp.evaluating import Figures
from nlp.evaluating.labelled import Labelled
from nlp.evaluating.risk import interval
from nlp.pipeline import Reader
from nlp.reading import Mask


def masking_figures(rows: Sequence[Labelled], reader: Reader) -> Figures:
    """Recall (the whole span is covered) and precision (the mask meets a span), each with its interval."""
    met = hit = wanted = claimed = 0
    missed: dict[str, int] = {}
    for row, reading in zip(rows, reader.read([row.text for row in rows]), strict=True):
        gold = spans_of(row)
        left = [mask for mask in gold if not _covered(mask, reading.masks)]
        for mask in left:
            missed[mask.kind] = missed.get(mask.kind, 0) + 1
        wanted += len(gold)
        met += len(gold) - len(left)
        claimed += len(reading.masks)
        hit += sum(
            any(mask.start < one.end and one.start < mask.end for one in gold) for mask in reading.masks
        )
    precision, recall = hit / max(claimed, 1), met / max(wanted, 1)
    return {
        "version": reader.version, "n": len(rows), "spans": wanted, "said": claimed,
        "precision": round(precision, 4), "precision_interval": interval(hit, claimed),
        "recall": round(recall, 4), "recall_interval": interval(met, wanted),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4), "missed": missed,
    }  # fmt: skip


def spans_of(row: Labelled) -> list[Mask]:
    """The labelled spans of a comment."""
    masks = row.labels["masks"]
    assert isinstance(masks, list)  # noqa: S101 - a label file of another shape is a mistake to stop at
    return [Mask(start, end, kind) for start, end, kind in masks]


def _covered(gold: Mask, masks: Sequence[Mask]) -> bool:
    """Whether masks that touch each other cover the whole span."""
    at = gold.start
    for mask in masks:
        if mask.start <= at < mask.end or (at < mask.start and mask.start - at == 1):
            at = mask.end
    return at >= gold.end
