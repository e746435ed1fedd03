"""The comments a change is tried on, and the words by which themes are read: for workers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.analysis.merged import merged_themes
from voc.analysis.models import Reading, Theme
from voc.analysis.queries import Key, masks_of, theme_labels
from voc.analysis.rules import Merged, MergedTheme, PersonLabel
from voc.analysis.themes import versions
from voc.analysis.themes.state import SpecRow, Taught, Themes, in_use, root_of, specs
from voc.core import clock
from voc.core.names import Names
from voc.core.text import mask
from voc.intake.models import Comment

LOOKED_AT: Final = 1_000  # comments; issue 4 asks for these, and both readings of them take some seconds


@dataclass(frozen=True, slots=True)
class Newest:
    """One comment with its words and what people said it is about."""

    key: Key
    public_id: str
    text: str
    labels: tuple[PersonLabel, ...]


def newest(session: Session) -> tuple[Newest, ...]:
    """The newest comments that were said, newest first, whether a machine has read them or not."""
    rows = session.execute(
        select(Comment.account_id, Comment.id, Comment.public_id, Comment.text)
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
    ).all()
    labels = theme_labels(session, [(row.account_id, row.id) for row in rows])
    return tuple(
        Newest((row.account_id, row.id), row.public_id, row.text, tuple(labels.get((row.account_id, row.id), ())))
        for row in rows
    )  # fmt: skip


def spec_rows(session: Session, themes: Themes | None = None) -> tuple[SpecRow, ...]:
    """What the machine reads these themes by, the ones in force when None; clients' words stand masked."""
    stand = versions.current(session).themes if themes is None else themes
    said = sentences(session, (taught for one in stand.values() for taught in one.taught_by))
    return specs(stand, said, _beside(session, stand))


def _beside(session: Session, themes: Themes) -> frozenset[str]:
    """Themes out of use that the others are still learned beside: until a theme is added, none of them moves.

    What comes in the place of another (a split, a new theme after one went) is never held against it, and when
    the newest theme goes, all is as it was before it came.
    """
    if not any(one.is_retired and not one.merged_into for one in themes.values()):
        return frozenset()
    rows = {row.key: row for row in session.scalars(select(Theme))}
    now = clock.now()
    added = max((rows[key].created_at if key in rows else now for key in in_use(themes)), default=now)
    return frozenset(
        key
        for key, one in themes.items()
        if one.is_retired
        and not one.merged_into
        and key in rows
        and rows[key].created_at <= added < (rows[key].retired_at or now)
    )


def sentences(session: Session, taught: Iterable[Taught]) -> dict[Taught, str]:
    """The clients' words that teach, masked; those of comments that were erased are missing."""
    wanted = list(taught)
    rows = session.execute(
        select(Comment.public_id, Comment.text, Reading)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(Comment.public_id.in_({one.comment for one in wanted}))
    )
    names = known_names(session)
    said = {public_id: (text, reading) for public_id, text, reading in rows}
    return {one: _sentence(*said[one.comment], one, names) for one in wanted if one.comment in said}


def _sentence(text: str, reading: Reading | None, taught: Taught, names: Names) -> str:
    start, end = taught.starts_at or 0, taught.ends_at if taught.ends_at is not None else len(text)
    inside = [one for one in masks_of(reading) if start <= one.start and one.end <= end]
    cut = [type(one)(one.start - start, one.end - start, one.kind) for one in inside]
    return " ".join(mask(text[start:end], cut, names).split())


def merged_as(session: Session, themes: Themes) -> Merged:
    """What counts for each merged theme in `themes`; merges that are only wished count from now on."""
    standing = merged_themes(session)
    found = {}
    for key in themes:
        into = root_of(themes, key)
        if into == key:
            continue
        known = standing.get(key)
        at = known.at if known is not None and known.into == into else clock.now()
        found[key] = MergedTheme(into, themes[into].name, at)
    return found
