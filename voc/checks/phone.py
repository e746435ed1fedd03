"""The phone list for pages: whom to call, why, by when, and what to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.analysis.say import excerpt
from voc.checks import rules
from voc.checks.calls import WHY_WORDS
from voc.checks.models import Ask, Call, Check
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.principal import Principal, Role
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.web.context import settings
from voc.web.owed import Owed

_ASKS = frozenset({"question", "reminder"})
MOST = 200


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call in a list."""

    public_id: str
    client: str
    client_public_id: str
    contact: str | None
    phone: str | None
    why: str
    due_on: date
    is_late: bool
    caller: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call with what to say; `answers` is empty where no question is asked."""

    line: CallLine
    email: str | None
    role: str | None
    spoken: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    words: str | None
    comment_public_id: str | None
    question_public_id: str | None
    tries: int
    is_done: bool
    may_do: bool


def call_lines(session: Session, principal: Principal, *, everybody: bool) -> tuple[CallLine, ...]:
    """The open calls of this person, or of everybody, what is due first on top."""
    wanted = _lines().where(Call.done_at.is_(None)).order_by(Call.due_on, Call.id).limit(MOST)
    if not everybody:
        wanted = wanted.where(_mine(principal))
    return tuple(_line(row) for row in session.execute(wanted).all())


def calls_of_group(session: Session, group_id: int) -> tuple[CallLine, ...]:
    """The open calls to one client and its sites."""
    wanted = _lines().where(Call.done_at.is_(None), Account.group_id == group_id).order_by(Call.due_on)
    return tuple(_line(row) for row in session.execute(wanted.limit(MOST)).all())


def number_due(session: Session) -> int:
    """How many calls the person of this session should make by today."""
    query = select(func.count()).select_from(Call).where(*_due(principal_of(session)))
    return session.scalar(query) or 0


def number_open(session: Session, principal: Principal) -> int | None:
    """How many calls stand on this person's list; None for none."""
    query = select(func.count()).select_from(Call).where(Call.done_at.is_(None), _mine(principal))
    return session.scalar(query) or None


def due(session: Session, limit: int) -> Sequence[Owed]:
    """Those calls, what is due first on top."""
    wanted = _lines().where(*_due(principal_of(session))).order_by(Call.due_on, Call.id).limit(limit)
    lines = [_line(row) for row in session.execute(wanted).all()]
    return [
        Owed(one.public_id, one.client, _noon(one.due_on), f"{one.contact or 'Somebody there'}: {one.why}")
        for one in lines
    ]


def call_shown(session: Session, principal: Principal, public_id: str) -> CallShown:
    """One call with the words to say; raises NotFound."""
    row = session.execute(_lines().where(Call.public_id == public_id)).first()
    if row is None:
        raise NotFound
    call, contact = row[0], row[2]
    check = _check_of(session, call)
    comment = session.get(Comment, (call.account_id, call.comment_id)) if call.comment_id else None
    asks = check is not None and call.why in _ASKS and check.state == "asking"
    return CallShown(
        line=_line(row),
        email=contact.email if contact else None,
        role=contact.role if contact else None,
        spoken=_spoken(principal, check) if check is not None and asks else (),
        answers=tuple((says, rules.SAYS_WORDS[says]) for says in rules.answer_order(no_first=True))
        if asks
        else (),
        words=excerpt(comment.text, 600) if comment else None,
        comment_public_id=comment.public_id if comment else None,
        question_public_id=check.public_id if check else None,
        tries=call.tries,
        is_done=call.done_at is not None,
        may_do=principal.may("call:change"),
    )


def _spoken(principal: Principal, check: Check) -> tuple[str, ...]:
    here = settings()
    return rules.spoken(
        check.what, check.since_on, clock.today(here.time_zone), provider=here.provider, caller=principal.name
    )


def _check_of(session: Session, call: Call) -> Check | None:
    if call.ask_id is None:
        return None
    return session.scalar(
        select(Check)
        .join(Ask, Ask.check_id == Check.id)
        .where(Ask.account_id == call.account_id, Ask.id == call.ask_id)
    )


def _lines() -> Select[*tuple[Any, ...]]:  # call, group's name and public id, contact, caller's name
    group = aliased(Account)
    return (
        select(Call, group, Contact, User.name)
        .join(Account, Account.id == Call.account_id)
        .join(group, group.id == Account.group_id)
        .outerjoin(Contact, (Contact.account_id == Call.account_id) & (Contact.id == Call.contact_id))
        .outerjoin(User, User.id == Call.caller_id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> CallLine:  # as _lines gives them
    call, group, contact, caller = row
    return CallLine(
        public_id=call.public_id,
        client=group.name,
        client_public_id=group.public_id,
        contact=contact.name if contact else None,
        phone=contact.phone if contact else None,
        why=WHY_WORDS[call.why],
        due_on=call.due_on,
        is_late=call.due_on < clock.today(settings().time_zone),
        caller=caller,
        made_at=call.made_at,
    )


def _mine(principal: Principal) -> Any:  # an SQL condition
    mine = Call.caller_id == principal.user_id
    # Calls of clients whom nobody looks after stand on every lead's list.
    return or_(mine, Call.caller_id.is_(None)) if Role.LEAD in principal.roles else mine


def _due(principal: Principal) -> tuple[Any, ...]:  # SQL conditions
    return Call.done_at.is_(None), Call.due_on <= clock.today(settings().time_zone), _mine(principal)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(settings().time_zone))
