"""Heads as rows: a new version each time a theme learns, the newest one counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voc.analysis.models import Theme, ThemeHead
from voc.analysis.teaching.rules import Stamp
from voc.analysis.themes.state import SpecRow
from voc.core import clock

KEPT = 5
"""Versions of a theme whose arrays are kept; of older ones only the figures are."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The newest head of one theme; `arrays` is empty where all corrections were taken back.

    Learned from 0 corrections it is what the archive taught a theme of few sentences.
    """

    theme_id: int
    key: str
    version: int
    arrays: bytes
    stamp: Stamp
    about: str
    pipeline: str
    learned_from: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How a head did on held-out comments, and of how many corrections it learned."""

    learned_from: int
    called: int = 0
    right: int = 0
    were: int = 0
    seen: int = 0


def about(spec: SpecRow, mark: str = "") -> str:
    """A fingerprint of what a theme begins with: a head learned from something else is learned anew.

    That are its words, and where it learns from the archive too, the archive's `mark`.
    """
    begun = (spec.name, spec.description, spec.examples, *((mark,) if mark else ()))
    return sha256(repr(begun).encode()).hexdigest()


def newest(session: Session) -> dict[str, Learned]:
    """Each theme's newest head, by the theme's key."""
    last = select(ThemeHead.theme_id, func.max(ThemeHead.version).label("version")).group_by(
        ThemeHead.theme_id
    )
    latest = last.subquery()
    rows = session.execute(
        select(ThemeHead, Theme.key)
        .join(latest, (latest.c.theme_id == ThemeHead.theme_id) & (latest.c.version == ThemeHead.version))
        .join(Theme, Theme.id == ThemeHead.theme_id)
    )
    return {
        key: Learned(
            row.theme_id, key, row.version, row.arrays, Stamp(row.labels, row.newest_label),
            row.about, row.pipeline, row.learned_from,
        )
        for row, key in rows
    }  # fmt: skip


def in_force(session: Session, keys: Collection[str], pipeline: str) -> tuple[Learned, ...]:
    """The heads that themes of `keys` are read with by this pipeline, in order of key."""
    found = newest(session)
    return tuple(
        found[key]
        for key in sorted(found)
        if key in keys and found[key].arrays and found[key].pipeline == pipeline
    )


def due(
    specs: Sequence[SpecRow],
    known: Mapping[str, Learned],
    stamps: Mapping[str, Stamp],
    pipeline: str,
    marks: Mapping[str, str] | None = None,
) -> tuple[SpecRow, ...]:
    """The themes in use that have something to learn: labels came or went, or they begin with something else.

    `marks` are those of the themes that learn from the archive; they learn even where nobody spoke of them.
    """
    marks = marks or {}
    return tuple(
        spec
        for spec in specs
        if spec.is_read and _is_due(spec, known.get(spec.key), stamps, pipeline, marks.get(spec.key, ""))
    )


def _is_due(
    spec: SpecRow, head: Learned | None, stamps: Mapping[str, Stamp], pipeline: str, mark: str
) -> bool:
    stamp = stamps.get(spec.key, Stamp())
    if head is None:
        return stamp.labels > 0 or bool(mark)
    if head.stamp != stamp:
        return True
    learns = stamp.labels > 0 or bool(mark) or bool(head.arrays)
    return learns and (head.about, head.pipeline) != (about(spec, mark), pipeline)


def keep(
    session: Session,
    spec: SpecRow,
    arrays: bytes,
    figures: Figures,
    stamp: Stamp,
    pipeline: str,
    *,
    mark: str = "",
) -> int | None:
    """Stores what a theme learned as its next version and gives that; None when the theme is gone.

    The caller holds the training lease, so that no two heads are made of one theme at once.
    """
    theme = session.scalar(select(Theme.id).where(Theme.key == spec.key))
    if theme is None:
        return None
    version = 1 + (
        session.scalar(select(func.max(ThemeHead.version)).where(ThemeHead.theme_id == theme)) or 0
    )
    session.add(
        ThemeHead(
            theme_id=theme, version=version, arrays=arrays, learned_from=figures.learned_from,
            precision=figures.right / figures.called if figures.called else None,
            recall=figures.right / figures.were if figures.were else None,
            held_out=figures.seen, called=figures.called, right=figures.right, were=figures.were,
            labels=stamp.labels, newest_label=stamp.newest, about=about(spec, mark), pipeline=pipeline,
            trained_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    session.execute(
        update(ThemeHead)
        .where(ThemeHead.theme_id == theme, ThemeHead.version <= version - KEPT)
        .values(arrays=b"")
        .execution_options(synchronize_session=False)
    )
    return version
