"""A claim takes no more than it asks for, whatever plan the database makes."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories
from voc.db import work
from voc.jobs import READ


@pytest.mark.parametrize("plan", ["nestloop", "hashjoin", "mergejoin"])
def test_a_claim_keeps_to_its_limit_under_any_plan(session: Session, plan: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        for other in {"nestloop", "hashjoin", "mergejoin"} - {plan}:
            session.connection().execute(text(f"SET LOCAL enable_{other} = off"))
    account = factories.account(session)
    for _ in range(6):
        comment = factories.comment(session, account)
        work.put(session, READ, [(account.id, comment.id)])
    held = work.claim(session, READ, limit=2)
    assert held is not None
    assert len(held.keys) == 2
