"""Asks each person told “done” whether it is solved, and keeps what they say: silence is never a yes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.closure.adding import add_words
from voc.closure.audience import Key
from voc.closure.letters import Letter
from voc.closure.models import SignOff, Told, Update
from voc.closure.phoning import UNSOLVED, call
from voc.closure.rules import next_word
from voc.closure.sight import seeing_all
from voc.core import clock, ids
from voc.core.errors import Invalid, NotFound
from voc.core.policy import DEFAULT
from voc.intake.models import Thread

THANKS = {
    "yes": "Thank you. We close this point: you told us it is solved.",
    "no": "Thank you for telling us. It is open again, and we call you.",
}
RATED = "Thank you. We read every word of it."
_BLOCK = 200  # sign-offs closed in one transaction


def ask_all(
    session: Session, update: Update, sent: Sequence[Letter], asked_at: datetime
) -> dict[Key, SignOff]:
    """A sign-off for each person whom this update tells that it is done; they show when it has left."""
    rows = {}
    for letter in sent:
        rows[letter.hearer.key] = SignOff(
            account_id=letter.hearer.account_id, id=ids.new_id(), public_id=ids.new_public_id(),
            issue_id=update.issue_id, update_id=update.id, contact_id=letter.hearer.contact_id,
            asked_at=asked_at, closes_at=asked_at + timedelta(days=DEFAULT.sign_off_days),
        )  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    return rows


def begin(session: Session, update: Update, now: datetime) -> None:
    """The days to answer count from when the question left."""
    for row in session.scalars(select(SignOff).where(SignOff.update_id == update.id)):
        row.asked_at, row.closes_at = now, now + timedelta(days=DEFAULT.sign_off_days)


def take_back(session: Session, update: Update) -> None:
    """Nobody is asked: the update was stopped before it left."""
    session.execute(
        delete(SignOff).where(SignOff.update_id == update.id).execution_options(synchronize_session=False)
    )


def find_sign_off(session: Session, public_id: str) -> SignOff:
    """The sign-off of this public id, once it was asked and only if it is the asker's; raises NotFound."""
    found = session.scalar(
        select(SignOff)
        .join(Update, Update.id == SignOff.update_id)
        .where(SignOff.public_id == public_id, Update.left_at.is_not(None))
    )
    if found is None:
        raise NotFound
    return found


def thread_of(session: Session, sign: SignOff) -> Thread | None:
    """The thread in which this person was told; None for who was asked and wrote nothing."""
    thread_id = session.scalar(
        select(Told.thread_id).where(
            Told.account_id == sign.account_id, Told.update_id == sign.update_id,
            Told.contact_id == sign.contact_id,
        )
    )  # fmt: skip
    return session.get(Thread, (sign.account_id, thread_id)) if thread_id is not None else None


def answer(session: Session, sign: SignOff, *, says: str, words: str | None, zone: str) -> None:
    """Keeps yes or no; it may be changed. No opens the point again: a call is owed, and a word by a day.

    The same answer again changes nothing but adds new words.
    """
    if says not in {"yes", "no"}:
        raise Invalid("Please choose yes or no.", fields={"says": "Please choose yes or no."})
    before = sign.says
    if words:
        sign.comment_id = add_words(session, sign.account_id, sign.contact_id, thread_of(session, sign), words,
                                    key=f"sign_off {sign.public_id}", zone=zone)  # fmt: skip
    if before != says:
        sign.says, sign.said_at = says, clock.now()
        session.flush()
        _follow(session, sign, before, zone)
        record(session, "sign_off.answer", f"sign_off {sign.public_id}", says=says)
    session.flush()


def rate(session: Session, sign: SignOff, *, satisfaction: int, words: str | None, zone: str) -> None:
    """Keeps how we went about it, 1 to 5; only after an answer, so that it never takes its place."""
    if sign.says not in {"yes", "no"}:
        raise Invalid("Please say first whether it is solved.", fields={"says": "Please choose yes or no."})
    if not 1 <= satisfaction <= 5:  # noqa: PLR2004 - the scale's end
        raise Invalid(
            "Please choose one of the five.", fields={"satisfaction": "Please choose one of the five."}
        )
    sign.satisfaction = satisfaction
    if words:
        add_words(session, sign.account_id, sign.contact_id, thread_of(session, sign), words,
                  key=f"how {sign.public_id}", zone=zone)  # fmt: skip
    session.flush()


def close_silent(session: Session) -> int:
    """Closes a block of sign-offs whose days are over without an answer; gives how many. Again: no more."""
    rows = session.scalars(_silent().limit(_BLOCK)).all()
    for row in rows:
        row.says, row.said_at = "none", clock.now()
    session.flush()
    return len(rows)


def is_silence_due(session: Session) -> bool:
    """Whether a sign-off waits to be closed without an answer."""
    return session.scalars(_silent().limit(1)).first() is not None


def _silent() -> Select[SignOff]:
    return (
        select(SignOff)
        .join(Update, Update.id == SignOff.update_id)
        .where(SignOff.says.is_(None), SignOff.closes_at <= clock.now(), Update.left_at.is_not(None))
    )


def _follow(session: Session, sign: SignOff, before: str | None, zone: str) -> None:
    """What an answer changes beyond itself: the grid, the thread's next date, our phone list."""
    if sign.says == "no":
        _open_again(session, sign, zone)
    with seeing_all(session):
        if sign.says == "yes" and not _colleague_says_no(session, sign):
            _testify(session, sign, Says.SOLVED)
        elif before == "yes":
            _testify(session, sign, Says.WITHDRAWN)  # what stood before stands again


def _open_again(session: Session, sign: SignOff, zone: str) -> None:
    now = clock.now()
    thread = thread_of(session, sign)
    if thread is not None:
        thread.next_word_by = next_word(now, zone)
    with seeing_all(session):
        call(session, sign.account_id, sign.contact_id, thread.id if thread else None, why=UNSOLVED, now=now)


def _testify(session: Session, sign: SignOff, says: Says) -> None:
    record_evidence(
        session, account_id=sign.account_id, issue_id=sign.issue_id, source=Source.SIGN_OFF, says=says,
        observed_at=clock.now(), contact_id=sign.contact_id,
    )  # fmt: skip


def _colleague_says_no(session: Session, sign: SignOff) -> bool:
    """Whether somebody else of this account says of the same update that it is not solved."""
    return (
        session.scalar(
            select(SignOff.id).where(
                SignOff.account_id == sign.account_id, SignOff.update_id == sign.update_id,
                SignOff.id != sign.id, SignOff.says == "no",
            )
        )
        is not None
    )  # fmt: skip
