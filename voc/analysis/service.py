"""Stores what was read, and sets up the themes."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from voc.analysis.models import FirstReading, Reading, ReadingTheme, Theme, Vector
from voc.analysis.queries import given_theme_ids, theme_ids
from voc.analysis.themes.versions import note_shipped
from voc.core import clock, ids
from voc.db import work
from voc.db.among import among
from voc.db.upsert import Prepared, rows_to_add, rows_to_add_once, rows_to_keep

MATCH = "match"  # the work stage after reading
_STARTER = Path(__file__).parent / "starter_themes.toml"
_FIRST_COLUMNS = ("language", "read_by_machine", "note", "unsure", "sentiment")
_KEYS = ("account_id", "comment_id")
_READING_COLUMNS = (
    "version", "language", "read_by_machine", "note", "unsure", "severity", "sentiment",
    "escalation", "departure", "signals", "masks", "read_at",
)  # fmt: skip
_Row = dict[str, Any]  # one row of a bulk INSERT: column name to value


@dataclass(frozen=True, slots=True)
class SeenTheme:
    """A theme the machine sees; the span is in code points of the text, half-open."""

    key: str
    score: float
    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class SeenSignal:
    """Severity, escalation or departure with the words that made the machine think so."""

    level: int
    score: float
    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReadComment:
    """What a reader gives back for one comment; `vector` is 256 little-endian float16 as bytes."""

    account_id: int
    comment_id: int
    version: str
    language: str | None
    read_by_machine: bool
    note: str | None
    unsure: bool
    themes: tuple[SeenTheme, ...]
    severity: SeenSignal | None
    sentiment: float | None
    escalation: SeenSignal | None
    departure: SeenSignal | None
    masks: tuple[tuple[int, int, str], ...]
    vector: bytes | None


def store_readings(
    session: Session,
    held: work.Claim,
    readings: Sequence[ReadComment],
    *,
    themes: Mapping[str, int] | None = None,
) -> int:
    """Stores those readings whose rows the claim still holds, and puts them in line for grouping.

    Gives the number stored. Running twice stores the same rows once. `themes` are the ids by key of those
    that are given, where they are known; all that is costly is then made ready before the database is locked.
    """
    ready = _Ready.of(session, readings, themes)
    mine = work.finish(session, held, [(one.account_id, one.comment_id) for one in readings])
    if len(mine) < len(readings):
        kept = [one for one in readings if (one.account_id, one.comment_id) in mine]
        ready = _Ready.of(session, kept, themes)
    ready.store(session)
    ready.line.run(session)
    return len(mine)


def replace_readings(session: Session, readings: Sequence[ReadComment]) -> None:
    """Writes these readings over what stood before; the first one of each comment stays for ever."""
    if readings:
        _Ready.of(session, readings, None).store(session)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written for some readings, in the driver's own values."""

    keys: Sequence[tuple[int, int]]
    readings: Prepared
    first: Prepared
    themes: Prepared
    vectors: Prepared
    line: Prepared

    @classmethod
    def of(
        cls, session: Session, readings: Sequence[ReadComment], themes: Mapping[str, int] | None
    ) -> "_Ready":
        ids_of = given_theme_ids(session) if themes is None else themes
        readings = only_given(readings, ids_of)
        seen = [_theme_row(one, theme, ids_of) for one in readings for theme in one.themes]
        placed = [one for one in readings if one.vector]
        return cls(
            [(one.account_id, one.comment_id) for one in readings],
            rows_to_keep(
                session, Reading, [_reading_row(one) for one in readings], keys=_KEYS, values=_READING_COLUMNS
            ),
            rows_to_add_once(session, FirstReading, [_first_row(one) for one in readings]),
            rows_to_add(session, ReadingTheme, seen),
            rows_to_keep(
                session,
                Vector,
                [_vector_row(one) for one in placed],
                keys=_KEYS,
                values=("version", "numbers"),
            ),
            work.in_line(session, MATCH, [(one.account_id, one.comment_id) for one in placed]),
        )

    def store(self, session: Session) -> None:
        """Writes all but the line."""
        self.readings.run(session)
        if self.first.run(session) < len(self.keys):  # else none was read before, and none has themes
            session.execute(
                delete(ReadingTheme).where(
                    among(session, (ReadingTheme.account_id, ReadingTheme.comment_id), self.keys)
                )
            )
        self.themes.run(session)
        self.vectors.run(session)


def only_given(readings: Sequence[ReadComment], themes: Mapping[str, int]) -> list[ReadComment]:
    """The readings with these themes alone; who is left without any is unsure."""
    kept = [tuple(theme for theme in one.themes if theme.key in themes) for one in readings]
    return [
        replace(one, themes=left, unsure=one.unsure or (bool(one.themes) and not left))
        for one, left in zip(readings, kept, strict=True)
    ]


def _reading_row(one: ReadComment) -> _Row:
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "version": one.version,
        "language": one.language,
        "read_by_machine": one.read_by_machine,
        "note": one.note,
        "unsure": one.unsure,
        "severity": one.severity.level if one.severity else None,
        "sentiment": one.sentiment,
        "escalation": one.escalation.score if one.escalation else None,
        "departure": one.departure.score if one.departure else None,
        "signals": _signals(one),
        "masks": [list(mask) for mask in one.masks],
        "read_at": clock.now(),
    }


def _first_row(one: ReadComment) -> _Row:
    body = {
        **{name: getattr(one, name) for name in _FIRST_COLUMNS},
        "themes": [
            [theme.key, theme.score, theme.starts_at, theme.ends_at, theme.reason] for theme in one.themes
        ],
        "signals": _signals(one),
        "masks": [list(mask) for mask in one.masks],
    }
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "version": one.version,
        "body": body,
        "read_at": clock.now(),
    }


def _signals(one: ReadComment) -> dict[str, dict[str, object]]:
    found = {"severity": one.severity, "escalation": one.escalation, "departure": one.departure}
    return {
        name: {
            "level": signal.level,
            "score": signal.score,
            "starts_at": signal.starts_at,
            "ends_at": signal.ends_at,
            "reason": signal.reason,
        }
        for name, signal in found.items()
        if signal
    }


def _theme_row(one: ReadComment, theme: SeenTheme, themes: Mapping[str, int]) -> _Row:
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "theme_id": themes[theme.key],
        "score": theme.score,
        "starts_at": theme.starts_at,
        "ends_at": theme.ends_at,
        "reason": theme.reason,
    }


def _vector_row(one: ReadComment) -> _Row:
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "version": one.version,
        "numbers": one.vector,
    }


def ensure_starter_themes(session: Session) -> int:
    """Puts in the themes we ship, once; gives how many were new. Edited ones are left as they are."""
    starter = tomllib.loads(_STARTER.read_text(encoding="utf-8"))["theme"]
    known = theme_ids(session)
    fresh = [theme for theme in starter if theme["key"] not in known]
    session.add_all(
        Theme(
            id=ids.new_id(),
            public_id=ids.new_public_id(),
            key=theme["key"],
            name=theme["name"],
            description=theme["description"],
            examples=list(theme["examples"]),
            created_at=clock.now(),
        )
        for theme in fresh
    )
    session.flush()
    if fresh:
        note_shipped(session)
    return len(fresh)
