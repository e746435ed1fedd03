"""One comment, from the client's form to the wall that leadership reads, and back by undo."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import signed_in
from voc.accounts.models import Account
from voc.analysis.models import Reading, Vector
from voc.analysis.service import ensure_starter_themes
from voc.breadth.models import Cell, IssueSum
from voc.breadth.service import follow_matches
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db import lease
from voc.db.session import Database
from voc.db.work import Work
from voc.intake.models import Comment, Raw
from voc.issues.models import Issue, Match
from voc.jobs import QuietDoorbell
from workers import analysis, issues
from workers.scope import Scope

WORDS = "The invoice for April came two weeks late again and nobody told us why."
LIKE_IT = (
    "Our invoice came two weeks late again and nobody told us why.",
    "The April invoice came late again, two weeks, and nobody told us.",
    "Again the invoice came late, two weeks, nobody told us why.",
)


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # what drains do with Redis is only to ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # a doorbell that keeps its rings


@pytest.fixture
def account(session: Session) -> Account:
    return factories.account(session, name="Havel Logistics", segment="north")


def drain_all(here: Scope) -> None:
    analysis.drain_with(here, analysis.reader(here.database))
    memory = issues.Memory()
    with here.database.writing(issues.SYSTEM) as session:
        token = lease.take(session, issues.LEASE)
    assert token is not None
    issues.drain_with(here, memory, token)
    with here.database.writing(issues.SYSTEM) as session:
        lease.give_back(session, issues.LEASE, token)


def an_issue_with_words_like_it(session: Session, here: Scope) -> Issue:
    """An issue that other clients told us of, read by the real reader."""
    issue: Issue = factories.issue(session, name="Invoices come late")
    others = [factories.comment(session, text=text) for text in LIKE_IT]
    reader = analysis.reader(here.database)
    for comment, found in zip(others, reader.read([one.text for one in others]), strict=True):
        factories.reading(session, comment)
        assert found.vector is not None
        numbers = np.asarray(found.vector).astype("<f2").tobytes()
        session.add(
            Vector(account_id=comment.account_id, comment_id=comment.id, version="t", numbers=numbers)
        )
        factories.match(session, comment, issue)
    session.flush()
    follow_matches(session, [(one.account_id, one.id, issue.id) for one in others])
    return issue


def test_a_comment_reaches_the_grid_and_a_lead_takes_it_back(
    app: APIFlask, session: Session, here: Scope, doorbell: QuietDoorbell, client: Callable[..., FlaskClient], account: Account,
) -> None:  # fmt: skip
    ensure_starter_themes(session)
    issue = an_issue_with_words_like_it(session, here)
    person = factories.user(session, Role.CLIENT_ADMIN, account=account)
    browser = signed_in(app, session, person.id)

    form = browser.get("/say").get_data(as_text=True)
    nonce = re.search(r'name="nonce" value="([\w-]+)"', form)
    assert nonce is not None
    sent = browser.post("/say", data={"text": WORDS, "hurt": "4", "nonce": nonce.group(1)})
    assert sent.status_code == 303
    said = session.scalars(select(Comment).where(Comment.text == WORDS)).one()
    assert said.account_id == account.id
    assert session.get(Raw, said.raw_id) is not None
    assert session.get(Work, (said.account_id, said.id, "read")) is not None
    assert "read" in doorbell.rung

    drain_all(here)
    session.expire_all()
    assert session.get(Reading, (said.account_id, said.id)) is not None
    assert session.scalar(select(func.count()).select_from(Work)) == 0
    match = session.get(Match, (said.account_id, said.id, issue.id))
    assert match is not None, "it did not join the issue it is about"
    assert match.reasons
    assert _cell(session, account, issue) == "reported"

    lead = client(Role.LEAD)
    ticked = {"comments": said.public_id, "act": "confirm"}
    confirmed = lead.post(f"/issues/{issue.public_id}/comments", data=ticked)
    assert _cell(session, account, issue) == "has_problem"
    assert session.get_one(IssueSum, issue.id).told == 1
    page = lead.get(confirmed.headers["Location"]).get_data(as_text=True)
    assert re.search(r"1 of \d clients has it", page)
    week = client(Role.EXECUTIVE).get("/this-week").get_data(as_text=True)
    assert issue.name in week

    undo = re.search(r'action="(/acts/\w+/undo)"', page)
    assert undo is not None
    lead.post(undo.group(1))
    assert _cell(session, account, issue) == "reported"
    assert session.get_one(IssueSum, issue.id).told == 0


def test_a_second_run_of_every_worker_changes_nothing(
    session: Session, here: Scope, account: Account
) -> None:
    ensure_starter_themes(session)
    issue = an_issue_with_words_like_it(session, here)
    said = factories.comment(session, account, text=WORDS)
    analysis.work.put(session, "read", [(said.account_id, said.id)])
    drain_all(here)
    before = _cell(session, account, issue), session.scalar(select(func.count()).select_from(Match))
    drain_all(here)
    assert (_cell(session, account, issue), session.scalar(select(func.count()).select_from(Match))) == before


def _cell(session: Session, account: Account, issue: Issue) -> str | None:
    session.expire_all()
    found = session.get(Cell, (account.id, issue.id))
    return found.state if found else None
