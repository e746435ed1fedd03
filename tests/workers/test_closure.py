"""The round that lets time pass over sign-offs and looks once a day at who else said so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import factories
from tests.conftest import NOW, RolledBack
from voc.closure.models import OthersSaidSo, SignOff, Update
from voc.core import clock, ids
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.slots import Slot
from workers import closure


@pytest.fixture
def here(database: RolledBack, settings: Settings) -> SimpleNamespace:
    return SimpleNamespace(database=database, settings=settings, beat=lambda: None)


def test_a_round_twice_and_a_day_later_does_each_thing_once(
    here: SimpleNamespace, session: object, at: Callable[[datetime], None]
) -> None:
    lead = factories.user(session, Role.LEAD)
    issue = factories.issue(session)
    contact = factories.contact(session, account := factories.account(session))
    update = Update(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, kind="solved", status="done",
        words="Done.", by_id=lead.id, at=NOW, left_at=NOW,
    )  # fmt: skip
    session.add(update)
    session.flush()
    for days in (1, 14):
        session.add(
            SignOff(
                account_id=account.id,
                id=ids.new_id(),
                public_id=ids.new_public_id(),
                issue_id=issue.id,
                update_id=update.id,
                contact_id=contact.id,
                asked_at=NOW,
                closes_at=NOW + timedelta(days=days),
            )
        )
    session.add(OthersSaidSo(issue_id=issue.id, is_on=True, is_true=True, by_id=lead.id, at=NOW))
    session.flush()
    at(NOW + timedelta(days=2))
    for _ in range(2):
        closure.turn(here)
    session.expire_all()
    assert sorted(str(row.says) for row in session.scalars(select(SignOff))) == ["None", "none"]
    looked = session.scalars(select(OthersSaidSo)).one()
    assert (looked.is_true, looked.looked_at) == (False, clock.now())
    assert len(session.scalars(select(Slot).where(Slot.name == "others_said_so")).all()) == 1
    at(NOW + timedelta(days=3))
    closure.turn(here)
    assert len(session.scalars(select(Slot).where(Slot.name == "others_said_so")).all()) == 2
