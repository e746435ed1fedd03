"""A second press of the same button changes nothing and says so; an undo that comes too late says where to look."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.core.errors import Conflict
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import curate, pages
from voc.issues.models import Act, Issue, Match

Client = Callable[..., FlaskClient]
Told = Callable[..., Comment]


def acts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Act)) or 0


@pytest.mark.parametrize("act", ["refuse", "confirm"])
def test_a_second_press_keeps_no_second_act(client: Client, session: Session, told: Told, act: str) -> None:
    issue = factories.issue(session)
    said = [told(issue) for _ in range(2)]
    lead, path = client(Role.LEAD), f"/issues/{issue.public_id}/comments"
    sent = {"act": act, "comments": [one.public_id for one in said]}
    for _ in range(2):
        assert lead.post(path, data=sent).status_code == 303
    assert "That is so already" in lead.get(f"/issues/{issue.public_id}").text
    assert acts(session) == 1


def test_only_what_was_not_so_yet_counts(session: Session, lead: User, told: Told) -> None:
    issue = factories.issue(session)
    said = [told(issue) for _ in range(3)]
    curate.refuse_all(session, issue, said[:2])
    last = curate.refuse_all(session, issue, said)
    assert [one["comment"] for one in last.after["matches"]] == [said[2].id]  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        curate.refuse_all(session, issue, said)


def test_an_undo_that_something_newer_stands_on_leads_to_the_history(
    client: Client, session: Session, told: Told
) -> None:
    issue = factories.issue(session)
    said = told(issue)
    lead, path = client(Role.LEAD), f"/issues/{issue.public_id}/comments"
    for act in ("refuse", "confirm"):
        lead.post(path, data={"act": act, "comments": said.public_id})
    first = session.scalars(select(Act).order_by(Act.id)).first()
    assert first is not None
    answer = lead.post(f"/acts/{first.public_id}/undo")
    assert (answer.status_code, answer.location) == (303, f"/issues/{issue.public_id}#history")
    assert "Undo the newer one first" in lead.get(answer.location).text


def test_what_went_to_another_issue_stands_in_the_history_of_both(
    session: Session, lead: User, told: Told
) -> None:
    one, other = factories.issue(session), factories.issue(session)
    curate.put_with(session, [told(one)], other)
    assert [done.words for done in pages.history(session, one)] == ["Moved one comment to another issue"]
    assert [done.words for done in pages.history(session, other)] == [
        "Put one comment here, out of another issue"
    ]
    assert session.scalar(select(func.count()).select_from(Match).where(Match.state == "refused")) == 1


def test_an_issue_that_lost_comments_was_looked_at(client: Client, session: Session, told: Told) -> None:
    issue = factories.issue(session)
    told(issue, state="refused")
    page = client(Role.LEAD).get(f"/issues/{issue.public_id}").text
    assert "nobody has looked yet" not in page
    assert isinstance(issue, Issue)
