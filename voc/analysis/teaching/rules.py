"""What people's labels on one comment say of each theme, spoken or left as it stood."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from voc.analysis.rules import NO_THEME, Merged, PersonLabel, verdicts_of

LEAST = 10
"""Fewer held-out comments that are of a theme, or that are not, tell nothing (nlp/train.py has the same)."""


@dataclass(frozen=True, slots=True)
class Said:
    """One theme label as it teaches; `machine_said` are the themes the machine showed at that moment."""

    id: int
    value: str
    holds: bool
    at: datetime
    machine_said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """What one comment teaches: `spoken` by theme, and the themes that were left as the machine said."""

    spoken: dict[str, bool]
    left: frozenset[str]


def stance_of(labels: Sequence[Said], merged: Merged) -> Stance:
    """What a comment's labels, oldest first, say; keys are those of the themes that count.

    "None of our themes fits" speaks against each theme the machine showed then, and ends what was said before.
    """
    cuts = [place for place, label in enumerate(labels) if label.value == NO_THEME]
    none = labels[cuts[-1]] if cuts else None
    rest = labels[cuts[-1] + 1 :] if cuts else labels
    said = verdicts_of([_as_person(label) for label in rest], merged)
    spoken = {root(key, merged): False for key in none.machine_said} if none else {}
    spoken |= {key: label.holds for key, label in said.items()}
    shown = frozenset() if none else frozenset(root(key, merged) for key in labels[-1].machine_said)
    return Stance(spoken, shown - frozenset(spoken))


def _as_person(label: Said) -> PersonLabel:
    return PersonLabel("theme", label.value, "", label.holds, "", label.at, "")


def root(key: str, merged: Merged) -> str:
    """The key of the theme that counts for this one."""
    return merged[key].into if key in merged else key


def touched(label: Said, merged: Merged) -> frozenset[str]:
    """The themes a label speaks of."""
    keys = label.machine_said if label.value == NO_THEME else (label.value,)
    return frozenset(root(key, merged) for key in keys)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which labels speak of one theme: how many, and the newest; both change when one is taken back."""

    labels: int = 0
    newest: int = 0


def stamps(labels: Iterable[Said], merged: Merged) -> dict[str, Stamp]:
    """The stamp of each theme that people spoke of."""
    found: dict[str, Stamp] = {}
    for label in labels:
        for key in touched(label, merged):
            before = found.get(key, Stamp())
            found[key] = Stamp(before.labels + 1, max(before.newest, label.id))
    return found


def may_tell(*, were: int, seen: int) -> bool:
    """Whether enough comments were held out to say how often the machine is right."""
    return min(were, seen - were) >= LEAST
