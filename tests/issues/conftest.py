"""A lead who acts, and the whole state of what acts change."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.pictures import grids, rows_of
from voc.access.models import User
from voc.breadth.service import follow_matches
from voc.core.principal import Principal, Role
from voc.db.scope import open_for
from voc.intake.models import Comment
from voc.issues.models import Issue, IssueService, Match


@pytest.fixture
def lead(session: Session) -> User:
    """A lead who does what the test does."""
    user = factories.user(session, Role.LEAD)
    open_for(session, Principal(kind="user", user_id=user.id, account_ids=None, roles=frozenset({Role.LEAD})))
    return user


@pytest.fixture
def state(session: Session) -> Callable[[], tuple[object, ...]]:
    """Issues, matches, services, cells and sums as they stand."""

    def look() -> tuple[object, ...]:
        session.flush()
        session.expire_all()
        return (*(rows_of(session, model) for model in (Issue, IssueService, Match)), *grids(session))

    return look


@pytest.fixture
def told(session: Session) -> Callable[..., Comment]:
    """`told(issue, state="machine")`: a new client's comment that stands in the issue, its grid kept."""

    def say(issue: Issue, *, state: str = "machine", **wanted: Any) -> Comment:
        comment = factories.comment(session, **wanted)
        factories.match(session, comment, issue, state=state)
        follow_matches(session, [(comment.account_id, comment.id, issue.id)])
        return comment

    return say
