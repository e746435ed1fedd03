"""What counts as a comment's reading: people's labels over the client's own word over the machine's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

NO_THEME = ""  # the value of a theme label that says: none of our themes fits
TAKEN = "taken"  # the value of a risk label that says: a person looks after what stands
LEAVING = 8  # the severity that says: it may make them leave
_REACHES = {"escalation": "the client asked for it", "departure": "the client gave notice"}


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """One theme of a comment as people see it; `score` is None for a person's label."""

    key: str
    name: str
    score: float | None
    starts_at: int | None
    ends_at: int | None
    reason: str
    by_person: bool
    is_out_of_use: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """Severity (level 1, 2, 4, 8), escalation or departure (level 1) as the machine proposes it."""

    level: int
    score: float
    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class SignalShown:
    """A signal as it counts: `score` is None when a person said it; only the machine's is a proposal."""

    level: int
    score: float | None
    starts_at: int | None
    ends_at: int | None
    reason: str

    @property
    def is_proposal(self) -> bool:
        """Whether only the machine says so."""
        return self.score is not None


@dataclass(frozen=True, slots=True)
class PersonLabel:
    """A person's word on one comment; `value` is a theme's key or a severity's number, `name` a theme's name."""

    kind: str
    value: str
    name: str
    holds: bool
    by: str
    at: datetime
    handle: str
    is_out_of_use: bool = False


@dataclass(frozen=True, slots=True)
class MergedTheme:
    """The theme that counts for a merged one (its key and name), and since when."""

    into: str
    name: str
    at: datetime


Merged = Mapping[str, MergedTheme]  # by the key of the theme that was merged
NONE_MERGED: Merged = {}


def themes_shown(
    machine: Sequence[ThemeShown], labels: Sequence[PersonLabel], merged: Merged = NONE_MERGED
) -> tuple[ThemeShown, ...]:
    """The themes that hold: the newest label on each theme wins for ever, else the machine's word.

    A label that none fits ends everything said before it, by people and by the machine. What was said
    of a merged theme, by people or by the machine, counts for the theme it was merged into.
    """
    said = [label for label in sorted(labels, key=lambda label: label.at) if label.kind == "theme"]
    verdicts = verdicts_of(_since_none(said), merged)
    seen = _counted(machine, merged)
    kept = [] if is_none_fitting(said) else [theme for theme in seen if theme.key not in verdicts]
    people = [_as_shown(label, seen) for label in verdicts.values() if label.holds]
    return tuple(people + sorted(kept, key=lambda theme: -(theme.score or 0.0)))


def verdicts_of(said: Sequence[PersonLabel], merged: Merged) -> dict[str, PersonLabel]:
    """What people say of each theme of one comment, by key: `said` are its theme labels, oldest first.

    Labels are never rewritten: this is the one place where one on a merged theme is read as one on the
    theme that counts for it. What was said of the latter since the merge ends what was said before;
    else a yes to either is a yes.
    """
    newest: dict[tuple[str, bool], PersonLabel] = {}
    for label in said:
        before = label.value in merged and label.at < merged[label.value].at
        newest[label.value if before else _root(label.value, merged), before] = _counts(label, merged)
    found: dict[str, list[PersonLabel]] = {}
    for (key, before), label in newest.items():
        own = newest.get((label.value, False))
        if not before or own is None or own.at < merged[key].at:
            found.setdefault(label.value, []).append(label)
    return {key: max(family, key=lambda label: (label.holds, label.at)) for key, family in found.items()}


def _root(key: str, merged: Merged) -> str:
    return merged[key].into if key in merged else key


def _counts(label: PersonLabel, merged: Merged) -> PersonLabel:
    one = merged.get(label.value)
    return replace(label, value=one.into, name=one.name) if one else label


def _counted(machine: Sequence[ThemeShown], merged: Merged) -> list[ThemeShown]:
    """The machine's themes with merged ones as what they count for; the surest of each."""
    best: dict[str, ThemeShown] = {}
    for theme in sorted(machine, key=lambda theme: -(theme.score or 0.0)):
        one = merged.get(theme.key)
        best.setdefault(
            one.into if one else theme.key, replace(theme, key=one.into, name=one.name) if one else theme
        )
    return list(best.values())


def _as_shown(label: PersonLabel, machine: Sequence[ThemeShown]) -> ThemeShown:
    seen = next((theme for theme in machine if theme.key == label.value), None)
    starts_at, ends_at = (seen.starts_at, seen.ends_at) if seen else (None, None)
    return ThemeShown(
        label.value, label.name, None, starts_at, ends_at, f"{label.by} says so", by_person=True
    )


