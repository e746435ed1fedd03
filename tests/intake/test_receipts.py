"""Receipt numbers: random, and given once."""

from collections.abc import Callable, Iterator
from itertools import chain, count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.core import ids
from voc.intake.models import Thread
from voc.intake.service import Incoming, receive, receive_many


def coming(account_id: int, number: int) -> list[Incoming]:
    return [
        Incoming(account_id=account_id, channel="api", text=f"Late {at}", sender_key=str(at), body=b"")
        for at in range(number)
    ]


def drawing(*first: str) -> Callable[[], str]:
    """Draws these numbers, then others."""
    drawn: Iterator[str] = chain(first, (f"B{at:03}-CDFG" for at in count()))
    return lambda: next(drawn)


@pytest.mark.parametrize("number", [1, 3])
def test_a_receipt_that_another_account_has_is_drawn_again(
    session: Session, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = receive(session, coming(factories.account(session).id, 1)[0])
    monkeypatch.setattr(ids, "new_receipt", drawing(before.receipt))
    stored = receive_many(session, coming(factories.account(session).id, number))
    receipts = session.scalars(select(Thread.receipt)).all()
    assert len(stored) == number
    assert len(set(receipts)) == number + 1


def test_two_of_one_file_never_share_a_receipt(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "new_receipt", drawing("B234-CDFG", "B234-CDFG"))
    receive_many(session, coming(factories.account(session).id, 3))
    receipts = session.scalars(select(Thread.receipt)).all()
    assert len(set(receipts)) == len(receipts) == 3
