"""Ids stay when data grows, what people touched is never moved, and what is killed halfway leaves nothing half."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.workers.test_issues import standing
from tests.workers.test_proposals import comment_at
from voc.core.config import Settings
from voc.db import lease
from voc.db.session import Database
from voc.intake.models import Comment
from voc.issues import service
from voc.issues.models import Issue, Match, Proposal
from voc.jobs import QuietDoorbell
from workers import issues, moving, proposals, regroup
from workers.scope import Scope

MATTERS = (
    "The linen came late", "The invoice is wrong", "The soup was cold", "Nobody answers the phone",
    "The badge does not open the door", "The scanner cannot read the label",
)  # fmt: skip
EACH = 20


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def say(session: Session, matter: int, number: int, seed: int) -> list[Comment]:
    dice = np.random.default_rng([seed, matter, number])
    said = []
    for at in range(number):
        numbers = dice.normal(0, 0.03, 256)
        numbers[matter] += 1
        said.append(comment_at(session, f"{MATTERS[matter]} on {seed} {at}", numbers))
    return said


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ids_stay_with_five_in_a_hundred_more_comments(session: Session, here: Scope, seed: int) -> None:
    for matter in range(len(MATTERS)):
        say(session, matter, EACH, seed)
    regroup.regroup(here)
    before = standing(session)
    named = session.get_one(Issue, Counter(before.values()).most_common(1)[0][0])
    named.is_named = True
    confirmed = session.scalars(select(Match).where(Match.issue_id != named.id)).first()
    assert confirmed is not None
    confirmed.state = "confirmed"
    session.flush()
    for matter in np.random.default_rng(seed).integers(0, len(MATTERS), 6).tolist():
        say(session, matter, 1, seed + 10)
    regroup.regroup(here)
    after = standing(session)
    for issue in set(before.values()):
        mine = [comment for comment, at in before.items() if at == issue]
        now = Counter(after.get(comment) for comment in mine)
        found, number = now.most_common(1)[0]
        if number > len(mine) / 2 and list(after.values()).count(found) < 2 * number:
            assert found == issue
    assert all(after[comment] == named.id for comment, issue in before.items() if issue == named.id)
    assert after[confirmed.comment_id] == confirmed.issue_id


class Killed(BaseException):
    """The worker is gone, as by a signal."""


@pytest.mark.parametrize("where", ["between", "within"])
@pytest.mark.parametrize("turn", [1, 2, 4])
def test_killed_halfway_leaves_nothing_half_and_the_next_look_goes_on(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch, where: str, turn: int
) -> None:
    for matter in range(4):
        say(session, matter, 6, 5)
    turns = iter(range(1, 100))

    def die(*_: object) -> None:
        if next(turns) == turn:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(moving, "MOVED", 6)  # each matter in a transaction of its own
        patch.setattr(moving, "_MOVED_POSTGRESQL", 6)
        if where == "within":
            patch.setattr(regroup.service, "move_by_machine", _then(service.move_by_machine, die))
        mortal = here if where == "within" else replace(here, beat=die)
        with pytest.raises(Killed):
            regroup.regroup(mortal)
    _nothing_half(session)
    regroup.regroup(here)
    _nothing_half(session)
    stands = standing(session)
    regroup.regroup(here)
    assert standing(session) == stands
    assert len(set(stands.values())) == 4


def _then(first: Callable[..., None], after: Callable[[], None]) -> Callable[..., None]:
    def both(*what: Any) -> None:
        first(*what)
        after()

    return both


def _nothing_half(session: Session) -> None:
    session.expire_all()
    rows = session.execute(select(Match.comment_id, Match.issue_id)).all()
    assert len({comment for comment, _ in rows}) == len(rows), "a comment stands in one issue"
    held = {issue for _, issue in rows}
    assert set(session.scalars(select(Issue.id))) == held, "no issue is empty"


def test_a_second_worker_founds_nothing_while_the_first_looks(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    for matter in range(3):
        say(session, matter, 12, 7)
    found = []

    def other_worker(*_: object) -> None:
        with here.database.writing(issues.SYSTEM) as other:
            found.append(lease.take(other, issues.LEASE))

    monkeypatch.setattr(issues, "regroup", other_worker)
    from tests.workers.test_issues import drain  # noqa: PLC0415

    drain(here)
    assert found == [None]


def test_a_proposing_worker_killed_before_it_writes_leaves_no_proposal(session: Session, here: Scope) -> None:
    for name, first in (("One", 1), ("Two", 2)):
        issue = factories.issue(session, name=name, is_named=True)
        for comment in say(session, 0, 6, first):
            factories.match(session, comment, issue)
    beats = iter([None, Killed()])

    def beat() -> None:
        if (gone := next(beats)) is not None:
            raise gone

    with pytest.raises(Killed):
        proposals.propose(here, beat)
    assert not session.scalars(select(Proposal)).all()
