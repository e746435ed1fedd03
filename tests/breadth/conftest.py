"""A small book of clients and a way to say things in it."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.accounts.models import Account
from voc.breadth.models import Cell, IssueSum
from voc.breadth.service import follow_matches
from voc.core.principal import Principal, Role
from voc.db.scope import open_for
from voc.issues.models import Issue, Match


@dataclass
class Town:
    """Three groups, the last with two sites, and one issue."""

    session: Session
    loud: Account
    quiet: Account
    parent: Account
    sites: tuple[Account, Account]
    issue: Issue

    def told(self, account: Account, issue: Issue | None = None, **wanted: Any) -> Match:
        """A comment that stands in the issue; `match_*` goes to the match, the rest to the comment."""
        of_match = {name[6:]: value for name, value in wanted.items() if name.startswith("match_")}
        of_comment = {name: value for name, value in wanted.items() if not name.startswith("match_")}
        comment = factories.comment(self.session, account, **of_comment)
        match = factories.match(self.session, comment, issue or self.issue, **of_match)
        follow_matches(self.session, [(match.account_id, match.comment_id, match.issue_id)])
        return match

    def cell(self, account: Account, issue: Issue | None = None) -> Cell | None:
        self.session.expire_all()
        return self.session.get(Cell, (account.id, (issue or self.issue).id))

    def state(self, account: Account, issue: Issue | None = None) -> str:
        found = self.cell(account, issue)
        return found.state if found else "not_asked"

    def sums(self, issue: Issue | None = None) -> IssueSum:
        self.session.expire_all()
        return self.session.get_one(IssueSum, (issue or self.issue).id)


@pytest.fixture
def town(session: Session) -> Town:
    parent = factories.account(session, name="Parent", segment="south", yearly_value_cents=500)
    return Town(
        session,
        factories.account(session, name="Loud", segment="north", yearly_value_cents=100),
        factories.account(session, name="Quiet", segment="north", yearly_value_cents=10),
        parent,
        (factories.account(session, group=parent), factories.account(session, group=parent)),
        factories.issue(session),
    )


@pytest.fixture
def lead(session: Session) -> User:
    """A lead who does what the test does."""
    user = factories.user(session, Role.LEAD)
    open_for(session, Principal(kind="user", user_id=user.id, account_ids=None, roles=frozenset({Role.LEAD})))
    return user
