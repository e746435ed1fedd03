"""Finds what was decided about an issue, so that a message about it carries it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.decisions.models import Decision
from voc.issues.queries import merged_into
from voc.issues.rules import family_of


def standing_decision(session: Session, issue_id: int) -> Decision | None:
    """The newest decision about the issue that nobody took back."""
    family = family_of(issue_id, merged_into(session))
    return session.scalar(
        select(Decision)
        .where(Decision.issue_id.in_(sorted(family)), Decision.undone_at.is_(None))
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
