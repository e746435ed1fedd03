"""From comments by week to the counts of a window."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voc.breadth.estimating.facts import Audit, Facts, checked_facts
from voc.core.errors import Invalid

_MENTIONS = 3  # dimensions: issue, client, week


class Panel(Protocol):
    """K issues, N clients, T weeks.

    mentions: (K, N, T) comments of a client in a week that are tagged with the issue.
    other: (K, N, T) its comments on anything else.
    segment, revenue: (N,).
    answers: (K, N) `Answer`.
    audit: (K, 2) looked-at tags, right and wrong; the wrong ones are still among the mentions.
    """

    mentions: NDArray[np.integer]
    other: NDArray[np.integer]
    segment: NDArray[np.integer]
    revenue: NDArray[np.floating]
    answers: NDArray[np.integer]
    audit: NDArray[np.integer]


def facts_of(panel: Panel) -> Sequence[Facts]:
    """The facts of each issue of the panel."""
    mentions, other = np.asarray(panel.mentions), np.asarray(panel.other)
    if mentions.ndim != _MENTIONS or mentions.shape != other.shape:
        raise Invalid(
            f"A panel of shapes {mentions.shape} and {other.shape} cannot be used: issues, clients, weeks.",
            fields={"mentions": "must have the shape of other: issues, clients, weeks"},
        )
    weeks_mentioned, told, others = (mentions > 0).sum(axis=2), mentions.sum(axis=2), other.sum(axis=2)
    return [
        checked_facts(
            weeks_mentioned=weeks_mentioned[k], mentions=told[k], others=others[k], segments=panel.segment,
            answers=panel.answers[k], values=panel.revenue, window_weeks=float(mentions.shape[2]),
            audit=_audit(panel, k),
        )
        for k in range(len(mentions))
    ]  # fmt: skip


def _audit(panel: Panel, issue: int) -> Audit:
    right, wrong = map(float, panel.audit[issue])
    return Audit(right, wrong, kept=wrong)
