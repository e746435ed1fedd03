"""The group worker asks about issues that people touched, changes none of them, and learns from their word."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.workers.test_issues import drain, near, read_comment, standing
from voc.analysis.models import Vector
from voc.checks.models import Check
from voc.core import ids
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db import work
from voc.db.scope import open_for
from voc.db.session import Database
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Issue, Match, Proposal, Ungrouped
from voc.issues.proposals import service
from voc.jobs import QuietDoorbell
from workers import issues, leads, proposals, regroup
from workers.scope import Scope

WARDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def said_in(
    session: Session, issue: Issue, words: str, direction: int, first: int = 0, number: int = 6
) -> list[Comment]:
    said = [
        read_comment(session, f"{words} on ward {WARDS[at]}", direction, first + at) for at in range(number)
    ]
    for comment in said:
        factories.match(session, comment, issue)
    return said


def twins(session: Session, *, is_named: bool = True) -> tuple[Issue, Issue]:
    """Two issues about late linen, and one each about invoices and meals, so that the field has a middle."""
    one = factories.issue(session, name="Linen late", is_named=is_named)
    other = factories.issue(session, name="Late laundry")
    said_in(session, one, "The linen came late", 1)
    said_in(session, other, "The linen came late", 1, first=20)
    said_in(session, factories.issue(session), "The invoice is wrong", 2)
    said_in(session, factories.issue(session), "The soup was cold", 3)
    return one, other


def ask(here: Scope) -> int:
    return proposals.propose(here, here.beat)


def open_ones(session: Session) -> list[Proposal]:
    session.expire_all()
    return list(session.scalars(select(Proposal).where(Proposal.state == "open")))


def test_two_issues_about_one_matter_are_proposed_once_and_nothing_is_changed(
    session: Session, here: Scope
) -> None:
    one, other = twins(session)
    before = standing(session)
    assert ask(here) == 1
    assert ask(here) == 0
    found = open_ones(session)
    assert [(row.kind, row.issue_id, row.other_id) for row in found] == [("merge", other.id, one.id)]
    assert "linen" in found[0].reason
    assert standing(session) == before
    assert one.merged_into_id is None


def test_a_pair_answered_while_a_look_runs_is_not_asked_again_and_undo_works(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins(session)
    ask(here)
    (first,) = open_ones(session)
    look = proposals._found

    def answered_meanwhile(field: proposals.Field) -> object:
        found = look(field)
        _as_lead(session, lambda: service.accept(session, first))
        return found

    monkeypatch.setattr(proposals, "_found", answered_meanwhile)
    assert ask(here) == 0
    assert open_ones(session) == []
    _as_lead(session, lambda: service.undo(session, first))
    assert [row.id for row in open_ones(session)] == [first.id]


def test_issues_that_nobody_touched_are_not_asked_about(session: Session, here: Scope) -> None:
    twins(session, is_named=False)
    assert ask(here) == 0


def test_a_pair_that_a_person_told_apart_is_not_asked_about(session: Session, here: Scope) -> None:
    one, other = twins(session)
    said = session.get_one(Comment, _first_in(session, other))
    factories.match(session, said, one, state="refused")
    match = session.get_one(Match, (said.account_id, said.id, other.id))
    match.state = "confirmed"
    session.flush()
    assert ask(here) == 0


def _first_in(session: Session, issue: Issue) -> tuple[int, int]:
    row = session.execute(
        select(Match.account_id, Match.comment_id).where(Match.issue_id == issue.id)
    ).first()
    assert row is not None
    return row[0], row[1]


def test_what_no_longer_holds_is_gone_and_a_no_is_kept(session: Session, here: Scope) -> None:
    _, other = twins(session)
    ask(here)
    session.execute(Match.__table__.delete().where(Match.issue_id == other.id))  # type: ignore[attr-defined]
    ask(here)
    assert session.scalars(select(Proposal.state)).all() == ["gone"]


def test_an_issue_of_two_matters_is_proposed_to_be_parted(session: Session, here: Scope) -> None:
    mixed = factories.issue(session, name="Ward things", is_named=True)
    said_in(session, mixed, "The linen came late", 1)
    soup = said_in(session, mixed, "The soup was cold", 3, number=5)
    said_in(session, factories.issue(session), "The invoice is wrong", 2)
    said_in(session, factories.issue(session), "Nobody answers the phone", 4)
    ask(here)
    found = open_ones(session)
    assert [row.kind for row in found] == ["split"]
    assert {comment for _, comment in found[0].comments} == {one.id for one in soup}
    assert found[0].name


def test_a_part_that_people_confirmed_is_not_asked_about(session: Session, here: Scope) -> None:
    mixed = factories.issue(session, name="Ward things", is_named=True)
    said_in(session, mixed, "The linen came late", 1)
    for one in said_in(session, mixed, "The soup was cold", 3, number=5):
        session.get_one(Match, (one.account_id, one.id, mixed.id)).state = "confirmed"
    said_in(session, factories.issue(session), "The invoice is wrong", 2)
    assert ask(here) == 0


def test_a_comment_that_fits_elsewhere_is_proposed_to_move(session: Session, here: Scope) -> None:
    linen = factories.issue(session, name="Linen", is_named=True)
    soup = factories.issue(session, name="Soup", is_named=True)
    said_in(session, linen, "The linen came late", 1)
    said_in(session, soup, "The soup was cold", 3, number=7)
    stray = read_comment(session, "The soup was cold on ward one", 3, 40)
    factories.match(session, stray, linen)
    ask(here)
    assert [(row.kind, row.issue_id, row.other_id, row.comments) for row in open_ones(session)] == [
        ("move", linen.id, soup.id, [[stray.account_id, stray.id]])
    ]


def test_after_an_act_of_a_person_the_worker_asks_again(session: Session, here: Scope) -> None:
    one, _ = twins(session, is_named=False)
    asked = leads.Asked()
    leads.drain_with(here, asked)
    assert open_ones(session) == []
    _lead_names(session, one)
    leads.drain_with(here, asked)
    assert [row.kind for row in open_ones(session)] == ["merge"]


def _lead_names(session: Session, issue: Issue) -> None:
    _as_lead(session, lambda: curate.name_issue(session, issue, "Linen late"))


def _as_lead(session: Session, act: Callable[[], object]) -> None:
    lead = factories.user(session, Role.LEAD)
    open_for(session, Principal(kind="user", user_id=lead.id, account_ids=None, roles=frozenset({Role.LEAD})))
    act()
    open_for(session, SYSTEM)


@pytest.fixture
def two_issues(session: Session) -> tuple[Issue, Issue]:
    """Linen with six comments each confirmed by a person, and an empty-handed issue about soup."""
    linen, soup = factories.issue(session, is_named=True), factories.issue(session, is_named=True)
    for one in said_in(session, linen, "The linen came late", 1):
        session.get_one(Match, (one.account_id, one.id, linen.id)).state = "confirmed"
    said_in(session, soup, "The soup was cold", 3)
    session.flush()
    return linen, soup


def placed(session: Session, here: Scope, comment: Comment) -> int | None:
    work.put(session, issues.STAGE, [(comment.account_id, comment.id)])
    drain(here)
    return standing(session).get(comment.id)


def test_a_comment_like_those_people_took_out_is_not_put_there_again(
    session: Session, here: Scope, two_issues: tuple[Issue, Issue]
) -> None:
    linen, _ = two_issues
    between = near(1, 0) + near(5, 0)  # linen, but of another kind
    for at in range(5):
        out = comment_at(session, f"The linen smells of smoke, bag {at}", between + 0.02 * near(6, at))
        factories.match(session, out, linen, state="refused")
    again = comment_at(session, "The linen smells of smoke, every bag", between)
    assert placed(session, here, again) != linen.id
    row = session.get_one(Ungrouped, (again.account_id, again.id))
    assert row.why == "taken_out"
    like = comment_at(session, "The linen came late on ward one", near(1, 9))
    assert placed(session, here, like) == linen.id


def comment_at(session: Session, words: str, numbers: Any, *, hurt: int | None = 2) -> Comment:
    comment = factories.comment(session, text=words, hurt=hurt)
    factories.reading(session, comment)
    unit = (numbers / np.linalg.norm(numbers)).astype("<f2").tobytes()
    session.add(Vector(account_id=comment.account_id, comment_id=comment.id, version="t", numbers=unit))
    session.flush()
    return comment


def test_what_joins_nothing_says_why_and_what_is_nearest(
    session: Session, here: Scope, two_issues: tuple[Issue, Issue]
) -> None:
    far = comment_at(session, "The parking barrier stays shut", near(9, 0) + 0.2 * near(3, 0))
    words = "Thank you very much, have a nice weekend"
    thanks, bitter = (comment_at(session, words, near(at, 0), hurt=hurt) for at, hurt in ((8, None), (10, 2)))
    assert [placed(session, here, one) for one in (far, thanks, bitter)] == [None] * 3
    row = session.get_one(Ungrouped, (far.account_id, far.id))
    assert (row.why, int(row.near[0][0])) == ("nothing_near", two_issues[1].id)
    assert session.get_one(Ungrouped, (thanks.account_id, thanks.id)).why == "small_talk"
    assert session.get_one(Ungrouped, (bitter.account_id, bitter.id)).why == "nothing_near"


def test_a_look_says_of_too_few_and_of_one_client_why_they_wait(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace  # noqa: PLC0415

    account = factories.account(session)
    mine = [read_comment(session, f"The gate {at} is shut", 1, at) for at in range(2)]
    for one in mine:
        del one
    alone = [factories.comment(session, account, text=f"The bell {at} rings", hurt=2) for at in range(2)]
    for at, one in enumerate(alone):
        factories.reading(session, one)
        session.add(
            Vector(
                account_id=one.account_id,
                comment_id=one.id,
                version="t",
                numbers=near(2, at).astype("<f2").tobytes(),
            )
        )
    session.flush()
    found = SimpleNamespace(labels=np.array([0, 0, 1, 1]), score=np.full(4, 0.9))
    monkeypatch.setattr(regroup, "find_groups", lambda *_, **__: found)
    regroup.regroup(here)
    session.expire_all()
    whys = dict(session.execute(select(Ungrouped.comment_id, Ungrouped.why)).all())
    assert [whys[one.id] for one in (*mine, *alone)] == ["few", "few", "one_client", "one_client"]


def test_an_issue_with_a_question_loses_nothing_though_nobody_named_it(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace  # noqa: PLC0415

    asked = factories.issue(session)
    said = said_in(session, asked, "The linen came late", 1, number=3)
    other = [read_comment(session, f"The soup {at} was cold", 3, at) for at in range(3)]
    lead = factories.user(session, Role.LEAD)
    session.add(Check(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=asked.id, what="linen came late", since_on=NOW.date(),
        state="draft", made_by_id=lead.id, made_at=NOW,
    ))  # fmt: skip
    session.flush()
    found = SimpleNamespace(labels=np.array([-1, 0, 0, 0, 0, 0]), score=np.full(6, 0.9))
    monkeypatch.setattr(regroup, "find_groups", lambda *_, **__: found)
    regroup.regroup(here)
    stands = standing(session)
    assert {stands[one.id] for one in said} == {asked.id}
    assert other
    assert session.scalar(select(func.count()).select_from(Match).where(Match.issue_id == asked.id)) >= 3
