"""The newest comments, unsorted: from them themes with few sentences learn how clients speak (workers only)."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.analysis.models import Reading, TeachingLook
from voc.analysis.teaching.heads import about
from voc.analysis.themes.state import SpecRow
from voc.core import clock
from voc.core.text import mask
from voc.db.upsert import insert_or_replace
from voc.intake.models import Comment

MOST = 10_000
"""Comments of an archive: the newest (nlp/evaluate.py measures with as many)."""
_LOOK = "archive"


@dataclass(frozen=True, slots=True)
class _Masked:
    start: int
    end: int
    kind: str


def size(session: Session) -> int:
    """How many comments there are to learn from, up to MOST."""
    return (
        session.scalar(select(func.count()).select_from(select(Reading.comment_id).limit(MOST).subquery()))
        or 0
    )


def stage(session: Session) -> int:
    """How often the archive has doubled: themes that learn from it learn again at each doubling, up to MOST."""
    return size(session).bit_length()


def has_grown(session: Session) -> bool:
    """Whether the archive has doubled since the training worker last looked."""
    look = session.get(TeachingLook, _LOOK)
    seen = look.labels if look else 0
    return seen < MOST.bit_length() and stage(session) > seen


def keep_stage(session: Session, seen: int) -> None:
    """Remembers which size of the archive the training worker has seen."""
    row = {"name": _LOOK, "labels": seen, "newest_label": 0, "at": clock.now()}
    insert_or_replace(session, TeachingLook, [row], keys=("name",), values=("labels", "newest_label", "at"))


def words(session: Session) -> tuple[tuple[int, str], ...]:
    """Whose each of the newest comments is, and its words, masked; those that no machine can read are left out."""
    rows = session.execute(
        select(Comment.account_id, Comment.text, Reading.masks)
        .join(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(Reading.read_by_machine)
        .order_by(Reading.comment_id.desc())
        .limit(MOST)
    )
    names = known_names(session)
    return tuple(
        (account, mask(text, [_Masked(int(str(a)), int(str(b)), str(kind)) for a, b, kind in spans], names))
        for account, text, spans in rows
    )


def mark(specs: Sequence[SpecRow], stage_now: int) -> str:
    """What a theme that learns from the archive hangs on beside its own words: all themes, and the archive's size."""
    return sha256(repr(([about(spec) for spec in specs], stage_now)).encode()).hexdigest()
