"""A whole archive: what a look will place waits for it, a look that is cut off comes again, estimates come after."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.workers.test_issues import read_comment
from voc.analysis.models import Reading
from voc.breadth import estimates
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Role
from voc.db import lease, work
from voc.db.session import Database, make_engine
from voc.intake.models import Comment
from voc.issues import queries
from voc.issues.models import GroupRun, Issue, Match
from voc.issues.seen import read_of
from voc.jobs import GROUP, QuietDoorbell
from workers import breadth, issues, moving, regroup
from workers.ahead import Ahead, get_ahead
from workers.scope import Scope
from workers.sweep import sweep

MANY = 36  # enough new ones for a look


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


@pytest.fixture
def said(session: Session) -> list[Comment]:
    """An archive that was read and waits for its groups."""
    found = [read_comment(session, f"The invoice number {n} came late", 1, n) for n in range(MANY)]
    work.put(session, issues.STAGE, [(one.account_id, one.id) for one in found])
    return found


@pytest.fixture
def one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(vectors: np.ndarray[Any, Any], texts: Sequence[str]) -> SimpleNamespace:
        return SimpleNamespace(labels=np.zeros(len(texts), dtype=np.int64), score=np.full(len(texts), 0.9))

    monkeypatch.setattr(regroup, "find_groups", find)


def drain(here: Scope) -> int:
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, issues.LEASE)
    assert token is not None
    try:
        return issues.drain_with(here, issues.Memory(), token)
    finally:
        with here.database.writing(SYSTEM) as session:
            lease.give_back(session, issues.LEASE, token)


def number(session: Session, model: type[Issue] | type[Match] | type[GroupRun]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def still_reading(session: Session, many: int) -> list[tuple[int, int]]:
    keys = [(one.account_id, one.id) for one in (factories.comment(session) for _ in range(many))]
    work.put(session, "read", keys)
    return keys


@pytest.mark.usefixtures("one_group")
def test_an_archive_is_placed_by_one_look(session: Session, here: Scope, said: list[Comment]) -> None:
    assert drain(here) == MANY
    assert (number(session, Issue), number(session, Match), number(session, GroupRun)) == (1, MANY, 1)
    assert work.waiting(session) == {}
    assert drain(here) == 0
    assert (number(session, Match), number(session, GroupRun)) == (MANY, 1)


@pytest.mark.usefixtures("one_group")
def test_what_is_older_than_a_look_sees_joins_after_it(
    session: Session, here: Scope, said: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (issues, regroup):
        monkeypatch.setattr(module, "WINDOW", MANY - 10)
    for one in said[:10]:
        one.said_at -= timedelta(days=30)
    session.flush()
    assert drain(here) == MANY
    assert work.waiting(session) == {}
    look = session.scalars(select(GroupRun)).one()
    assert look.comments == MANY - 10
    assert (number(session, Issue), number(session, Match)) == (1, MANY)


@pytest.mark.usefixtures("one_group")
def test_while_a_file_is_read_its_comments_stay_in_line(
    session: Session, here: Scope, said: list[Comment]
) -> None:
    keys = still_reading(session, MANY)
    assert drain(here) == 0
    assert work.waiting(session) == {"read": MANY, "match": MANY}
    assert number(session, Match) == 0
    assert work.drop(session, "read", keys) == set(keys)
    assert drain(here) == MANY
    assert number(session, Match) == MANY


@pytest.mark.usefixtures("one_group")
def test_few_that_were_read_before_many_wait_for_their_look_too(session: Session, here: Scope) -> None:
    one = read_comment(session, "The invoice came late", 1)
    work.put(session, issues.STAGE, [(one.account_id, one.id)])
    still_reading(session, MANY)
    assert drain(here) == 0
    assert work.waiting(session)["match"] == 1


def test_a_look_that_is_cut_off_is_rung_for_and_comes_again(
    session: Session,
    here: Scope,
    said: list[Comment],
    doorbell: QuietDoorbell,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(regroup, "find_groups", killed)
    with pytest.raises(SystemExit):
        drain(here)
    assert (number(session, Match), number(session, GroupRun)) == (0, 0)
    doorbell.rung.clear()
    assert sweep(here)["match"] == 1
    assert GROUP in doorbell.rung
    request.getfixturevalue("one_group")
    drain(here)
    assert (number(session, Match), number(session, GroupRun)) == (MANY, 1)
    assert "match" not in sweep(here)


@pytest.mark.usefixtures("one_group")
def test_a_large_group_is_stored_in_parts_and_stands_whole(
    session: Session, here: Scope, said: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOVED", 10)
    monkeypatch.setattr(moving, "_MOVED_POSTGRESQL", 10)
    drain(here)
    assert number(session, Issue) == 1
    assert set(session.scalars(select(Match.comment_id))) == {one.id for one in said}


@pytest.mark.usefixtures("one_group")
def test_estimates_wait_for_the_end_of_a_look(session: Session, here: Scope, said: list[Comment]) -> None:
    issue = factories.issue(session)
    estimates.make_due(session, [issue.id])
    with here.database.writing(SYSTEM) as other:
        token = lease.take(other, issues.LEASE)
    assert token is not None
    assert queries.is_looking(session)
    assert breadth.drain_with(here) == 0
    assert estimates.is_any_due(session)
    with here.database.writing(SYSTEM) as other:
        lease.give_back(other, issues.LEASE, token)
    assert not queries.is_looking(session)


@pytest.mark.usefixtures("one_group")
def test_estimates_wait_for_the_end_of_a_file_that_came_after_a_look(
    session: Session, here: Scope, said: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(here)
    keys = still_reading(session, MANY)
    assert queries.is_looking(session)
    work.drop(session, "read", keys)
    assert not queries.is_looking(session)
    still_reading(session, MANY)
    monkeypatch.setattr(queries, "LOOKS_APART", timedelta())
    assert not queries.is_looking(session)


def test_what_was_made_ready_ahead_gives_the_same_look(
    session: Session, here: Scope, said: list[Comment]
) -> None:
    for _ in range(2):
        factories.match(session, said[3], factories.issue(session))
    ahead = Ahead()
    keys = [(one.account_id, one.id) for one in (said[9], *said[20:], said[2])]
    with here.database.reading(SYSTEM) as reading:
        ahead.begin(reading)
        ahead.add(read_of(reading, keys))
    looks = [regroup._begin(here, one) for one in (ahead, Ahead())]
    assert looks[0] is not None
    assert looks[1] is not None
    (one, one_said), (other, other_said) = looks
    assert one.comments == other.comments
    assert [each.comment_id for each in one.comments] == [each.id for each in said]
    assert np.array_equal(one.vectors, other.vectors)
    for name in ("least", "mean"):  # sums of other batches: the last digit may differ
        assert np.allclose(getattr(one_said, name), getattr(other_said, name), atol=1e-6)
    assert np.array_equal(one_said.is_any, other_said.is_any)
    for name in ("starts", "buckets", "times"):
        assert np.array_equal(getattr(one_said.words, name), getattr(other_said.words, name))
    assert len(ahead.words) == 0


def test_what_was_read_again_meanwhile_counts_as_it_is_now(
    session: Session, here: Scope, said: list[Comment]
) -> None:
    ahead = Ahead()
    assert get_ahead(here, ahead, issues.STAGE) == MANY
    reading = session.get_one(Reading, (said[5].account_id, said[5].id))
    reading.masks, reading.read_at = [[4, 11, "name"]], reading.read_at + timedelta(days=1)
    session.flush()
    begun = regroup._begin(here, ahead)
    assert begun is not None
    assert begun[0].comments[5].words.startswith("The [name]")
    assert begun[0].comments[6].words.startswith("The invoice")


def test_names_that_became_known_meanwhile_are_hidden(
    session: Session, here: Scope, said: list[Comment]
) -> None:
    ahead = Ahead()
    get_ahead(here, ahead, issues.STAGE)
    factories.account(session, name="Invoice Number Holding")
    factories.user(session, Role.LEAD, name="Cameron Late")
    said[7].text = "Cameron Late was rude"
    session.flush()
    begun = regroup._begin(here, ahead)
    assert begun is not None
    assert "Cameron" not in begun[0].comments[7].words


def test_nothing_is_made_ready_while_more_is_being_read_than_was_or_more_and_more_is(
    session: Session, here: Scope, said: list[Comment]
) -> None:
    ahead = Ahead()
    for more in (MANY - 3, 4):
        still_reading(session, more)
        assert get_ahead(here, ahead, issues.STAGE) == 0
    assert len(work.drop(session, "read", work.first_waiting(session, "read", limit=2))) == 2
    assert get_ahead(here, ahead, issues.STAGE) == MANY
    assert get_ahead(here, ahead, issues.STAGE) == 0


@pytest.mark.usefixtures("said")
def test_what_is_read_while_others_are_made_ready_waits_for_the_next_ring(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    adds = Ahead.add

    def read_on(ahead: Ahead, some: Any) -> None:
        adds(ahead, some)
        late = read_comment(session, "The invoice came late at last", 1, 40)
        work.put(session, issues.STAGE, [(late.account_id, late.id)])

    monkeypatch.setattr(Ahead, "add", read_on)
    assert get_ahead(here, Ahead(), issues.STAGE) == MANY


@pytest.mark.usefixtures("one_group")
def test_the_last_that_are_being_read_are_placed_by_the_same_look(
    session: Session, here: Scope, said: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    still_reading(session, 2)

    def read_on(_: float) -> None:
        work.drop(session, "read", work.first_waiting(session, "read", limit=1))
        late = read_comment(session, "The invoice came late at last", 1, 40)
        work.put(session, issues.STAGE, [(late.account_id, late.id)])

    monkeypatch.setattr(issues.time, "sleep", read_on)
    assert drain(here) == MANY + 2
    assert session.scalars(select(GroupRun)).one().comments == MANY + 2


def test_what_was_accepted_waits_for_the_disk_and_what_is_derived_does_not(tmp_path: Any) -> None:
    database = Database(make_engine(f"sqlite:///{tmp_path / 'one.sqlite'}", pool_size=1))

    def safety(session: Session) -> object:
        return session.connection().exec_driver_sql("PRAGMA synchronous").scalar()

    seen = []
    for opened in (
        database.writing,
        database.deriving,
        database.writing,
        database.reading,
        database.deriving,
    ):
        with opened(SYSTEM) as session:
            seen.append(safety(session))
    assert seen == [2, 1, 2, 2, 1]  # FULL is 2, NORMAL is 1
    database.engine.dispose()
