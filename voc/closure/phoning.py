"""Puts on our people's phone lists what mail cannot tell, and who says that it is not solved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.checks.models import Call
from voc.closure.models import Told, Update
from voc.closure.told_by import who_signs
from voc.core import ids
from voc.core.policy import DEFAULT, add_working_days
from voc.intake.models import Comment
from voc.mail.house import NOT_ON
from voc.mail.models import Delivery

TELL, UNSOLVED = "tell", "problem"


def put_on_phone_lists(session: Session, update: Update, rows: Sequence[Told], now: datetime) -> int:
    """A call for each person whom no mail can reach; gives how many. A house that sends nothing yet calls nobody."""
    if update.kind == "thanks":
        return 0
    deliveries = {
        row.id: row
        for row in session.scalars(
            select(Delivery).where(Delivery.id.in_([row.delivery_id for row in rows if row.delivery_id]))
        )
    }
    silent = [row for row in rows if _is_silent(deliveries.get(row.delivery_id or 0))]
    return sum(
        call(session, row.account_id, row.contact_id, row.thread_id, why=TELL, now=now) for row in silent
    )


def call(
    session: Session,
    account_id: int,
    contact_id: int | None,
    thread_id: int | None,
    *,
    why: str,
    now: datetime,
) -> bool:
    """One call on the list of whoever looks after the client, unless the same one waits; False when it does."""
    comment_id = _first_comment(session, account_id, thread_id)
    same = Call.contact_id == contact_id if comment_id is None else Call.comment_id == comment_id
    waiting = session.scalar(
        select(Call)
        .where(Call.account_id == account_id, Call.why == why, same, Call.ask_id.is_(None))
        .order_by(Call.id.desc())
        .limit(1)
    )
    if waiting is not None and waiting.done_at is None:
        return False
    caller = who_signs(session, [(account_id, thread_id)])[account_id, thread_id]
    due_on = add_working_days(now.date(), DEFAULT.escalation_working_days)
    if waiting is not None and comment_id is not None:
        # The same matter once more: the list keeps one line for it.
        waiting.done_at, waiting.done_by_id, waiting.result, waiting.due_on, waiting.made_at = (
            None,
            None,
            None,
            due_on,
            now,
        )
        session.flush()
        return True
    session.add(
        Call(
            account_id=account_id, id=ids.new_id(), public_id=ids.new_public_id(), contact_id=contact_id,
            comment_id=comment_id, caller_id=caller.id if caller else None, why=why, due_on=due_on, made_at=now,
        )
    )  # fmt: skip
    session.flush()
    return True


def _is_silent(delivery: Delivery | None) -> bool:
    return delivery is None or (delivery.state == "refused" and delivery.why != NOT_ON)


def _first_comment(session: Session, account_id: int, thread_id: int | None) -> int | None:
    if thread_id is None:
        return None
    return session.scalar(
        select(Comment.id)
        .where(Comment.account_id == account_id, Comment.thread_id == thread_id)
        .order_by(Comment.id)
        .limit(1)
    )
