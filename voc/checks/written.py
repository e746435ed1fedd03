"""Answers that people write back by mail: a plain one is kept at once, other words wait until one of us says which it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.analysis.say import excerpt
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.checks import answering, closing, mails, phone_list, rules, together
from voc.checks.models import Answer, Ask, Check
from voc.checks.plain import plain_answer
from voc.core import clock
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.issues.queries import masked_words
from voc.web.context import settings
from voc.web.owed import Owed

_WAITS = ("asked", "bounced", "queued")


@dataclass(frozen=True, slots=True)
class Reply:
    """The asks of the mail that a reply answers; `says` where the reply is one of the five answers, word for word."""

    asks: tuple[Ask, ...]
    says: str | None


@dataclass(frozen=True, slots=True)
class WroteShown:
    """One reply beside the question it answers, as our people see it."""

    ask_public_id: str
    client: str
    client_public_id: str
    person: str
    question: str
    words: str
    comment_public_id: str
    issue: str
    issue_public_id: str
    at: datetime
    answers: tuple[tuple[str, str], ...]
    may_do: bool


def reply_to(session: Session, account_id: int, contact_id: int, key: str, text: str) -> Reply | None:
    """What a reply by `contact_id` answers, by the key of our mail; None when no open question of theirs waits there."""
    public_id = mails.ask_of(key)
    first = session.scalar(
        select(Ask).where(
            Ask.public_id == (public_id or ""), Ask.account_id == account_id, Ask.contact_id == contact_id
        )
    )
    if first is None:
        return None
    asks = [one for one in (first, *together.beside(session, first)) if _may_answer(session, one)]
    if not asks:
        return None
    alone = len(asks) == 1 and not together.beside(session, first)
    return Reply(tuple(asks), plain_answer(text) if alone else None)


def keep(session: Session, reply: Reply, comment_id: int, *, zone: str) -> None:
    """Takes the answer, or lets the words wait for one of us; whoever wrote back is not reminded."""
    if reply.says is None:
        for ask in reply.asks:
            ask.wrote_id = comment_id
            phone_list.settle(session, ask, whys=("question", "reminder"))
        session.flush()
        return
    answering.answer(
        session, reply.asks[0], says=reply.says, words=None, colleague=None, wrote_id=comment_id, zone=zone
    )


def decide(session: Session, public_id: str, says: str) -> None:
    """One of us says which of the five answers the words are; it counts as the client's own, and as read."""
    ask, wrote_id = _waiting_one(session, public_id)
    reader = principal_of(session).user_id
    kept = answering.answer(
        session, ask, says=says, words=None, colleague=None, taken_by_id=reader, wrote_id=wrote_id,
        zone=settings().time_zone,
    )  # fmt: skip
    kept.read_at, kept.read_by_id = kept.answered_at, reader
    record(session, "answer.from_mail", f"ask {public_id}", says=says)


def no_answer(session: Session, public_id: str) -> None:
    """The words answer something else: the question waits on as if nobody had written; the comment stays."""
    ask, wrote_id = _waiting_one(session, public_id)
    ask.wrote_id = None
    session.flush()
    if session.get_one(Check, ask.check_id).state == "closed":
        closing.end_silent(session, ask)
    else:
        phone_list.bring_back(session, ask)
    record(session, "answer.not_in_mail", f"ask {public_id}", comment=wrote_id)


def wait_again(session: Session, public_id: str, comment_public_id: str) -> None:
    """Takes either back: the words wait to be read again. Conflict when the client has answered since."""
    ask = session.scalar(select(Ask).where(Ask.public_id == public_id))
    comment = session.scalar(select(Comment).where(Comment.public_id == comment_public_id))
    if ask is None or comment is None or comment.account_id != ask.account_id:
        raise NotFound
    answer = session.get(Answer, (ask.account_id, ask.id))
    if answer is not None:
        if answer.comment_id != comment.id or answer.taken_by_id is None:
            raise Conflict("They have answered themselves since; that counts.")
        _take_back(session, ask)
        session.delete(answer)
    ask.state, ask.answered_at, ask.wrote_id = "asked", None, comment.id
    session.flush()
    record(session, "answer.read_again", f"ask {public_id}")


def number_waiting(session: Session) -> int:
    """How many replies wait for one of us."""
    return session.scalar(_waiting(select(func.count()).select_from(Ask))) or 0


def waiting(session: Session, limit: int) -> Sequence[Owed]:
    """Those replies, the one that waits longest first."""
    wanted = _waiting(select(Ask.public_id, Account.name, Comment.received_at, Comment.text, Reading.masks))
    rows = session.execute(
        wanted.join(Account, Account.id == Ask.group_id)
        .outerjoin(Reading, (Reading.account_id == Ask.account_id) & (Reading.comment_id == Ask.wrote_id))
        .order_by(Comment.received_at)
        .limit(limit)
    )
    names = known_names(session)
    return [
        Owed(key, client, at, excerpt(masked_words(text, masks or [], names)))
        for key, client, at, text, masks in rows
    ]


def wrote_shown(session: Session, public_id: str) -> WroteShown:
    """One reply that waits; raises NotFound for any other."""
    row = session.execute(
        _waiting(select(Ask, Account, Contact.name, Comment, Reading.masks, Check, Issue))
        .join(Account, Account.id == Ask.group_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .outerjoin(Reading, (Reading.account_id == Ask.account_id) & (Reading.comment_id == Ask.wrote_id))
        .join(Check, Check.id == Ask.check_id)
        .join(Issue, Issue.id == Check.issue_id)
        .where(Ask.public_id == public_id)
    ).first()
    if row is None:
        raise NotFound
    ask, account, person, comment, masks, check, issue = row
    return WroteShown(
        ask_public_id=ask.public_id, client=account.name, client_public_id=account.public_id, person=person,
        question=rules.question(check.what, check.since_on, clock.today(settings().time_zone)),
        words=masked_words(comment.text, masks or [], known_names(session)), comment_public_id=comment.public_id, issue=issue.name,
        issue_public_id=issue.public_id, at=comment.received_at,
        answers=tuple((says, rules.SAYS_WORDS[says]) for says in rules.answer_order(no_first=True)),
        may_do=principal_of(session).may("call:change"),
    )  # fmt: skip


def _may_answer(session: Session, ask: Ask) -> bool:
    check = session.get_one(Check, ask.check_id)
    is_open = check.state in {"leaving", "asking"} and (
        check.closes_at is None or clock.now() < check.closes_at
    )
    return is_open and ask.state in _WAITS


def _waiting_one(session: Session, public_id: str) -> tuple[Ask, int]:
    ask = session.scalar(select(Ask).where(Ask.public_id == public_id))
    if ask is None:
        raise NotFound
    if ask.wrote_id is None:
        raise Conflict("Somebody has read this reply already. Look again.")
    return ask, ask.wrote_id


def _take_back(session: Session, ask: Ask) -> None:
    check = session.get_one(Check, ask.check_id)
    phone_list.settle(session, ask, whys=("problem",))
    record_many(session, [
        NewEvidence(
            account_id=ask.account_id, issue_id=check.issue_id, source=Source.ANSWER, says=Says.WITHDRAWN,
            observed_at=clock.now(), contact_id=ask.contact_id, user_id=principal_of(session).user_id,
        )
    ])  # fmt: skip


def _waiting(
    wanted: Select[*tuple[Any, ...]],
) -> Select[*tuple[Any, ...]]:  # whatever columns the caller wants
    return wanted.join(Comment, (Comment.account_id == Ask.account_id) & (Comment.id == Ask.wrote_id)).where(
        Ask.state.in_(_WAITS)
    )
