"""Whether someone senior should see a comment and whether its client may leave, as its page asks of people."""

from dataclasses import dataclass

from voc.analysis.queries import ReadingShown
from voc.analysis.rules import TAKEN, Signal, newest_risk


@dataclass(frozen=True, slots=True)
class Risk:
    """One of the two: `asks` is why a person should act: declared, raised (by our people) or proposed.

    `asks` is empty where nothing waits. `holds` where our people's word is yes, `by` whose it is;
    `machine` is what the machine proposes; `is_declared` where the client said so, which nobody can deny.
    """

    kind: str
    asks: str
    holds: bool
    by: str
    machine: Signal | None
    is_declared: bool


def risks_of(reading: ReadingShown | None, *, wants_senior: bool, gave_notice: bool) -> tuple[Risk, Risk]:
    """Both: someone senior first."""
    machine = reading.machine_escalation if reading else None
    leaving = reading.machine_departure if reading else None
    return (
        _risk("escalation", reading, machine, declared=wants_senior),
        _risk("departure", reading, leaving, declared=gave_notice),
    )


def _risk(kind: str, reading: ReadingShown | None, machine: Signal | None, *, declared: bool) -> Risk:
    labels = [label for label in reading.labels if label.kind == kind] if reading else []
    newest = newest_risk(labels, kind)
    # Before a word of its own said that somebody looks after it, any word on what a client declared did.
    taken = any(label.value == TAKEN for label in labels) or (declared and bool(labels))
    holds = newest is not None and newest.holds
    asks = ""
    if not taken and (declared or holds):
        asks = "declared" if declared else "raised"
    elif newest is None and machine is not None and not declared:
        asks = "proposed"
    return Risk(kind, asks, holds, newest.by if newest else "", machine, declared)
