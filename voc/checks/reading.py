"""Words beside an answer wait until one of us has read them: the queue, one answer, and the act of reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.analysis.say import excerpt
from voc.checks.models import Answer, Ask, Check
from voc.checks.table import ANSWER_WORDS
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.names import Names
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.issues.queries import masked_words
from voc.web.owed import Owed


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer with its words, as our people see it."""

    ask_public_id: str
    client: str
    client_public_id: str
    person: str
    says: str
    words: str
    comment_public_id: str
    question_public_id: str
    what: str
    issue: str
    issue_public_id: str
    at: datetime


def number_waiting(session: Session) -> int:
    """How many answers with words nobody has read yet."""
    return session.scalar(_waiting(select(func.count()).select_from(Answer))) or 0


def waiting(session: Session, limit: int) -> Sequence[Owed]:
    """Those answers, the one that waits longest first."""
    wanted = _waiting(
        select(Ask.public_id, Account.name, Answer.answered_at, Answer.says, Comment.text, Reading.masks)
    )
    rows = session.execute(
        wanted.join(Account, Account.id == Ask.group_id)
        .outerjoin(
            Reading, (Reading.account_id == Ask.account_id) & (Reading.comment_id == Answer.comment_id)
        )
        .order_by(Answer.answered_at)
        .limit(limit)
    )
    names = known_names(session)
    return [
        Owed(
            key,
            client,
            at,
            f"{ANSWER_WORDS[says].capitalize()}: {excerpt(masked_words(text, masks or [], names))}",
        )
        for key, client, at, says, text, masks in rows
    ]


def answer_shown(session: Session, ask_public_id: str) -> AnswerShown:
    """One answer; raises NotFound for what is not there or has no words."""
    row = session.execute(
        select(Ask, Answer, Account, Contact.name, Comment, Reading.masks, Check, Issue)
        .join(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .join(Account, Account.id == Ask.group_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .join(Comment, (Comment.account_id == Ask.account_id) & (Comment.id == Answer.comment_id))
        .outerjoin(
            Reading, (Reading.account_id == Ask.account_id) & (Reading.comment_id == Answer.comment_id)
        )
        .join(Check, Check.id == Ask.check_id)
        .join(Issue, Issue.id == Check.issue_id)
        .where(Ask.public_id == ask_public_id)
    ).first()
    if row is None:
        raise NotFound
    return _shown(row, known_names(session))


def keep_read(session: Session, ask_public_id: str, *, is_read: bool) -> None:
    """Says that one of us has read the words, or takes it back."""
    answer = session.scalar(
        select(Answer)
        .join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
        .where(Ask.public_id == ask_public_id)
    )
    if answer is None:
        raise NotFound
    answer.read_at = clock.now() if is_read else None
    answer.read_by_id = principal_of(session).user_id if is_read else None
    session.flush()
    record(session, "answer.read" if is_read else "answer.unread", f"ask {ask_public_id}")


def _waiting(
    wanted: Select[*tuple[Any, ...]],
) -> Select[*tuple[Any, ...]]:  # whatever columns the caller wants
    return (
        wanted.join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
        .join(Comment, (Comment.account_id == Answer.account_id) & (Comment.id == Answer.comment_id))
        .where(or_(Answer.read_at.is_(None), Answer.read_at < Answer.answered_at))
    )


def _shown(row: Row[*tuple[Any, ...]], names: Names) -> AnswerShown:  # eight columns, named here
    ask, answer, account, person, comment, masks, check, issue = row
    return AnswerShown(
        ask_public_id=ask.public_id,
        client=account.name,
        client_public_id=account.public_id,
        person=person,
        says=ANSWER_WORDS[answer.says],
        words=masked_words(comment.text, masks or [], names),
        comment_public_id=comment.public_id,
        question_public_id=check.public_id,
        what=check.what,
        issue=issue.name,
        issue_public_id=issue.public_id,
        at=answer.answered_at,
    )
