"""What no group holds and what people took out founds issues of its own, never where it was taken out of."""

from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.workers.test_issues import drain, here, read_comment, standing
from voc.access.principals import principal_of_user
from voc.core.principal import Role
from voc.db.scope import open_for
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.looking.service import dissolve
from voc.issues.models import Issue
from workers import regroup
from workers.scope import Scope

__all__ = ["here"]  # the fixture
COLD = ("Cold chain broken, two patients were called back", "The cold chain broke again", "Cold chain broken")


@pytest.fixture(autouse=True)
def _no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first grouping leaves everything over."""

    def find(vectors: np.ndarray, *_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(labels=np.full(len(vectors), -1), score=np.zeros(len(vectors)))

    monkeypatch.setattr(regroup, "find_groups", find)


def cold(session: Session) -> list[Comment]:
    return [read_comment(session, words, 3, at) for at, words in enumerate(COLD)]


def test_three_that_are_left_over_and_alike_found_an_issue(session: Session, here: Scope) -> None:
    said = cold(session)
    read_comment(session, "Nobody answers the phone before nine", 9)
    regroup.regroup(here)
    stands = standing(session)
    assert set(stands) == {one.id for one in said}
    assert len(set(stands.values())) == 1


def test_it_keeps_its_id_at_the_next_look(session: Session, here: Scope) -> None:
    cold(session)
    regroup.regroup(here)
    before = standing(session)
    regroup.regroup(here)
    assert standing(session) == before


def test_praise_and_suggestions_found_nothing(session: Session, here: Scope) -> None:
    for one in cold(session):
        one.kind, one.hurt = "suggestion", None
    session.flush()
    regroup.regroup(here)
    assert standing(session) == {}


def test_what_people_took_out_stands_in_an_issue_of_its_own(session: Session, here: Scope) -> None:
    said, issue = cold(session), factories.issue(session, name="Hot meals arrive cold", is_named=True)
    for one in said:
        factories.match(session, one, issue, state="refused")
    drain(here)
    homes = set(standing(session).values())
    assert len(homes) == 1
    assert issue.id not in homes
    assert len(set(standing(session))) == len(said)
    assert session.scalars(select(Issue.is_named).where(Issue.id.in_(homes))).one() is False


def test_what_a_lead_said_is_not_one_matter_is_not_founded_again(session: Session, here: Scope) -> None:
    said = cold(session)
    read_comment(session, "Nobody answers the phone before nine", 9)
    regroup.regroup(here)
    issue = session.scalars(select(Issue)).one()
    open_for(session, principal_of_user(session, factories.user(session, Role.LEAD)))
    act = dissolve(session, issue)
    for _ in range(2):
        drain(here)
        regroup.regroup(here)
    assert standing(session) == {}
    curate.undo(session, act)
    assert set(standing(session)) == {one.id for one in said}
