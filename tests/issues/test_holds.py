"""Before a lead answers, the page says what stands on either side."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.checks.models import Check
from voc.core import ids
from voc.core.principal import Role
from voc.decisions.models import Decision
from voc.issues.models import Issue
from voc.issues.proposals import service
from voc.issues.proposals.rules import Wanted


def test_an_open_question_and_a_decision_are_said_before_the_answer(
    client: Callable[..., FlaskClient], session: Session
) -> None:
    one, other = factories.issue(session, is_named=True), factories.issue(session, is_named=True)
    _asked(session, one)
    _decided(session, other)
    service.renew(session, [Wanted(
        kind="merge", issue_id=one.id, other_id=other.id, similarity=0.6, strength=0.8, reason="Both speak of “late”.",
        words=((), ()), sizes=(1, 1),
    )])  # fmt: skip
    page = client(Role.LEAD).get("/proposals").get_data(as_text=True)
    assert "a question about it is open" in page
    assert "leadership has decided something about it" in page


def _asked(session: Session, issue: Issue) -> None:
    lead = factories.user(session, Role.LEAD)
    session.add(Check(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, what="linen came late", since_on=NOW.date(),
        state="draft", made_by_id=lead.id, made_at=NOW,
    ))  # fmt: skip
    session.flush()


def _decided(session: Session, issue: Issue) -> None:
    executive = factories.user(session, Role.EXECUTIVE)
    day = NOW.date() + timedelta(days=30)
    session.add(Decision(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, choice="change", words="Inside",
        message="Linen comes on time.", owner_id=executive.id, due_on=day, look_again_on=day, before={},
        decided_by_id=executive.id, decided_at=NOW,
    ))  # fmt: skip
    session.flush()
