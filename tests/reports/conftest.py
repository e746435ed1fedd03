"""Leaders at work, and issues that clients have told us about."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.access.principals import principal_of_user
from voc.accounts.models import Account
from voc.breadth.service import follow_issues, follow_matches
from voc.core.principal import Role
from voc.db.scope import open_for
from voc.intake.models import Comment
from voc.issues.models import Issue

Told = Callable[..., list[Comment]]


@pytest.fixture
def executive(session: Session) -> User:
    """An executive who does what the test does."""
    user = factories.user(session, Role.EXECUTIVE, name="Edda Vale")
    open_for(session, principal_of_user(session, user))
    return user


@pytest.fixture
def told(session: Session) -> Told:
    """`told(issue, 3, text=…)`: three clients tell us of it, each confirmed; gives their comments."""

    def tell(
        issue: Issue, clients: int = 1, *, accounts: tuple[Account, ...] = (), **wanted: object
    ) -> list[Comment]:
        said = []
        state = wanted.pop("state", "confirmed")
        for account in accounts or [
            factories.account(session, yearly_value_cents=1_000_000) for _ in range(clients)
        ]:
            comment = factories.comment(session, account, **wanted)
            factories.reading(session, comment)
            factories.match(session, comment, issue, state=state)
            follow_matches(session, [(account.id, comment.id, issue.id)])
            said.append(comment)
        follow_issues(session, [issue.id])
        return said

    return tell
