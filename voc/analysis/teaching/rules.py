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
    spoken = {one: False for key in none.machine_said for one in (key, root(key, merged))} if none else {}
    spoken |= {key: label.holds for key, label in said.items()}
    spoken |= _of_merged(rest, spoken, merged)
    seen = () if none else labels[-1].machine_said
    shown = frozenset(seen) | frozenset(root(key, merged) for key in seen)
    return Stance(spoken, shown - frozenset(spoken))


def _of_merged(labels: Sequence[Said], spoken: dict[str, bool], merged: Merged) -> dict[str, bool]:
    """What merged themes are still taught, since they are read on: what was said of them before the merge.

    A no to the theme that counts for one, said since, is a no to it too.
    """
    own = {
        label.value: label.holds for label in labels if label.value in merged and not _is_since(label, merged)
    }
    since = {label.value for label in labels if not label.holds}
    refused = {
        key: False
        for key, one in merged.items()
        if spoken.get(one.into) is False
        and since & {key, one.into}
        and any(one.at <= label.at for label in labels)
    }
    return own | refused


def _is_since(label: Said, merged: Merged) -> bool:
    return label.at >= merged[label.value].at


def _as_person(label: Said) -> PersonLabel:
    return PersonLabel("theme", label.value, "", label.holds, "", label.at, "")


def root(key: str, merged: Merged) -> str:
    """The key of the theme that counts for this one."""
    return merged[key].into if key in merged else key


def touched(label: Said, merged: Merged) -> frozenset[str]:
    """The themes that a label teaches: of merged ones the one it was said of, and since the merge what counts.

    So a merge itself teaches nothing; the next word on either does.
    """
    found: set[str] = set()
    for key in label.machine_said if label.value == NO_THEME else (label.value,):
        one = merged.get(key)
        found |= {one.into} if one is not None and label.at >= one.at else {key}
    if label.value == NO_THEME or not label.holds:
        found |= {key for key, one in merged.items() if one.into in found and label.at >= one.at}
    return frozenset(found)


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
