"""What counts as a comment's themes: people's labels over the machine's readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True)
class ThemeLabel:
    """A person's word: the comment is, or is not, about the theme."""

    key: str
    name: str
    holds: bool
    by: str
    at: datetime


def themes_shown(machine: Sequence[ThemeShown], labels: Sequence[ThemeLabel]) -> tuple[ThemeShown, ...]:
    """The themes that hold: the newest label on each theme wins for ever, else the machine's word."""
    newest = {label.key: label for label in sorted(labels, key=lambda label: label.at)}
    kept = [theme for theme in machine if theme.key not in newest]
    said = [_as_shown(label, machine) for label in newest.values() if label.holds]
    return tuple(said + sorted(kept, key=lambda theme: -(theme.score or 0.0)))


def _as_shown(label: ThemeLabel, machine: Sequence[ThemeShown]) -> ThemeShown:
    seen = next((theme for theme in machine if theme.key == label.key), None)
    starts_at, ends_at = (seen.starts_at, seen.ends_at) if seen else (None, None)
    return ThemeShown(label.key, label.name, None, starts_at, ends_at, f"{label.by} says so", by_person=True)
