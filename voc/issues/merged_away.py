"""Writes on an issue that another counts for by now: refused, with the way to that other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.core.errors import Conflict
from voc.issues.curate import find_issue
from voc.issues.models import Issue


class MergedAway(Conflict):
    """Somebody would change an issue that another counts for by now: its public id and what it is called."""

    def __init__(self, name: str, into: Issue) -> None:
        super().__init__(
            f"“{name}” was put together with “{into.name}” since you opened the page, so nothing was changed."
        )
        self.into, self.called = into.public_id, into.name


def find_to_change(session: Session, public_id: str) -> Issue:
    """The issue of this public id; raises NotFound, and MergedAway where another counts for it by now."""
    root = find_issue(session, public_id)
    if root.public_id != public_id:
        name = session.scalar(select(Issue.name).where(Issue.public_id == public_id))
        raise MergedAway(name or "", root)
    return root


def name_before(session: Session, public_id: str, root: Issue) -> str | None:
    """What the issue of this address was called before it was put together with `root`; None where it is `root`."""
    if root.public_id == public_id:
        return None
    return session.scalar(select(Issue.name).where(Issue.public_id == public_id))
