"""What mail's tests share: an open house, followers that only note, contacts at names that are not reserved."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from voc.accounts.models import Contact
from voc.jobs import FOLLOWERS
from voc.mail import house

TOLD: list[tuple[str, Any]] = []
HAPPENED = ("mail_sent", "mail_bounced", "batch_left", "batch_stopped")


def note_mail_sent(_session: Session, keys: Sequence[Any]) -> None:
    """Stands in for the later stages."""
    TOLD.extend(("mail_sent", key) for key in keys)


def note_mail_bounced(_session: Session, keys: Sequence[Any]) -> None:
    """As above."""
    TOLD.extend(("mail_bounced", key) for key in keys)


def note_batch_left(_session: Session, keys: Sequence[Any]) -> None:
    """As above."""
    TOLD.extend(("batch_left", key) for key in keys)


def note_batch_stopped(_session: Session, keys: Sequence[Any]) -> None:
    """As above."""
    TOLD.extend(("batch_stopped", key) for key in keys)


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What later stages were told, in order; none of them runs."""
    TOLD.clear()
    for happened in HAPPENED:
        monkeypatch.setitem(FOLLOWERS, happened, (f"tests.mail.conftest.note_{happened}",))
    return TOLD


@pytest.fixture
def open_house(session: Session) -> None:
    """An administrator pressed "start sending"."""
    house.turn(session, on=True)


@pytest.fixture
def person(session: Session) -> Contact:
    """A client's person at an address that a server may get."""
    return factories.contact(
        session, factories.account(session), name="Ines Roda", email="ines@clinic.internal",
        email_key="ines@clinic.internal",
    )  # fmt: skip
