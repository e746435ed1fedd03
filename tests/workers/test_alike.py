"""The group worker compares what waits, when enough of it is new, and offers the theme that the most like them have."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.workers.test_issues import here, near, read_comment
from voc.analysis.alike.queries import Kind, kinds
from voc.analysis.models import Alike, AlikeComment, Vector
from voc.analysis.waiting import unsure
from voc.core import clock
from voc.intake.models import Comment
from workers import alike, leads
from workers.scope import Scope

__all__ = ["here"]  # the fixture


def gates(session: Session) -> list[Comment]:
    return [read_comment(session, f"The gate stays shut in hall {at}", 3, at) for at in range(3)]


def found(session: Session) -> tuple[Kind, ...]:
    return kinds(session, unsure(session), None, limit=9)


def test_alike_ones_become_a_kind_after_a_look_and_others_stand_alone(session: Session, here: Scope) -> None:
    said, other = gates(session), read_comment(session, "Our invoice is wrong", 9)
    assert alike.compare_if_due(here, has_looked=True)
    kind = found(session)[0]
    assert {one.public_id for one in kind.said} == {one.public_id for one in said}
    assert "gate" in " ".join(kind.words)
    assert "gate" in kind.name
    assert session.get_one(AlikeComment, (other.account_id, other.id)).alike_id is None


def test_between_looks_it_waits_until_enough_is_new(session: Session, here: Scope) -> None:
    gates(session)
    assert not alike.compare_if_due(here, has_looked=False)
    for at in range(alike._FRESH - 3):
        read_comment(session, f"Something else, {at}", 9, at)
    assert alike.compare_if_due(here, has_looked=False)
    assert not alike.compare_if_due(here, has_looked=True)


def test_a_drain_compares_when_it_is_due(
    session: Session, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "_FRESH", 3)
    gates(session)
    leads.drain_with(here, leads.Asked())
    assert len(found(session)) == 1


def test_comparing_again_replaces_what_was_said_before(session: Session, here: Scope) -> None:
    gates(session)
    alike.compare_if_due(here, has_looked=True)
    before = set(session.scalars(select(Alike.id)))
    with clock.frozen(NOW + timedelta(hours=1)):
        read_comment(session, "The gate stays shut in hall nine", 3, 9)
        alike.compare_if_due(here, has_looked=True)
    assert [one.number for one in found(session)] == [4]
    assert before.isdisjoint(session.scalars(select(Alike.id)))


def test_the_theme_that_most_like_them_have_is_kept(session: Session, here: Scope) -> None:
    access, billing = factories.theme(session, key="access"), factories.theme(session, key="billing")
    for theme, direction, number in ((access, 3, 3), (billing, 9, 20)):
        for at in range(number):
            said = factories.comment(session, text=f"About {theme.key}, {at}")
            factories.reading(session, said, themes=(theme,))
            numbers = near(direction, at).astype("<f2").tobytes()
            session.add(Vector(account_id=said.account_id, comment_id=said.id, version="t", numbers=numbers))
    gates(session)
    alike.compare_if_due(here, has_looked=True)
    nearest, share = found(session)[0].near[0]
    assert nearest == access.id
    assert share > 0.5


def test_names_are_left_out_of_what_a_kind_is_called(session: Session, here: Scope) -> None:
    account = factories.account(session)
    factories.contact(session, account, name="Wilhelmina Oosterveld")
    for at in range(3):
        read_comment(session, f"Wilhelmina Oosterveld never calls us back in hall {at}", 3, at)
    alike.compare_if_due(here, has_looked=True)
    row = session.scalars(select(Alike)).one()
    assert "oosterveld" not in " ".join([row.name, *row.words]).lower()
