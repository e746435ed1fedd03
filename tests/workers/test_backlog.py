"""A backlog of joins goes in blocks: as if each comment came alone, nothing lost, people's word first."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.pictures import grids
from tests.workers.test_archive import drain
from tests.workers.test_issues import read_comment, standing
from voc.breadth.models import Cell, IssueSum
from voc.breadth.service import follow_issues
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db import work
from voc.db.base import Base
from voc.db.session import Database, make_engine
from voc.intake.models import Comment
from voc.issues.models import Issue, Match, Ungrouped
from voc.issues.rules import Placement
from voc.jobs import QuietDoorbell
from workers import backlog, issues, joining, memory
from workers.scope import Scope

OLD = 12
Lines = Callable[[], list[Comment]]


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


@pytest.fixture(autouse=True)
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issues.queries, "is_look_near_now", lambda _: False)
    monkeypatch.setattr(backlog, "BACKLOG", 5)
    monkeypatch.setattr(backlog, "BLOCK", 4)
    monkeypatch.setattr(backlog, "TOGETHER", 3)
    monkeypatch.setattr(backlog, "_TOGETHER_POSTGRESQL", 3)
    monkeypatch.setattr(backlog, "LINES", 1)  # a test has one session for all


@pytest.fixture
def two_issues(session: Session) -> list[Issue]:
    """One about invoices and one about linen, of six comments each."""
    found = [factories.issue(session), factories.issue(session)]
    for place, issue in enumerate(found):
        for n in range(6):
            factories.match(
                session, read_comment(session, f"The invoice number {n} came late", place + 1, n), issue
            )
    return found


@pytest.fixture
def in_line(session: Session) -> list[Comment]:
    """Older comments: of one thing, of the other, and of neither, in turn."""
    found = [
        read_comment(session, f"The invoice number {n} came late again", n % 3 + 1, n) for n in range(OLD)
    ]
    work.put(session, issues.STAGE, [(one.account_id, one.id) for one in found])
    return found


def test_a_backlog_goes_where_each_would_go_alone(
    session: Session,
    here: Scope,
    two_issues: list[Issue],
    in_line: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(backlog, "BACKLOG", OLD)
        assert drain(here) == OLD
    alone = {one.id: standing(session).get(one.id) for one in in_line}
    keys = [(one.account_id, one.id) for one in in_line]
    for one in in_line:
        session.execute(Match.__table__.delete().where(Match.comment_id == one.id))  # type: ignore[attr-defined]  # a Table
    work.put(session, issues.STAGE, keys)
    assert drain(here) == OLD
    assert {one.id: standing(session).get(one.id) for one in in_line} == alone
    assert {alone[one.id] for one in in_line} == {two_issues[0].id, two_issues[1].id, None}
    assert work.waiting(session) == {}


def test_grids_and_reasons_are_kept_for_a_backlog_as_for_few(
    session: Session, here: Scope, two_issues: list[Issue], in_line: list[Comment]
) -> None:
    drain(here)
    mentions = session.scalar(select(func.sum(Cell.mentions)).where(Cell.issue_id == two_issues[0].id))
    comments = session.scalar(select(IssueSum.comments).where(IssueSum.issue_id == two_issues[0].id))
    there = session.scalar(select(func.count()).select_from(Match).where(Match.issue_id == two_issues[0].id))
    assert comments == there == 6 + OLD // 3
    assert mentions == OLD // 3  # the first six were put there past the grid
    loose = session.scalars(select(Ungrouped.why)).all()
    assert loose == ["nothing_near"] * (OLD // 3)


@pytest.mark.parametrize("together", [2, OLD])
def test_grids_are_as_summed_up_from_nothing_however_many_join_at_once(
    session: Session,
    here: Scope,
    two_issues: list[Issue],
    in_line: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
    together: int,
) -> None:
    monkeypatch.setattr(backlog, "TOGETHER", together)
    monkeypatch.setattr(backlog, "_TOGETHER_POSTGRESQL", together)
    assert drain(here) == len(in_line)
    as_they_came = grids(session)
    assert any(as_they_came[0])
    follow_issues(session, [one.id for one in two_issues])
    session.expire_all()
    assert grids(session) == as_they_came


def test_lines_beside_each_other_write_what_one_would(
    empty_postgres_url: str,
    settings: Settings,
    doorbell: QuietDoorbell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "LINES", 2)
    engine = make_engine(empty_postgres_url, pool_size=3)
    Base.metadata.create_all(engine)
    database = Database(engine)
    with database.writing(SYSTEM) as session:
        found = [factories.issue(session), factories.issue(session)]
        said = [read_comment(session, f"The invoice number {n} came late", n % 3 + 1, n) for n in range(OLD)]
        work.put(session, issues.STAGE, [(one.account_id, one.id) for one in said])
        goes = [
            Placement(one.account_id, one.id, found[n % 2].id, 0.9, ("near",)) for n, one in enumerate(said)
        ]
    nobody: Any = None
    here = Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings
    assert backlog._write(here, goes, lambda: True) == OLD
    with database.reading(SYSTEM) as session:
        sums = session.execute(select(IssueSum.issue_id, IssueSum.comments)).all()
        assert sorted(map(tuple, sums)) == [(one.id, OLD // 2) for one in found]
        assert work.waiting(session) == {}
    engine.dispose()


def test_what_is_cut_off_halfway_goes_on_and_places_nothing_twice(
    session: Session, here: Scope, two_issues: list[Issue], in_line: list[Comment]
) -> None:
    told = iter([True, True, True, True])  # three blocks and one transaction, then the lease is another's
    first = backlog.place_backlog(here, memory.Memory(), lambda: next(told, False))
    assert 0 < first < OLD
    assert work.waiting(session) == {issues.STAGE: OLD - first}
    drain(here)
    assert work.waiting(session) == {}
    stands = [
        one for one in session.scalars(select(Match.comment_id)) if one in {each.id for each in in_line}
    ]
    assert sorted(stands) == sorted(set(stands))
    assert len(stands) == 2 * OLD // 3


@pytest.mark.parametrize("act", ["confirmed", "refused"])
def test_what_people_say_meanwhile_stays(
    session: Session,
    here: Scope,
    two_issues: list[Issue],
    in_line: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
    act: str,
) -> None:
    said, there = in_line[0], two_issues[1] if act == "confirmed" else two_issues[0]
    goes_on = backlog._by_issue

    def people_first(*joined: Any) -> Any:
        factories.match(session, said, there, state=act)
        session.flush()
        return goes_on(*joined)

    monkeypatch.setattr(backlog, "_by_issue", people_first)
    drain(here)
    rows = session.execute(select(Match.issue_id, Match.state).where(Match.comment_id == said.id)).all()
    assert [tuple(row) for row in rows] == [(there.id, act)]
    assert work.waiting(session) == {}


def test_a_comment_that_cannot_be_joined_holds_up_no_other(
    session: Session,
    here: Scope,
    two_issues: list[Issue],
    in_line: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = joining.join_many

    def fails_for_many(mind: Any, some: Any, *others: Any) -> Any:
        if in_line[5].id in {one.comment_id for one in some} and len(some) <= 4:
            raise ValueError("bad")
        return looks(mind, some, *others)

    monkeypatch.setattr(joining, "join_many", fails_for_many)
    assert drain(here) == OLD
    assert work.waiting(session) == {}


def test_an_archive_does_not_fill_the_memory(
    session: Session,
    here: Scope,
    two_issues: list[Issue],
    in_line: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "MOST", 14)
    mind = memory.Memory()
    backlog.place_backlog(here, mind, lambda: True)
    assert (len(mind.index), len(mind.issues)) == (14, 14)
    assert len(standing(session)) == 12 + 2 * OLD // 3
