"""Readings for pages and workers: frozen rows out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import Label, Reading, ReadingTheme, Theme
from voc.analysis.rules import ThemeLabel, ThemeShown, themes_shown

Key = tuple[int, int]  # (account_id, comment_id)


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """One theme a comment can be given."""

    id: int
    key: str
    name: str
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """Severity, escalation or departure as the machine proposes it."""

    level: int
    score: float
    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Mask:
    """What must not leave the account, in code points of the text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One comment's reading with people's labels laid over it."""

    themes: tuple[ThemeShown, ...]
    machine_themes: tuple[ThemeShown, ...]
    unsure: bool
    language: str | None
    read_by_machine: bool
    note: str | None
    severity: Signal | None
    sentiment: float | None
    escalation: Signal | None
    departure: Signal | None
    masks: tuple[Mask, ...]
    version: str
    read_at: datetime


def theme_ids(session: Session) -> dict[str, int]:
    """Each theme's key and id, retired ones included."""
    return dict(session.execute(select(Theme.key, Theme.id)).all())


def theme_choices(session: Session) -> tuple[ThemeChoice, ...]:
    """The themes in use, by name."""
    rows = session.scalars(select(Theme).where(Theme.retired_at.is_(None)).order_by(Theme.name))
    return tuple(ThemeChoice(row.id, row.key, row.name, row.description, tuple(row.examples)) for row in rows)


def readings(session: Session, keys: Sequence[Key]) -> dict[Key, ReadingShown]:
    """The readings of these comments; one that was not read yet is absent."""
    rows = session.scalars(
        select(Reading).where(tuple_(Reading.account_id, Reading.comment_id).in_(list(keys)))
    )
    machine, labels = _machine_themes(session, keys), _labels(session, keys)
    return {
        (row.account_id, row.comment_id): _shown(
            row, machine[row.account_id, row.comment_id], labels[row.account_id, row.comment_id]
        )
        for row in rows
    }


def _machine_themes(session: Session, keys: Sequence[Key]) -> dict[Key, list[ThemeShown]]:
    rows = session.execute(
        select(ReadingTheme, Theme.key, Theme.name)
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .where(tuple_(ReadingTheme.account_id, ReadingTheme.comment_id).in_(list(keys)))
        .order_by(ReadingTheme.score.desc())
    )
    found: dict[Key, list[ThemeShown]] = defaultdict(list)
    for row, key, name in rows:
        shown = ThemeShown(key, name, row.score, row.starts_at, row.ends_at, row.reason, by_person=False)
        found[row.account_id, row.comment_id].append(shown)
    return found


def _labels(session: Session, keys: Sequence[Key]) -> dict[Key, list[ThemeLabel]]:
    rows = session.execute(
        select(Label, Theme.name, User.name)
        .join(Theme, Theme.key == Label.value)
        .join(User, User.id == Label.by_id)
        .where(Label.kind == "theme", tuple_(Label.account_id, Label.comment_id).in_(list(keys)))
    )
    found: dict[Key, list[ThemeLabel]] = defaultdict(list)
    for row, name, by in rows:
        found[row.account_id, row.comment_id].append(ThemeLabel(row.value, name, row.holds, by, row.at))
    return found


def _shown(row: Reading, machine: list[ThemeShown], labels: list[ThemeLabel]) -> ReadingShown:
    themes = themes_shown(machine, labels)
    return ReadingShown(
        themes=themes,
        machine_themes=tuple(machine),
        unsure=not themes,
        language=row.language,
        read_by_machine=row.read_by_machine,
        note=row.note,
        severity=_signal(row, "severity"),
        sentiment=row.sentiment,
        escalation=_signal(row, "escalation"),
        departure=_signal(row, "departure"),
        masks=tuple(Mask(int(str(start)), int(str(end)), str(kind)) for start, end, kind in row.masks),
        version=row.version,
        read_at=row.read_at,
    )


def _signal(row: Reading, name: str) -> Signal | None:
    found = row.signals.get(name)
    return Signal(**found) if isinstance(found, dict) else None
