"""Readings for pages and workers: frozen rows out."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.names import known_names
from voc.analysis.merged import merged_themes
from voc.analysis.models import FirstReading, Label, Reading, ReadingTheme, Theme
from voc.analysis.rules import (
    Merged,
    PersonLabel,
    Signal,
    SignalShown,
    ThemeShown,
    risk_shown,
    severity_shown,
    themes_shown,
)
from voc.core.names import Names
from voc.core.text import fingerprint
from voc.intake.models import Comment

Key = tuple[int, int]  # (account_id, comment_id)


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """One theme a comment can be given; `parent` is the key of the one it stands under."""

    id: int
    key: str
    name: str
    description: str
    examples: tuple[str, ...]
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """What must not leave the account, in code points of the text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One comment's reading with people's labels laid over it.

    `themes`, `severity`, `escalation` and `departure` are what counts (people's labels first); the
    `machine_` ones are what the machine says now. `version` and `read_at` are None when no machine
    read it and only people spoke.
    """

    themes: tuple[ThemeShown, ...]
    machine_themes: tuple[ThemeShown, ...]
    unsure: bool
    language: str | None
    read_by_machine: bool
    note: str | None
    severity: SignalShown | None
    sentiment: float | None
    escalation: SignalShown | None
    departure: SignalShown | None
    machine_severity: Signal | None
    machine_escalation: Signal | None
    machine_departure: Signal | None
    masks: tuple[Mask, ...]
    labels: tuple[PersonLabel, ...]
    version: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class FirstShown:
    """The machine's first answer, kept for ever; themes as (name, score), severity as its level."""

    themes: tuple[tuple[str, float], ...]
    severity: int | None
    escalation: bool
    departure: bool
    read_by_machine: bool
    read_at: datetime


def theme_ids(session: Session) -> dict[str, int]:
    """Each theme's key and id, retired ones included."""
    return dict(session.execute(select(Theme.key, Theme.id)).all())


def given_theme_ids(session: Session) -> dict[str, int]:
    """Key and id of each theme that comments are given: not those out of use, which others are only learned beside."""
    is_given = or_(Theme.retired_at.is_(None), Theme.merged_into_id.is_not(None))
    return dict(session.execute(select(Theme.key, Theme.id).where(is_given)).all())


@dataclass(frozen=True, slots=True)
class ThemeAge:
    """When a theme came, and since when it is out of use."""

    key: str
    created_at: datetime
    retired_at: datetime | None


def theme_ages(session: Session) -> tuple[ThemeAge, ...]:
    """Every theme there ever was, the oldest first."""
    rows = session.execute(
        select(Theme.key, Theme.created_at, Theme.retired_at).order_by(Theme.created_at, Theme.id)
    )
    return tuple(ThemeAge(*row) for row in rows)


def theme_choices(session: Session) -> tuple[ThemeChoice, ...]:
    """The themes in use, by name; each parent is followed by those under it."""
    rows = list(session.scalars(select(Theme).where(Theme.retired_at.is_(None)).order_by(Theme.name)))
    keys = {row.id: row.key for row in rows}
    found = [
        ThemeChoice(row.id, row.key, row.name, row.description, tuple(row.examples), keys.get(row.parent_id or 0))
        for row in rows
    ]  # fmt: skip
    tops = [one for one in found if one.parent is None]
    return tuple(low for top in tops for low in (top, *(one for one in found if one.parent == top.key)))


def readings(session: Session, keys: Sequence[Key]) -> dict[Key, ReadingShown]:
    """The readings of these comments; one that neither a machine read nor a person labelled is absent."""
    rows = session.scalars(
        select(Reading).where(tuple_(Reading.account_id, Reading.comment_id).in_(list(keys)))
    )
    read = {(row.account_id, row.comment_id): row for row in rows}
    names = known_names(session)
    machine, labels, declared = (
        _machine_themes(session, keys, names),
        labels_of(session, keys),
        _declared(session, keys),
    )
    merged, gone = merged_themes(session), set(theme_ids(session)) - set(given_theme_ids(session))
    return {
        key: _shown(read.get(key), machine[key], labels[key], declared[key], merged, gone, names)
        for key in keys
        if key in declared and (key in read or key in labels)
    }


def _machine_themes(session: Session, keys: Sequence[Key], names: Names) -> dict[Key, list[ThemeShown]]:
    rows = session.execute(
        select(ReadingTheme, Theme.key, Theme.name)
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .where(tuple_(ReadingTheme.account_id, ReadingTheme.comment_id).in_(list(keys)))
        .order_by(ReadingTheme.score.desc())
    )
    found: dict[Key, list[ThemeShown]] = defaultdict(list)
    for row, key, name in rows:
        reason = names.hide(row.reason)
        shown = ThemeShown(key, name, row.score, row.starts_at, row.ends_at, reason, by_person=False)
        found[row.account_id, row.comment_id].append(shown)
    return found


def label_handle(label_id: int) -> str:
    """The name of a label in a URL: nobody learns its key or makes one up."""
    return fingerprint("label", str(label_id))


def theme_labels(session: Session, keys: Sequence[Key]) -> dict[Key, list[PersonLabel]]:
    """What people said each of these comments is about, oldest first, as they said it."""
    return {
        key: [label for label in labels if label.kind == "theme"]
        for key, labels in labels_of(session, keys).items()
    }


def labels_of(session: Session, keys: Sequence[Key]) -> dict[Key, list[PersonLabel]]:
    """All that people said of each of these comments, oldest first."""
    rows = session.execute(
        select(Label, Theme.name, Theme.retired_at.is_not(None) & Theme.merged_into_id.is_(None), User.name)
        .join(User, User.id == Label.by_id)
        .outerjoin(Theme, (Theme.key == Label.value) & (Label.kind == "theme"))
        .where(tuple_(Label.account_id, Label.comment_id).in_(list(keys)))
        .order_by(Label.id)
    )
    found: dict[Key, list[PersonLabel]] = defaultdict(list)
    for row, name, is_gone, by in rows:
        said = PersonLabel(
            row.kind, row.value, name or "", row.holds, by, row.at, label_handle(row.id), bool(is_gone)
        )
        found[row.account_id, row.comment_id].append(said)
    return found


@dataclass(frozen=True, slots=True)
class _Declared:
    hurt: int | None
    senior: bool
    leaving: bool
    praise: bool


def _declared(session: Session, keys: Sequence[Key]) -> dict[Key, _Declared]:
    rows = session.execute(
        select(Comment.account_id, Comment.id, Comment.hurt, Comment.wants_senior, Comment.kind).where(
            tuple_(Comment.account_id, Comment.id).in_(list(keys))
        )
    )
    return {
        (account, comment): _Declared(
            hurt, senior or kind == "escalation", kind == "termination", kind == "praise"
        )
        for account, comment, hurt, senior, kind in rows
    }


def _shown(
    row: Reading | None,
    machine: list[ThemeShown],
    labels: list[PersonLabel],
    declared: _Declared,
    merged: Merged,
    gone: AbstractSet[str],
    names: Names,
) -> ReadingShown:
    found = themes_shown(machine, labels, merged)
    themes = tuple(replace(one, is_out_of_use=one.key in gone) for one in found)
    severity, escalation, departure = (
        _signal(row, name, names) for name in ("severity", "escalation", "departure")
    )
    return ReadingShown(
        themes=themes,
        machine_themes=tuple(machine),
        unsure=not themes,
        language=row.language if row else None,
        read_by_machine=row.read_by_machine if row else False,
        note=row.note if row else None,
        severity=severity_shown(None if declared.praise else severity, labels, hurt=declared.hurt),
        sentiment=row.sentiment if row else None,
        escalation=risk_shown("escalation", escalation, labels, declared=declared.senior),
        departure=risk_shown("departure", departure, labels, declared=declared.leaving),
        machine_severity=severity,
        machine_escalation=escalation,
        machine_departure=departure,
        masks=masks_of(row),
        labels=tuple(labels),
        version=row.version if row else None,
        read_at=row.read_at if row else None,
    )


def masks_of(row: Reading | None) -> tuple[Mask, ...]:
    """What must not leave the account, as spans of the comment."""
    found = row.masks if row else []
    return tuple(Mask(int(str(start)), int(str(end)), str(kind)) for start, end, kind in found)


def _signal(row: Reading | None, name: str, names: Names) -> Signal | None:
    found = row.signals.get(name) if row else None
    if not isinstance(found, dict):
        return None
    signal = Signal(**found)
    return replace(signal, reason=names.hide(signal.reason))


def first_reading(session: Session, key: Key) -> FirstShown | None:
    """What the machine first said of this comment; None when it has not read it yet."""
    row = session.get(FirstReading, key)
    if row is None:
        return None
    body: dict[str, Any] = row.body
    names = dict(session.execute(select(Theme.key, Theme.name)).all())
    themes = [(names.get(key, key), float(score)) for key, score, *_ in body["themes"]]
    signals = body["signals"]
    severity = signals.get("severity")
    return FirstShown(
        tuple(themes),
        severity["level"] if severity else None,
        "escalation" in signals,
        "departure" in signals,
        bool(body["read_by_machine"]),
        row.read_at,
    )
