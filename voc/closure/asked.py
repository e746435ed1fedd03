"""Whom a question reached, and what each of them said: who hears its outcome."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.checks.models import Answer, Ask, Check
from voc.closure.audience import Audience, Hearer, NotTold, answered, with_silence
from voc.intake.models import Comment

GROUP_OF = {"problem": "yes", "manages": "yes", "no": "no", "not_used": "no", "cannot_tell": "none"}
_WHY = {
    "yes": "said yes when we asked",
    "no": "said no when we asked",
    "none": "was asked and did not answer",
}
_HEARS = ("asked", "answered", "no_answer")
_SILENT = {
    "bounced": "The question never reached them.",
    "opted_out": "They asked us not to ask again.",
    "passed": "They passed it on; their colleague hears it.",
}


def asked(session: Session, check: Check) -> list[tuple[Hearer, str]]:
    """Each person the question reached, with yes, no or none."""
    found = []
    for ask, account, contact, answer, comment in _rows(session, check):
        if ask.state in _HEARS and ask.asked_at is not None:
            group = GROUP_OF[answer.says] if answer is not None else "none"
            one = answered(answer, check, account, contact, comment)
            found.append((replace(one, why=_WHY[group]), group))
    return found


def who_was_asked(session: Session, check: Check) -> Audience:
    """Everybody whom the question reached, and everybody else on its list with the reason."""
    hearers = sorted((one for one, _ in asked(session, check)), key=lambda one: (one.client, one.name))
    left_out = [
        NotTold(account.name, account.public_id, _SILENT[ask.state], contact.name)
        for ask, account, contact, *_ in _rows(session, check)
        if ask.state in _SILENT
    ]
    return Audience(with_silence(session, hearers), tuple(left_out))


def answers_of(session: Session, check: Check) -> dict[tuple[int, int], str]:
    """What each person, (account, contact), answered; those who did not are absent."""
    rows = session.execute(
        select(Ask.account_id, Ask.contact_id, Answer.says)
        .join(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .where(Ask.check_id == check.id)
    )
    return {(account, contact): says for account, contact, says in rows}


def _rows(
    session: Session, check: Check
) -> list[tuple[Ask, Account, Contact, Answer | None, Comment | None]]:
    rows = session.execute(
        select(Ask, Account, Contact, Answer, Comment)
        .join(Account, Account.id == Ask.account_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .outerjoin(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .outerjoin(Comment, (Comment.account_id == Answer.account_id) & (Comment.id == Answer.comment_id))
        .where(Ask.check_id == check.id)
        .order_by(Account.name, Contact.name)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]  # five columns, as declared
