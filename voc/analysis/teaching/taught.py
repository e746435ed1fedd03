"""What became of a person's word on one comment: whether it was learned from, and what it moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.analysis.models import Label, Theme, ThemeHead
from voc.analysis.rules import NO_THEME
from voc.analysis.teaching.queries import Moved, moved_last
from voc.intake.models import Comment


@dataclass(frozen=True, slots=True)
class Taught:
    """`learned_at` is None while the machine has not learned from it yet; `moved` is of the themes spoken of."""

    learned_at: datetime | None
    moved: tuple[Moved, ...]


def taught(session: Session, public_id: str) -> Taught | None:
    """What the newest words of people on the themes of a comment taught; None where nobody spoke of them."""
    labels = list(
        session.scalars(
            select(Label)
            .join(Comment, (Comment.account_id == Label.account_id) & (Comment.id == Label.comment_id))
            .where(Comment.public_id == public_id, Label.kind == "theme")
            .order_by(Label.id)
        )
    )
    if not labels:
        return None
    newest = labels[-1]
    spoken = {newest.value} if newest.value != NO_THEME else set(newest.machine_said or ())
    learned_at = session.scalar(
        select(func.min(ThemeHead.trained_at))
        .join(Theme, Theme.id == ThemeHead.theme_id)
        .where(Theme.key.in_(spoken), ThemeHead.trained_at >= newest.at)
    )
    if learned_at is None:
        return Taught(None, ())
    return Taught(learned_at, moved_last(session, sorted(spoken), since=learned_at))
