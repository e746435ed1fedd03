"""One letter for each reader: what it says, who signs it, and the mail it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks.models import Check
from voc.checks.rules import SAYS_WORDS, question
from voc.closure.asked import answers_of
from voc.closure.audience import Audience, Hearer, Key
from voc.closure.models import SignOff, Told, Update
from voc.closure.others import SENTENCE
from voc.closure.rules import STATUS_WORDS
from voc.closure.told_by import who_signs
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.intake.models import Thread
from voc.mail.outbox import NewLink, NewMail
from voc.web.words import date_words


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person; `said` is every piece that one of us wrote in it."""

    told: Told
    hearer: Hearer
    words: str
    said: tuple[str, ...]


def letters(session: Session, update: Update, audience: Audience) -> list[Letter]:
    """The messages of an update in its audience's order, one for each person whose row is there."""
    rows = {
        (row.account_id, row.contact_id): row
        for row in session.scalars(select(Told).where(Told.update_id == update.id))
    }
    found = [(one, rows[one.key]) for one in audience.hearers if one.key in rows]
    return [_letter(update, one, row) for one, row in found]


def _letter(update: Update, hearer: Hearer, row: Told) -> Letter:
    words = row.words or update.words
    pieces = (words, update.cause, update.action) if update.kind == "solved" else (words,)
    return Letter(row, hearer, words, tuple(piece for piece in pieces if piece))


def mails_of(
    session: Session,
    update: Update,
    sent: Sequence[Letter],
    signs: Mapping[Key, SignOff],
    *,
    zone: str,
) -> list[NewMail]:
    """The mail of each letter, in their order; one with a sign-off leads to “is it solved?”, others to the point."""
    context = _context(session, update, sent, zone)
    return [_mail(context, letter, signs.get(letter.hearer.key)) for letter in sent]


@dataclass(frozen=True, slots=True)
class _Context:
    """What all letters of an update share."""

    update: Update
    zone: str
    signers: Mapping[tuple[int, int | None], User | None]
    threads: Mapping[int, str]
    asked: str | None
    answers: Mapping[Key, str]


def _context(session: Session, update: Update, sent: Sequence[Letter], zone: str) -> _Context:
    check = session.get(Check, update.check_id) if update.check_id is not None else None
    ids = sorted({letter.told.thread_id for letter in sent if letter.told.thread_id is not None})
    threads = session.execute(select(Thread.id, Thread.public_id).where(Thread.id.in_(ids)))
    return _Context(
        update, zone,
        who_signs(session, [(letter.told.account_id, letter.told.thread_id) for letter in sent]),
        dict(threads.all()),
        question(check.what, check.since_on, clock.today(zone)) if check else None,
        answers_of(session, check) if check else {},
    )  # fmt: skip


def _mail(context: _Context, letter: Letter, sign: SignOff | None) -> NewMail:
    update, told = context.update, letter.told
    thing = context.threads.get(told.thread_id or 0, update.public_id)
    link = NewLink(
        purpose="solved" if sign else "point",
        thing=sign.public_id if sign else thing,
        expires_at=clock.now() + timedelta(days=DEFAULT.link_days),
    )
    return NewMail(
        account_id=told.account_id,
        contact_id=told.contact_id,
        email=letter.hearer.email,
        template=update.kind,
        thing=f"update {update.public_id}",
        dedupe_key=f"told {update.id} {told.account_id} {told.contact_id}",
        filled=_filled(context, letter),
        link=link,
    )


def _filled(context: _Context, letter: Letter) -> dict[str, object]:
    update, told = context.update, letter.told
    signer = context.signers.get((told.account_id, told.thread_id))
    answer = context.answers.get((told.account_id, told.contact_id))
    return {
        "hello": letter.hearer.name,
        "account": letter.hearer.client,
        "title": told.title or "",
        "said_on": _day(letter.hearer.said_at, context.zone),
        "question": context.asked or letter.hearer.question,
        "answer": SAYS_WORDS[answer] if answer else "",
        "status": STATUS_WORDS[update.status].lower(),
        "words": letter.words,
        "cause": update.cause or "",
        "action": update.action or "",
        "others": SENTENCE if update.mentions_others else "",
        "next_by": _day(update.next_word_by, context.zone),
        "from_name": signer.name if signer else "",
        "from_phone": (signer.phone or "") if signer else "",
    }


def _day(value: datetime | None, zone: str) -> str:
    if value is None:
        return ""
    return date_words(value, clock.today(zone), ZoneInfo(zone)).replace("\u00a0", " ")
