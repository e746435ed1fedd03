"""Knows when an issue was changed: no evidence crosses that."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voc.breadth.models import Cell, IssueChange
from voc.breadth.service import decide_states, follow_issues
from voc.breadth.since import newest_changes
from voc.core import ids
from voc.db.scope import principal_of
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of

_DECISION = "decision"


def note_change(session: Session, issue_id: int, at: datetime) -> None:
    """A decision about the issue is carried out: from `at` on the wall begins anew."""
    root = root_of(issue_id, merged_into(session))
    by_id = principal_of(session).user_id
    session.add(IssueChange(id=ids.new_id(), issue_id=root, at=at, kind=_DECISION, by_id=by_id))
    session.flush()
    follow_issues(session, [root])


def take_change_back(session: Session, issue_id: int, at: datetime) -> None:
    """It was not changed at that moment after all; what was known stands again."""
    merged = merged_into(session)
    family = family_of(root_of(issue_id, merged), merged)
    session.execute(
        delete(IssueChange).where(
            IssueChange.issue_id.in_(family), IssueChange.at == at, IssueChange.kind == _DECISION
        )
    )
    follow_issues(session, [issue_id])


def states_across(session: Session, issue_id: int) -> dict[int, str]:
    """Where each group stood or stands, changes not looked at: who had it hears that it was changed."""
    rows = session.execute(select(Cell.account_id, Cell.state).where(Cell.issue_id == issue_id))
    if not newest_changes(session, family_of(issue_id, merged_into(session))):
        return dict(rows.all())
    return decide_states(session, issue_id)
