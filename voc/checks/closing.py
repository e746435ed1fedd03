"""Lets time pass over open questions: one reminder, then a call, then the window closes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.breadth.service import refresh
from voc.checks import asking, mails, phone_list, telling, together
from voc.checks.mails import REMINDER, To
from voc.checks.models import Ask, Call, Check
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.mail.models import Batch
from voc.mail.outbox import make_batch, put_mails

BLOCK = 200  # people in one transaction
CALL_DAYS = (
    2 * DEFAULT.reminder_days
)  # after delivery: as long after the reminder as that came after the mail
_LEFT = ("asked", "queued", "planned")
_NEVER = "the question closed before anybody was reached"
_STUCK = timedelta(days=1)
_SPARE = timedelta(days=1)  # nobody is reminded of what closes within a day


def open_due(session: Session) -> int:
    """Opens questions that have left and wait for no mail: all by phone, or every mail came back.

    A day later one opens in any case, so that a mail that is stuck holds nobody up. Gives how many were
    opened; safe at any time.
    """
    now = clock.now()
    on_its_way = (
        select(Ask.id).where(Ask.check_id == Check.id, Ask.how == "mail", Ask.state == "queued").exists()
    )
    due = session.scalars(
        select(Check)
        .join(Batch, Batch.id == Check.batch_id)
        .where(Check.state == "leaving", Batch.state != "stopped", Batch.leaves_at <= now)
        .where(~on_its_way | (Batch.leaves_at <= now - _STUCK))
    ).all()
    for check in due:
        asking.open_check(session, check, now)
    return len(due)


def remind_due(session: Session, *, zone: str, limit: int = BLOCK) -> int:
    """Reminds up to `limit` people once, five days after delivery; gives how many."""
    now = clock.now()
    rows = session.execute(
        _waiting()
        .where(Ask.reminded_at.is_(None), Ask.how == "mail")
        .where(Ask.asked_at <= now - timedelta(days=DEFAULT.reminder_days), Check.closes_at > now + _SPARE)
        .order_by(Check.id, Ask.id)
        .limit(limit)
    ).all()
    by_check: dict[int, list[Ask]] = {}
    reminded: set[tuple[int, int]] = set()
    for ask, check in rows:
        mail = ask.account_id, ask.mail_ask_id or ask.id
        if mail not in reminded:  # what came in one mail is reminded of in one
            by_check.setdefault(check.id, []).append(ask)
        reminded.add(mail)
    for check_id, asks in by_check.items():
        _remind(session, session.get_one(Check, check_id), asks, zone)
    return len(rows)


def call_due(session: Session, *, limit: int = BLOCK) -> int:
    """Puts up to `limit` people who answered neither mail on the phone list, once; gives how many."""
    now = clock.now()
    has_call = (
        select(Call.id)
        .where(
            Call.account_id == Ask.account_id, Call.ask_id == Ask.id, Call.why.in_(("reminder", "question"))
        )
        .exists()
    )
    rows = session.execute(
        _waiting()
        .where(Ask.asked_at <= now - timedelta(days=CALL_DAYS), Check.closes_at > now, ~has_call)
        .order_by(Check.id, Ask.id)
        .limit(limit)
    ).all()
    for ask, check in rows:
        phone_list.put_calls(session, check, [ask], why="reminder")
    return len(rows)


def close_due(session: Session, *, limit: int = BLOCK) -> int:
    """Closes what is over: up to `limit` people without an answer are noted so, and a question with none left closes.

    Gives how many people or questions moved; 0 means that all is closed. Two at once note nobody twice.
    """
    now = clock.now()
    is_over = select(Check.id).where(Check.state == "asking", Check.closes_at <= now)
    keys = session.scalars(
        select(Ask.id)
        .where(Ask.check_id.in_(is_over), Ask.state.in_(_LEFT), Ask.wrote_id.is_(None))
        .order_by(Ask.id)
        .limit(limit)
    ).all()
    if keys:
        _end(session, keys)
        return len(keys)
    over = session.scalars(select(Check).where(Check.id.in_(is_over))).all()
    for check in over:
        _close(session, check)
    return len(over)


def _waiting() -> Select[Ask, Check]:
    """Those who were reached and neither answered nor wrote back while the question is open."""
    return (
        select(Ask, Check)
        .join(Check, Check.id == Ask.check_id)
        .where(Check.state == "asking", Ask.state == "asked", Ask.wrote_id.is_(None))
    )


def _remind(session: Session, check: Check, asks: Sequence[Ask], zone: str) -> None:
    mine = session.execute(
        update(Ask)
        .where(Ask.id.in_([one.id for one in asks]), Ask.reminded_at.is_(None))
        .values(reminded_at=clock.now())
        .returning(Ask.id)
        .execution_options(synchronize_session=False)
    )
    keys = {key for (key,) in mine}
    more = _remind_beside(session, [one for one in asks if one.id in keys], zone)
    people = [replace(one, more=more.get(one.ask_public_id, ())) for one in _people(session, sorted(keys))]
    if not people:
        return
    batch = _batch(session, check)
    closes_at = check.closes_at or clock.now()
    put_mails(
        session,
        mails.mails_of(session, check, people, template=REMINDER, closes_at=closes_at, zone=zone),
        batch=batch,
    )


def _remind_beside(
    session: Session, asks: Sequence[Ask], zone: str
) -> dict[str, tuple[dict[str, object], ...]]:
    """The other questions that came in the same mail and still wait: one reminder speaks of all."""
    found: dict[str, tuple[dict[str, object], ...]] = {}
    for ask in asks:
        waiting = []
        for other in together.beside(session, ask):
            check = session.get_one(Check, other.check_id)
            waits = other.state == "asked" and other.wrote_id is None
            if waits and other.reminded_at is None and check.state == "asking":
                other.reminded_at = clock.now()
                waiting.append(together.in_words(check, zone))
        found[ask.public_id] = tuple(waiting)
    session.flush()
    return found


def _batch(session: Session, check: Check) -> Batch:
    """The reminders of one question that leave together: one Stop for all of them."""
    thing = f"reminder:{check.public_id}"
    waiting = session.scalar(
        select(Batch).where(Batch.thing == thing, Batch.state == "waiting", Batch.leaves_at > clock.now())
    )
    return waiting or make_batch(session, what="Reminders of a question", thing=thing)


def _people(session: Session, ask_ids: Sequence[int]) -> list[To]:
    rows = session.execute(
        select(Ask, Contact, Account)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .join(Account, Account.id == Ask.account_id)
        .where(Ask.id.in_(ask_ids))
    )
    return [
        To(
            account_id=ask.account_id, contact_id=contact.id, ask_public_id=ask.public_id, hello=contact.name,
            email=contact.email, account=account.name, no_first=ask.no_first, owner_id=account.owner_id,
        )
        for ask, contact, account in rows
    ]  # fmt: skip


def end_silent(session: Session, ask: Ask) -> None:
    """One ask of a question that closed without an answer of theirs."""
    _end(session, [ask.id])


def _end(session: Session, keys: Sequence[int]) -> None:
    """Whoever was reached gave no answer; whoever was not was never asked."""
    silent = _moved(session, keys, ("asked",), state="no_answer")
    _moved(session, keys, ("queued", "planned"), state="left_out", why=_NEVER)
    _note_silence(session, silent)


def _moved(session: Session, keys: Sequence[int], was: Sequence[str], **values: str) -> list[Ask]:
    rows = session.execute(
        update(Ask)
        .where(Ask.id.in_(keys), Ask.state.in_(was))
        .values(**values)
        .returning(Ask.id)
        .execution_options(synchronize_session=False)
    )
    mine = [key for (key,) in rows]
    return list(
        session.scalars(select(Ask).where(Ask.id.in_(mine)).execution_options(populate_existing=True))
    )


def _note_silence(session: Session, asks: Sequence[Ask]) -> None:
    issues = dict(
        session.execute(
            select(Check.id, Check.issue_id).where(Check.id.in_({one.check_id for one in asks}))
        ).all()
    )
    now = clock.now()
    record_many(session, [
        NewEvidence(
            account_id=ask.account_id, issue_id=issues[ask.check_id], source=Source.ASKING, says=Says.NO_ANSWER,
            observed_at=now, contact_id=ask.contact_id,
        )
        for ask in asks
        if ask.asked_at is not None
    ])  # fmt: skip


def _close(session: Session, check: Check) -> None:
    """Closes one question; whoever passed it on waits for nobody any more."""
    closed = session.execute(
        update(Check)
        .where(Check.id == check.id, Check.state == "asking")
        .values(state="closed", closed_at=clock.now())
        .returning(Check.id)
        .execution_options(synchronize_session=False)
    ).all()
    if closed:
        passed = session.scalars(select(Ask).where(Ask.check_id == check.id, Ask.state == "passed")).all()
        _note_silence(session, passed)
        phone_list.drop_open(session, check)
    session.refresh(check)


def resum_open(session: Session) -> int:
    """Adds up anew the issues that were answered about in the last minute; always gives 0: once a turn is enough.

    Answers move the sums by what they change; two transactions that summed at once are put right here.
    """
    since = clock.now() - timedelta(minutes=1)
    issues = session.scalars(
        select(Check.issue_id)
        .join(Ask, Ask.check_id == Check.id)
        .where(Check.state.in_(("asking", "closed")), or_(Ask.answered_at >= since, Check.closed_at >= since))
        .distinct()
    ).all()
    if issues:
        refresh(session, [], also=telling.roots_of(session, issues))
    return 0
