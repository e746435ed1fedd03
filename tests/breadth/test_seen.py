"""Whether somebody looked at an issue is one rule, in whatever way it is asked."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.breadth.models import IssueSum
from voc.breadth.queries import issue_rows
from voc.breadth.seen import is_issue_seen, is_seen, not_seen
from voc.breadth.service import follow_matches
from voc.issues.models import Issue


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("state", ["confirmed", "machine"])
def test_a_name_or_a_client_confirmed_is_a_look_wherever_it_is_asked(
    session: Session, state: str, *, is_named: bool
) -> None:
    issue, comment = factories.issue(session, is_named=is_named), factories.comment(session)
    factories.match(session, comment, issue, state=state)
    follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    expected = is_named or state == "confirmed"
    sums = session.get_one(IssueSum, issue.id)
    assert is_seen(is_named=is_named, has_it=sums.has_it) is expected
    assert is_issue_seen(session, issue) is expected
    assert [row.is_seen for row in issue_rows(session)] == [expected]
    unseen = session.scalars(select(Issue.id).join(IssueSum, IssueSum.issue_id == Issue.id).where(not_seen()))
    assert list(unseen) == ([] if expected else [issue.id])


@pytest.mark.parametrize("is_named", [True, False])
def test_an_issue_that_nothing_was_summed_of_is_seen_by_its_name_alone(
    session: Session, *, is_named: bool
) -> None:
    assert is_issue_seen(session, factories.issue(session, is_named=is_named)) is is_named
