"""The client's side of a question: one ask as the person who is asked sees it, naming nobody else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.checks import rules, together
from voc.checks.models import Answer, Ask, Check
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.policy import DEFAULT, add_working_days
from voc.core.principal import Principal
from voc.intake.carers import OurPerson, named_person
from voc.intake.models import Comment

_SHUT = frozenset({"planned", "left_out", "no_answer"})
_RUNNING = frozenset({"leaving", "asking"})


@dataclass(frozen=True, slots=True)
class Given:
    """What this person answered; `reads_by` is when our person has read it."""

    says: str
    said: str
    at: datetime
    words: str | None
    colleague: str | None
    reads_by: date
    not_again_before: date


@dataclass(frozen=True, slots=True)
class Beside:
    """Another question to the same person that came in the same mail."""

    public_id: str
    question: str
    answers: tuple[tuple[str, str], ...]
    said: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class AskedShown:
    """One question to one person. `answers` are (says, words) in the order this person sees them."""

    public_id: str
    question: str
    answers: tuple[tuple[str, str], ...]
    account: str
    contact: str
    person: OurPerson | None
    reads: str | None  # who reads every answer and decides
    state: str
    is_open: bool
    closes_at: datetime | None
    back_by: date | None
    given: Given | None
    beside: tuple[Beside, ...] = ()

    @property
    def next(self) -> Beside | None:
        """The next question that waits for an answer; None when this was the last."""
        return next((one for one in self.beside if one.is_open and one.said is None), None)


def find_ask(session: Session, public_id: str) -> Ask:
    """The ask with this public id, when it is the asker's to see; raises NotFound."""
    found = session.scalar(select(Ask).where(Ask.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def find_own_ask(session: Session, principal: Principal, public_id: str) -> Ask:
    """As `find_ask`, only when this person is the one who is asked."""
    found = find_ask(session, public_id)
    if found.contact_id not in principal.contact_ids:
        raise NotFound
    return found


def asked_shown(session: Session, ask: Ask, zone: str) -> AskedShown:
    """The page of one ask; `zone` is the provider's, for the days it names."""
    check = session.get_one(Check, ask.check_id)
    contact = session.get_one(Contact, (ask.account_id, ask.contact_id))
    account = session.get_one(Account, ask.account_id)
    closes_at = check.closes_at
    return AskedShown(
        public_id=ask.public_id,
        question=rules.question(check.what, check.since_on, clock.today(zone)),
        answers=tuple((says, rules.SAYS_WORDS[says]) for says in rules.answer_order(ask.no_first)),
        account=account.name,
        contact=contact.name,
        person=named_person(session, ask.account_id),
        reads=session.scalar(select(User.name).where(User.id == check.decider_id)),
        state=ask.state,
        is_open=_is_open(check, ask),
        closes_at=closes_at,
        back_by=check.decide_by,
        given=_given(session, ask, zone),
        beside=tuple(_beside(session, one, zone) for one in together.beside(session, ask)),
    )


def find_beside(session: Session, ask: Ask, public_id: str) -> Ask:
    """The ask itself, or one that came in the same mail to the same person; raises NotFound for any other."""
    found = (ask, *together.beside(session, ask))
    one = next((one for one in found if one.public_id == public_id), None)
    if one is None:
        raise NotFound
    return one


def first_open(session: Session, ask: Ask) -> Ask:
    """The first question of a mail that can still be answered; the ask itself where none can."""
    found = (ask, *together.beside(session, ask))
    return next((one for one in found if _is_open(session.get_one(Check, one.check_id), one)), ask)


def _beside(session: Session, ask: Ask, zone: str) -> Beside:
    check = session.get_one(Check, ask.check_id)
    answer = session.get(Answer, (ask.account_id, ask.id))
    return Beside(
        public_id=ask.public_id,
        question=rules.question(check.what, check.since_on, clock.today(zone)),
        answers=tuple((says, rules.SAYS_WORDS[says]) for says in rules.answer_order(ask.no_first)),
        said=rules.SAYS_WORDS[answer.says] if answer else None,
        is_open=_is_open(check, ask),
    )


def open_asked(session: Session, principal: Principal, zone: str) -> tuple[AskedShown, ...]:
    """The questions that wait for this client's person, the one that closes first on top."""
    rows = session.scalars(
        select(Ask)
        .join(Check, Check.id == Ask.check_id)
        .where(Ask.contact_id.in_(sorted(principal.contact_ids)), Ask.state == "asked")
        .where(Check.state.in_(sorted(_RUNNING)))
        .order_by(Check.closes_at, Ask.id)
    )
    shown = [asked_shown(session, row, zone) for row in rows]
    return tuple(one for one in shown if one.is_open)


def _is_open(check: Check, ask: Ask) -> bool:
    in_time = check.closes_at is None or clock.now() < check.closes_at
    return check.state in _RUNNING and in_time and ask.state not in _SHUT


def _given(session: Session, ask: Ask, zone: str) -> Given | None:
    answer = session.get(Answer, (ask.account_id, ask.id))
    if answer is None:
        return None
    comment = session.get(Comment, (ask.account_id, answer.comment_id)) if answer.comment_id else None
    day = answer.answered_at.astimezone(ZoneInfo(zone)).date()
    return Given(
        says=answer.says,
        said=rules.SAYS_WORDS[answer.says],
        at=answer.answered_at,
        words=comment.text if comment else None,
        colleague=answer.colleague,
        reads_by=add_working_days(day, DEFAULT.next_update_working_days),
        not_again_before=day + timedelta(weeks=DEFAULT.evidence_weeks),
    )
