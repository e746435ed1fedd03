"""The group worker founds issues once, keeps their ids, and leaves alone what people touched."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.analysis.models import Vector
from voc.breadth.models import Cell
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db import lease, work
from voc.db.session import Database
from voc.intake.models import Comment
from voc.issues.models import GroupRun, Issue, Match
from voc.issues.seen import newest_seen
from voc.jobs import QuietDoorbell
from workers import issues, regroup
from workers.scope import Scope

Groups = Callable[[Sequence[int]], None]


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def near(direction: int, noise: int) -> NDArray[np.float32]:
    vector = np.zeros(256, dtype=np.float32)
    vector[direction] = 1.0
    vector[200 + noise % 50] = 0.05
    found: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return found


def read_comment(
    session: Session, words: str, direction: int, noise: int = 0, *, version: str = "t"
) -> Comment:
    comment = factories.comment(session, text=words, hurt=2)
    factories.reading(session, comment)
    numbers = near(direction, noise).astype("<f2").tobytes()
    session.add(
        Vector(account_id=comment.account_id, comment_id=comment.id, version=version, numbers=numbers)
    )
    session.flush()
    return comment


def six_about_two_things(session: Session) -> list[Comment]:
    invoices = [read_comment(session, f"The invoice number {n} came late again", 1, n) for n in range(3)]
    linen = [read_comment(session, f"The linen bag {n} was wet and torn", 2, n) for n in range(3)]
    return invoices + linen


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Groups:
    """`groups([0, 0, 1])`: what the next look finds, by the order of the comments; -1 for none, also of what is left."""
    monkeypatch.setattr(regroup, "find_leftovers", lambda *_, **__: [])

    def find(labels: Sequence[int]) -> None:
        found = SimpleNamespace(labels=np.array(labels), score=np.full(len(labels), 0.9))
        monkeypatch.setattr(regroup, "find_groups", lambda *_, **__: found)

    return find


def standing(session: Session) -> dict[int, int]:
    session.expire_all()
    rows = session.execute(select(Match.comment_id, Match.issue_id).where(Match.state != "refused"))
    return dict(rows.all())


def count(session: Session, model: type[Issue | Match | Cell | GroupRun]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("encoder", "seen"), [("static", "static"), ("accurate", "accurate")])
def test_vectors_of_two_encoders_are_never_looked_at_together(
    session: Session, here: Scope, encoder: str, seen: str
) -> None:
    said = {
        "static": read_comment(session, "The linen bag was torn", 2, version="2026.11.7+4"),
        "accurate": read_comment(session, "The linen bag was wet", 2, version="2026.11.7-accurate+4"),
    }
    by = Scope(replace(here.settings, encoder=encoder), here.database, here.redis, here.doorbell)
    looked = newest_seen(session, limit=9, encoder=by.settings.encoder)
    assert [one.comment_id for one in looked] == [said[seen].id]


def test_a_look_founds_an_issue_for_each_group(session: Session, here: Scope, groups: Groups) -> None:
    said = six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    stands = standing(session)
    assert len({stands[one.id] for one in said[:3]}) == len({stands[one.id] for one in said[3:]}) == 1
    assert (count(session, Issue), count(session, Cell)) == (2, 6)
    assert all(session.scalars(select(Match.reasons)))


def test_a_second_look_at_the_same_comments_changes_nothing(
    session: Session, here: Scope, groups: Groups
) -> None:
    six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    before = standing(session)
    issues.regroup(here)
    assert standing(session) == before
    assert count(session, Issue) == 2


def test_ids_stay_when_more_comments_come(session: Session, here: Scope, groups: Groups) -> None:
    said = six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    before = standing(session)
    new = [read_comment(session, f"Once more the invoice {n} is late", 1, n + 9) for n in range(4)]
    groups([5, 5, 5, 3, 3, 3, 5, 5, 5, 5])
    issues.regroup(here)
    after = standing(session)
    assert {one.id: after[one.id] for one in said} == before
    assert {after[one.id] for one in new} == {before[said[0].id]}


def test_two_alike_found_nothing(session: Session, here: Scope, groups: Groups) -> None:
    six_about_two_things(session)
    groups([0, 0, -1, -1, -1, -1])
    issues.regroup(here)
    assert (count(session, Issue), standing(session)) == (0, {})
    assert session.scalars(select(GroupRun.not_grouped)).one() == 6


def test_an_issue_that_people_touched_loses_nothing(session: Session, here: Scope, groups: Groups) -> None:
    said = six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    touched = standing(session)[said[0].id]
    session.get_one(Issue, touched).is_named = True
    session.flush()
    groups([-1, 1, 1, 1, 1, 1])
    issues.regroup(here)
    assert {standing(session).get(one.id) for one in said[:3]} == {touched}


def test_a_comment_in_a_touched_and_an_untouched_issue_stays_in_the_touched_one(
    session: Session, here: Scope, groups: Groups
) -> None:
    said = six_about_two_things(session)
    named = factories.issue(session, is_named=True)
    other = factories.issue(session)
    for issue in (named, other):
        factories.match(session, said[0], issue)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    rows = select(Match.issue_id).where(Match.comment_id == said[0].id)
    assert named.id in set(session.scalars(rows))


def test_a_refused_pair_is_never_matched_again(session: Session, here: Scope, groups: Groups) -> None:
    said = six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    match = session.scalars(select(Match).where(Match.comment_id == said[0].id)).one()
    match.state = "refused"
    session.flush()
    issues.regroup(here)
    work.put(session, issues.STAGE, [(said[0].account_id, said[0].id)])
    drain(here)
    assert said[0].id not in standing(session)


def drain(here: Scope, memory: issues.Memory | None = None) -> int:
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, issues.LEASE)
    assert token is not None
    done = issues.drain_with(here, memory or issues.Memory(), token)
    with here.database.writing(SYSTEM) as session:
        lease.give_back(session, issues.LEASE, token)
    return done


def test_a_new_comment_joins_the_issue_it_is_like_with_a_reason(
    session: Session, here: Scope, groups: Groups
) -> None:
    said = six_about_two_things(session)
    groups([0, 0, 0, 1, 1, 1])
    issues.regroup(here)
    new = read_comment(session, "My invoice came late again", 1, 33)
    work.put(session, issues.STAGE, [(new.account_id, new.id)])
    assert drain(here) == 1
    assert standing(session)[new.id] == standing(session)[said[0].id]
    match = session.scalars(select(Match).where(Match.comment_id == new.id)).one()
    assert match.reasons[0].endswith("the comments most like it stand here.")
    assert work.waiting(session) == {}


def test_a_comment_without_a_vector_leaves_the_line_unplaced(session: Session, here: Scope) -> None:
    comment = factories.comment(session)
    work.put(session, issues.STAGE, [(comment.account_id, comment.id)])
    assert drain(here) == 1
    assert work.waiting(session) == {}
    assert standing(session) == {}


def test_without_its_lease_a_worker_does_nothing(session: Session, here: Scope) -> None:
    comment = read_comment(session, "The invoice came late", 1)
    work.put(session, issues.STAGE, [(comment.account_id, comment.id)])
    assert issues.drain_with(here, issues.Memory(), 1) == 0
    assert work.waiting(session) == {issues.STAGE: 1}


def test_the_real_grouping_tells_two_things_apart(session: Session, here: Scope) -> None:
    for number in range(12):
        read_comment(session, f"The invoice {number} came two weeks late", 1, number)
        read_comment(session, f"The linen bag {number} was wet and torn", 2, number)
    issues.regroup(here)
    stands = standing(session)
    names = dict(session.execute(select(Comment.id, Comment.text)).all())
    by_issue: dict[int, set[str]] = {}
    for comment, issue in stands.items():
        by_issue.setdefault(issue, set()).add(names[comment].split()[1])
    assert by_issue
    assert all(len(words) == 1 for words in by_issue.values())
