"""Keeps each of our people's phone list: whom to call, why, by when, with words to say, and what came of it."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.checks import answering
from voc.checks.models import Ask, Call
from voc.checks.rules import RESULTS
from voc.core import clock
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.policy import add_working_days
from voc.db.scope import principal_of

WHY_WORDS = {
    "question": "Ask one question",
    "reminder": "No answer to our mails yet",
    "problem": "Said it is a problem",
    "senior": "Asked for someone senior",
    "tell": "Tell them where it stands: no mail reaches them",
}
_MOST_TRIES = 3  # calls that reach nobody; then it is left (policy)


def find_call(session: Session, public_id: str) -> Call:
    """The call of this public id, when its client is the asker's to see; raises NotFound."""
    call = session.scalar(select(Call).where(Call.public_id == public_id))
    if call is None:
        raise NotFound
    return call


def done(
    session: Session, call: Call, *, result: str, says: str | None = None, words: str | None = None
) -> Call:
    """Notes how a call went; with `says` the client's answer is taken as if they had clicked it themselves.

    A call that reached nobody stays on the list, due again next working day, until three tries; Conflict
    when it is done already.
    """
    if result not in RESULTS:
        raise Invalid(f"“{result}” is no way a call goes.", fields={"result": "Choose one of the list."})
    if (says or words) and result != "spoke":
        raise Invalid("Only somebody who was reached can answer.", fields={"result": "Choose “spoke”."})
    if says and call.ask_id is None:
        raise Invalid("No question belongs to this call.", fields={"says": "Leave the answer out."})
    _claim(session, call, result)
    if says:
        ask = session.get_one(Ask, (call.account_id, call.ask_id))
        answering.answer(
            session, ask, says=says, words=words, colleague=None, taken_by_id=principal_of(session).user_id
        )
    record(session, "call.done", f"call {call.public_id}", result=result)
    return call


def _claim(session: Session, call: Call, result: str) -> None:
    """Writes the result once: the second who notes the same call gets a Conflict."""
    tries = call.tries + 1
    ends = result != "not_reached" or tries >= _MOST_TRIES
    values: dict[str, Any] = {"tries": tries, "result": result}  # column name to value
    if ends:
        values |= {"done_at": clock.now(), "done_by_id": principal_of(session).user_id}
    else:
        values |= {"due_on": add_working_days(max(call.due_on, clock.now().date()), 1)}
    taken = session.execute(
        update(Call)
        .where(Call.account_id == call.account_id, Call.id == call.id)
        .where(Call.done_at.is_(None), Call.tries == call.tries)
        .values(**values)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.refresh(call)
    if not taken:
        raise Conflict("Somebody noted this call already. Look again.")
