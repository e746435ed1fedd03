"""The comments people looked at, as lessons for the training worker."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session

from voc.analysis.merged import merged_themes
from voc.analysis.models import Label, Reading, TeachingLook
from voc.analysis.queries import Key
from voc.analysis.rules import Merged
from voc.analysis.teaching.rules import Said, Stamp, Stance, stamps, stance_of
from voc.core import clock
from voc.db.upsert import insert_or_replace
from voc.intake.models import Comment

MOST = 5_000
"""Comments that teach: the newest that people spoke of. More cost minutes and move a head little."""
UNSPOKEN = 300
"""Of the comments nobody spoke of the newest: on them a theme goes on saying what it said."""
_AT_ONCE = 500
_LOOK = "labels"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One comment's words, whose they are, and what people's labels say of it."""

    account_id: int
    text: str
    stance: Stance


@dataclass(frozen=True, slots=True)
class Board:
    """All that people teach now: the lessons, by theme which labels speak of it, and words nobody spoke of."""

    lessons: tuple[Lesson, ...]
    stamps: dict[str, Stamp]
    unspoken: tuple[str, ...]


def labels_now(session: Session) -> Stamp:
    """How many theme labels there are, and the newest: cheap, for whoever asks whether anything changed."""
    row = session.execute(select(func.count(), func.max(Label.id)).where(Label.kind == "theme")).one()
    return Stamp(row[0], row[1] or 0)


def is_anything_new(session: Session) -> bool:
    """Whether people spoke, or took a word back, since the training worker last looked."""
    look = session.get(TeachingLook, _LOOK)
    now = labels_now(session)
    return now != (Stamp(look.labels, look.newest_label) if look else Stamp())


def keep_look(session: Session, seen: Stamp) -> None:
    """Remembers which labels the training worker has seen."""
    row = {"name": _LOOK, "labels": seen.labels, "newest_label": seen.newest, "at": clock.now()}
    insert_or_replace(session, TeachingLook, [row], keys=("name",), values=("labels", "newest_label", "at"))


def board(session: Session, merged: Merged | None = None) -> Board:
    """What people said so far; comments that no machine can read teach nothing.

    `merged` says which themes count for others, where that is only wished; else as it stands.
    """
    said = _said(session)
    merged = merged_themes(session) if merged is None else merged
    newest = sorted(said, key=lambda key: -said[key][-1].id)[:MOST]
    texts = _texts(session, newest)
    lessons = tuple(
        Lesson(key[0], texts[key], stance_of(said[key], merged)) for key in newest if key in texts
    )
    spoken_of = stamps((label for labels in said.values() for label in labels), merged)
    return Board(lessons, spoken_of, _unspoken(session))


def _unspoken(session: Session) -> tuple[str, ...]:
    labelled = select(Label.id).where(
        Label.account_id == Reading.account_id, Label.comment_id == Reading.comment_id, Label.kind == "theme"
    )
    query = (
        select(Comment.text)
        .join(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(Reading.read_by_machine, ~exists(labelled))
        .order_by(Reading.comment_id.desc())
        .limit(UNSPOKEN)
    )
    return tuple(session.scalars(query))


def spoken(session: Session, key: str) -> list[Key]:
    """The comments that teach this theme because people spoke of it, the newest word first."""
    merged = merged_themes(session)
    said = _said(session)
    newest = sorted(said, key=lambda one: -said[one][-1].id)[:MOST]
    return [one for one in newest if key in stance_of(said[one], merged).spoken]


def _said(session: Session) -> dict[Key, list[Said]]:
    rows = session.execute(
        select(
            Label.account_id,
            Label.comment_id,
            Label.id,
            Label.value,
            Label.holds,
            Label.at,
            Label.machine_said,
        )
        .where(Label.kind == "theme")
        .order_by(Label.id)
    )
    found: dict[Key, list[Said]] = defaultdict(list)
    for account, comment, label, value, holds, at, machine_said in rows:
        found[account, comment].append(Said(label, value, holds, at, tuple(machine_said or ())))
    return found


def _texts(session: Session, keys: Sequence[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for place in range(0, len(keys), _AT_ONCE):
        rows = session.execute(
            select(Comment.account_id, Comment.id, Comment.text)
            .join(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
            .where(tuple_(Comment.account_id, Comment.id).in_(keys[place : place + _AT_ONCE]))
            .where(Reading.read_by_machine)
        )
        found |= {(account, comment): text for account, comment, text in rows}
    return found
