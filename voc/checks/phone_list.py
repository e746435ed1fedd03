"""Puts calls on the phone list of whoever looks after a client, and takes them off when they are not needed."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.checks.models import Ask, Call, Check
from voc.core import clock, ids
from voc.core.policy import DEFAULT, add_working_days
from voc.db.upsert import insert_ignoring

DAYS = {  # working days until a call is due (policy)
    "question": 5,
    "reminder": 3,
    "problem": 1,
    "senior": DEFAULT.escalation_working_days,
}


def put_calls(session: Session, check: Check, asks: Sequence[Ask], *, why: str) -> None:
    """Puts a call for each ask on the list of whoever looks after the client; once, however often it is told."""
    if not asks:
        return
    owners = _owners(session, asks)
    now = clock.now()
    due = add_working_days(now.date(), DAYS[why])
    if check.closes_at is not None and why != "problem":
        due = min(due, check.closes_at.date())
    insert_ignoring(session, Call, [
        {
            "account_id": ask.account_id, "id": ids.new_id(), "public_id": ids.new_public_id(),
            "contact_id": ask.contact_id, "ask_id": ask.id, "caller_id": owners.get(ask.id), "why": why,
            "due_on": due, "made_at": now, "tries": 0,
        }
        for ask in asks
    ])  # fmt: skip


def calls_about(session: Session, ask: Ask) -> dict[str, Call]:
    """The calls about one ask, done or not, by their why."""
    rows = session.scalars(select(Call).where(Call.account_id == ask.account_id, Call.ask_id == ask.id))
    return {call.why: call for call in rows}


def settle(session: Session, ask: Ask, *, whys: Sequence[str]) -> None:
    """Takes the open calls of an ask off the list: they are not needed any more."""
    for why, call in calls_about(session, ask).items():
        if why in whys and call.done_at is None:
            call.done_at, call.result = clock.now(), "not_needed"


def want(session: Session, check: Check, ask: Ask, *, why: str) -> None:
    """Puts a call about an ask on the list; one that was not needed comes back, one that was done stays done."""
    call = calls_about(session, ask).get(why)
    if call is None:
        put_calls(session, check, [ask], why=why)
    elif call.result == "not_needed":
        call.done_at, call.result = None, None


def bring_back(session: Session, ask: Ask) -> None:
    """Puts the calls back that we took off the list ourselves: the question is unanswered after all."""
    for why, call in calls_about(session, ask).items():
        if why in {"question", "reminder"} and call.result == "not_needed" and call.done_by_id is None:
            call.done_at, call.result = None, None


def drop_open(session: Session, check: Check) -> None:
    """Takes every open call that would ask this question off the lists."""
    asks = select(Ask.id).where(Ask.check_id == check.id)
    session.execute(
        update(Call)
        .where(Call.ask_id.in_(asks), Call.why.in_(("question", "reminder")), Call.done_at.is_(None))
        .values(done_at=clock.now(), result="not_needed")
        .execution_options(synchronize_session=False)
    )


def _owners(session: Session, asks: Sequence[Ask]) -> dict[int, int | None]:
    wanted = {one.account_id for one in asks} | {one.group_id for one in asks}
    found: dict[int, int | None] = {}
    keys = sorted(wanted)
    for start in range(0, len(keys), 500):
        block = keys[start : start + 500]
        found |= dict(
            session.execute(select(Account.id, Account.owner_id).where(Account.id.in_(block))).all()
        )
    return {one.id: found.get(one.account_id) or found.get(one.group_id) for one in asks}
