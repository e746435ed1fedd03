"""Knows since when what was said of an issue counts: nothing crosses a change that touched it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from voc.breadth.models import IssueChange
from voc.intake.models import Comment
from voc.issues.models import Match
from voc.issues.rules import family_of


def newest_changes(
    session: Session, issues: Collection[int] | None = None, *, until: datetime | None = None
) -> dict[int, datetime]:
    """When each of these issues (None: of all) was last changed, by `until` where that is given; the rest is left out."""
    wanted = select(IssueChange.issue_id, func.max(IssueChange.at))
    if issues is not None:
        wanted = wanted.where(IssueChange.issue_id.in_(issues))
    if until is not None:
        wanted = wanted.where(IssueChange.at <= until)
    return dict(session.execute(wanted.group_by(IssueChange.issue_id)).all())


def said_since_change(
    session: Session, roots: Collection[int], merged: Mapping[int, int]
) -> ColumnElement[bool]:
    """Whether a matched comment was said after the last change of its issue, and of the one it was merged into."""
    families = {root: family_of(root, dict(merged)) for root in roots}
    changes = newest_changes(session, {member for family in families.values() for member in family})
    since = {
        member: max(moments)
        for root, family in families.items()
        for member in family
        if (moments := [changes[key] for key in (root, member) if key in changes])
    }
    if not since:
        return true()
    return and_(*(or_(Match.issue_id != issue, Comment.said_at >= at) for issue, at in since.items()))
