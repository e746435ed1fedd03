"""Whether somebody looked at an issue: the one rule of all pages, lists and questions."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from voc.breadth.models import IssueSum
from voc.issues.models import Issue


def is_seen(*, is_named: bool, has_it: int) -> bool:
    """Whether a person named it or confirmed it for a client: else its comments may be about several things."""
    return is_named or has_it > 0


def not_seen() -> ColumnElement[bool]:
    """As `is_seen` denies it, of `Issue` beside its `IssueSum`."""
    return ~Issue.is_named & (IssueSum.has_it == 0)


def is_issue_seen(session: Session, issue: Issue) -> bool:
    """As `is_seen`, of one issue; confirmed for nobody where nothing was summed yet."""
    has_it = 0 if issue.is_named else session.scalar(
        select(IssueSum.has_it).where(IssueSum.issue_id == issue.id)
    )  # fmt: skip
    return is_seen(is_named=issue.is_named, has_it=has_it or 0)
