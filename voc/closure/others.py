"""“Other clients have told us the same”: one issue, switched by an executive, looked at once a day, no numbers."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.breadth.models import Cell
from voc.breadth.rules import HAS
from voc.closure.models import OthersSaidSo
from voc.closure.rules import is_true_of_others
from voc.core import clock
from voc.core.errors import Forbidden
from voc.db.scope import principal_of
from voc.issues.models import Issue

SENTENCE = "Other clients have told us the same."
_SAID = ("told", "said_yes")


def switch(session: Session, issue: Issue, *, on: bool) -> None:
    """An executive allows or forbids the sentence for one issue; what it says is looked at tonight, not now."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Forbidden("Only a signed-in executive can do this.")
    row = session.get(OthersSaidSo, issue.id)
    if row is None:
        row = OthersSaidSo(issue_id=issue.id, is_true=False, looked_at=None)
        session.add(row)
    row.is_on, row.by_id, row.at = on, by_id, clock.now()
    session.flush()
    record(session, "issue.others_said_so", f"issue {issue.public_id}", on=on)


def is_on(session: Session, issue_id: int) -> bool:
    """Whether an executive allowed the sentence."""
    row = session.get(OthersSaidSo, issue_id)
    return row is not None and row.is_on


def may_say(session: Session, issue_id: int | None) -> bool:
    """Whether a message about this issue carries the sentence: allowed, and true at the last daily look."""
    row = session.get(OthersSaidSo, issue_id) if issue_id is not None else None
    return row is not None and row.is_on and row.is_true


def look(session: Session) -> int:
    """The daily look: keeps for each switched issue whether enough others said so; gives how many changed.

    Running it twice changes nothing. Between two looks the answer stands still, so that no client can
    try what its own words change.
    """
    changed = 0
    for row in session.scalars(select(OthersSaidSo)):
        groups = session.scalar(
            select(func.count())
            .select_from(Cell)
            .where(Cell.issue_id == row.issue_id, Cell.state.in_(sorted(HAS)), Cell.reach.in_(_SAID))
        )
        is_true = is_true_of_others(groups or 0)
        changed += is_true != row.is_true
        row.is_true, row.looked_at = is_true, clock.now()
    session.flush()
    return changed
