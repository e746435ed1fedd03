"""Themes out of use: which they are, and the comments that had one when it went."""

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from voc.analysis.models import ReadingTheme, Rereading, Theme, ThemeMove
from voc.analysis.themes.state import Themes, root_of
from voc.intake.models import Comment


def out_of_use(themes: Themes) -> frozenset[str]:
    """The keys of the themes that no comment is given any more, under their own or another's name."""
    return frozenset(key for key in themes if themes[root_of(themes, key)].is_retired)


def had_until_then(key: str) -> ColumnElement[bool]:
    """Whether a comment had this theme when it went out of use: it has it still, or was read without it since."""
    mine = (ReadingTheme.account_id == Comment.account_id) & (ReadingTheme.comment_id == Comment.id)
    theme = aliased(Theme)
    has = (
        select(ReadingTheme.score)
        .join(theme, theme.id == ReadingTheme.theme_id)
        .where(mine, theme.key == key)
    )
    lost = (
        select(ThemeMove.theme_id)
        .join(theme, theme.id == ThemeMove.theme_id)
        .join(Rereading, Rereading.id == ThemeMove.rereading_id)
        .where(
            ThemeMove.account_id == Comment.account_id,
            ThemeMove.comment_id == Comment.id,
            ThemeMove.gained.is_(False),
            theme.key == key,
            or_(Rereading.ended_at.is_(None), Rereading.ended_at >= theme.retired_at),
        )
    )  # fmt: skip
    return or_(exists(has), exists(lost))


def number_until_then(session: Session, key: str) -> int:
    """How many comments had this theme when it went out of use; 0 also where nobody kept that."""
    return session.scalar(select(func.count()).select_from(Comment).where(had_until_then(key))) or 0
