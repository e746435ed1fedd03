"""Keeps each of our people's phone list: whom to call, why, by when, with words to say, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.checks import answering, rules
from voc.checks.models import Answer, Ask, Call, Check
from voc.checks.rules import RESULTS
from voc.core import clock
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.policy import add_working_days
from voc.core.principal import Principal, Role
from voc.db.scope import principal_of
from voc.intake.models import Comment

WHY_WORDS = {
    "question": "Ask one question",
    "reminder": "No answer to our mails yet",
    "problem": "Said it is a problem",
    "senior": "Asked for someone senior",
    "tell": "Tell them where it stands: no mail reaches them",
}
_MOST_TRIES = 3  # calls that reach nobody; then it is left (policy)


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call of a phone list. `spoken` are sentences to say; empty where the matter is a comment or an answer."""

    public_id: str
    why: str
    why_words: str
    account_public_id: str
    account: str
    contact: str | None
    role: str | None
    phone: str | None
    email: str | None
    caller: str | None
    caller_public_id: str | None
    due_on: date
    is_late: bool
    tries: int
    spoken: tuple[str, ...]
    about: str | None  # a client's own words, or who was named as the one to ask
    answer: str | None  # what was answered so far, as a word of SAYS
    answers: tuple[str, ...]  # what can be answered on this call, in the order to read out; empty: nothing
    done_at: datetime | None
    result: str | None


def calls_of(
    session: Session,
    principal: Principal,
    *,
    zone: str,
    provider: str,
    everyone: bool = False,
    done: bool = False,
) -> tuple[CallShown, ...]:
    """The open calls of this person, the most urgent first; of all our people with `everyone`, or those `done`.

    Calls of clients whom nobody looks after stand on every lead's list.
    """
    wanted = select(Call).where(Call.done_at.is_not(None) if done else Call.done_at.is_(None))
    if not everyone:
        mine = Call.caller_id == principal.user_id
        wanted = wanted.where(mine | Call.caller_id.is_(None) if Role.LEAD in principal.roles else mine)
    wanted = wanted.order_by(Call.done_at.desc() if done else Call.due_on, Call.id).limit(500)
    return tuple(_shown(session, call, zone, provider) for call in session.scalars(wanted))


def calls_of_client(
    session: Session, account_public_id: str, *, zone: str, provider: str
) -> tuple[CallShown, ...]:
    """The open calls to one client and its sites, for its page."""
    account = session.scalar(select(Account).where(Account.public_id == account_public_id))
    if account is None:
        raise NotFound
    members = select(Account.id).where((Account.id == account.id) | (Account.group_id == account.id))
    wanted = (
        select(Call)
        .where(Call.account_id.in_(members), Call.done_at.is_(None))
        .order_by(Call.due_on, Call.id)
    )
    return tuple(_shown(session, call, zone, provider) for call in session.scalars(wanted))


def open_calls(session: Session, principal: Principal) -> int:
    """How many calls wait on this person's list."""
    mine = Call.caller_id == principal.user_id
    shown = mine | Call.caller_id.is_(None) if Role.LEAD in principal.roles else mine
    return len(session.execute(select(Call.id).where(Call.done_at.is_(None), shown)).all())


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


def _shown(session: Session, call: Call, zone: str, provider: str) -> CallShown:
    account = session.get_one(Account, call.account_id)
    contact = session.get(Contact, (call.account_id, call.contact_id)) if call.contact_id else None
    caller = session.get(User, call.caller_id) if call.caller_id else None
    ask = session.get(Ask, (call.account_id, call.ask_id)) if call.ask_id else None
    answer = session.get(Answer, (call.account_id, call.ask_id)) if call.ask_id else None
    spoken, answers = _question(session, call, ask, zone, provider, caller)
    today = clock.today(zone)
    return CallShown(
        public_id=call.public_id, why=call.why, why_words=WHY_WORDS[call.why], account_public_id=account.public_id,
        account=account.name, contact=contact.name if contact else None, role=contact.role if contact else None,
        phone=contact.phone if contact else None, email=contact.email if contact else None,
        caller=caller.name if caller else None, caller_public_id=caller.public_id if caller else None,
        due_on=call.due_on, is_late=call.done_at is None and call.due_on < today, tries=call.tries, spoken=spoken,
        about=_about(session, call, answer), answer=answer.says if answer else None, answers=answers,
        done_at=call.done_at, result=call.result,
    )  # fmt: skip


def _question(
    session: Session, call: Call, ask: Ask | None, zone: str, provider: str, caller: User | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if ask is None or call.why not in {"question", "reminder"}:
        return (), ()
    check = session.get_one(Check, ask.check_id)
    name = caller.name if caller else "one of us"
    said = rules.spoken(check.what, check.since_on, clock.today(zone), provider=provider, caller=name)
    return said, rules.answer_order(ask.no_first)


def _about(session: Session, call: Call, answer: Answer | None) -> str | None:
    comment_id = call.comment_id or (answer.comment_id if answer else None)
    comment = session.get(Comment, (call.account_id, comment_id)) if comment_id else None
    if comment is not None:
        return comment.text
    return f"named {answer.colleague} as the one to ask" if answer and answer.colleague else None