def severity_shown(
    machine: Signal | None, labels: Sequence[PersonLabel], *, hurt: int | None
) -> SignalShown | None:
    """How bad it is: our person's newest word, else the client's own (`hurt`), else the machine's.

    Who says that the client may leave says how bad it is; who says that it is not leaving takes that back
    from whoever of ours said it before, and from the machine.
    """
    said = _severities(labels)
    if said:
        level, label = said[-1]
        return SignalShown(level, None, None, None, f"{label.by} says so")
    if hurt is not None:
        return SignalShown(hurt, None, None, None, "the client says so")
    refused = (newest := newest_risk(labels, "departure")) is not None and not newest.holds
    return None if refused and machine is not None and machine.level == LEAVING else _proposal(machine)


def _severities(labels: Sequence[PersonLabel]) -> list[tuple[int, PersonLabel]]:
    """Each word of a person on how bad it is that no later one took back, oldest first."""
    found: list[tuple[int, PersonLabel]] = []
    for label in sorted(labels, key=lambda label: label.at):
        if label.kind == "severity":
            found.append((int(label.value), label))
        elif label.kind == "departure" and not label.holds:
            found = [(level, one) for level, one in found if level != LEAVING]
        elif label.kind == "departure" and label.value != TAKEN:
            found.append((LEAVING, label))
    return found


def risk_shown(
    kind: str, machine: Signal | None, labels: Sequence[PersonLabel], *, declared: bool
) -> SignalShown | None:
    """Whether someone senior is wanted, or the client may leave; `kind` is escalation or departure.

    What the client declared holds whatever anybody says; else a person's newest word; else the
    machine's proposal.
    """
    if declared:
        return SignalShown(1, None, None, None, _REACHES[kind])
    label = newest_risk(labels, kind)
    if label is not None:
        return SignalShown(1, None, None, None, f"{label.by} says so") if label.holds else None
    return _proposal(machine)


def newest_risk(labels: Sequence[PersonLabel], kind: str) -> PersonLabel | None:
    """A person's newest word on whether it is so; that somebody looks after it says nothing of that."""
    said = [label for label in labels if label.kind == kind and label.value != TAKEN]
    return max(reversed(said), key=lambda label: label.at, default=None)


def is_said(labels: Sequence[PersonLabel], wanted: PersonLabel, merged: Merged) -> bool:
    """Whether people's words, oldest first, say already what `wanted` would say."""
    if wanted.kind == "severity":
        said = _severities(labels)
        return bool(said) and said[-1][1].kind == "severity" and said[-1][1].value == wanted.value
    if wanted.kind != "theme":
        if wanted.value == TAKEN:
            return any(label.kind == wanted.kind and label.value == TAKEN for label in labels)
        newest = newest_risk(labels, wanted.kind)
        return newest is not None and newest.holds == wanted.holds
    said_themes = [label for label in labels if label.kind == "theme"]
    if wanted.value == NO_THEME:
        return bool(said_themes) and said_themes[-1].value == NO_THEME
    counts = verdicts_of(_since_none(said_themes), merged).get(wanted.value)
    return counts is not None and counts.holds == wanted.holds


def is_none_fitting(labels: Sequence[PersonLabel]) -> bool:
    """Whether a person said that none of our themes fits; a no to one theme does not say that."""
    return any(label.kind == "theme" and label.value == NO_THEME for label in labels)


def _since_none(said: Sequence[PersonLabel]) -> Sequence[PersonLabel]:
    """Theme labels since the newest that says that none fits; all where none says so."""
    cuts = [place for place, label in enumerate(said) if label.value == NO_THEME]
    return said[cuts[-1] + 1 :] if cuts else said


def _proposal(machine: Signal | None) -> SignalShown | None:
    if machine is None:
        return None
    return SignalShown(machine.level, machine.score, machine.starts_at, machine.ends_at, machine.reason)


def marks(
    spans: Iterable[tuple[int | None, int | None, str]], length: int
) -> tuple[tuple[int, int, str], ...]:
    """Overlapping spans as pieces that follow each other, each with all its reasons; outside `length` is cut off."""
    real = [
        (max(start, 0), min(end, length), why)
        for start, end, why in spans
        if start is not None and end is not None
    ]
    edges = sorted({edge for start, end, _ in real for edge in (start, end)})
    pieces = []
    for start, end in pairwise(edges):
        whys = [why for first, last, why in real if first <= start and end <= last]
        if whys:
            pieces.append((start, end, " · ".join(dict.fromkeys(whys))))
    return tuple(pieces)
