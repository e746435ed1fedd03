"""Sends a question, follows its mails, and opens it with the first that arrives; "asked" begins at delivery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account, Contact
from voc.breadth import estimates
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.checks import mails, phone_list, rules, together
from voc.checks.audience import Invited, audience
from voc.checks.mails import QUESTION, To
from voc.checks.models import Ask, Check
from voc.checks.people import blocks
from voc.core import clock, ids
from voc.core.errors import Conflict
from voc.core.policy import DEFAULT
from voc.db.upsert import insert_rows
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.models import Batch, Delivery
from voc.mail.outbox import make_batch, put_mails, stop_batch

_Keys = Sequence[tuple[int, int]]  # (account_id, delivery_id)
_OPEN = ("leaving", "asking")


def send(session: Session, check: Check, *, zone: str = "UTC", along: Sequence[Check] = ()) -> Batch:
    """Puts the question in line to everyone of its audience; it leaves in ten minutes unless somebody stops it.

    Questions that go `along` leave with it: whoever is asked several gets them in one mail, nobody more than
    a round allows. Conflict with the reasons when one may not go, and when somebody else was first. Calls
    are put on the phone lists once it has left.
    """
    checks = [check, *along]
    together.check_together(session, checks)
    for one in checks:
        _claim(session, one, "draft", "leaving")
    found = [audience(session, one, zone=zone) for one in checks]
    if refused := [said for one in found for said in one.refusals]:
        raise Conflict(" ".join(dict.fromkeys(refused)), code="may_not_be_asked")
    shared = together.share_out(found)
    if any(together.too_few_left(kept, one) for kept, one in zip(shared, found, strict=True)):
        raise Conflict("Too few would be left of one of these questions. Send it by itself later.")
    batch = make_batch(session, what=_what(shared), thing=mails.thing_of(check))
    for one in checks:
        one.batch_id = batch.id
    session.flush()
    _put(session, checks, shared, batch, zone)
    for one, kept in zip(checks, shared, strict=True):
        by_mail = sum(row.how == "mail" for row in kept)
        record(session, "check.send", f"check {one.public_id}", mails=by_mail, calls=len(kept) - by_mail)
    return batch


def _what(shared: Sequence[Sequence[Invited]]) -> str:
    clients = len({row.group_id for kept in shared for row in kept})
    return (
        f"A question to {clients} clients"
        if len(shared) == 1
        else f"{len(shared)} questions to {clients} clients"
    )


def stop(session: Session, check: Check) -> None:
    """Stops a question: before it left, it is a draft again; later nobody is reminded, called or asked any more."""
    if check.state == "leaving" and check.batch_id is not None:
        stop_batch(session, session.get_one(Batch, check.batch_id).public_id)
        session.refresh(check)
        return
    _claim(session, check, "asking", "stopped")
    check.closed_at = clock.now()
    _let_go(session, check)
    phone_list.drop_open(session, check)
    record(session, "check.stop", f"check {check.public_id}")


def follow_sent(session: Session, keys: _Keys) -> None:
    """Notes who was reached: an ask becomes "asked" and the first opens the question. Telling it twice is fine."""
    by_ask = {public_id: sent_at for public_id, _, sent_at in _mails(session, keys, {QUESTION})}
    if not by_ask:
        return
    for check_id, asks in _by_check(_move(session, by_ask, ("queued",), "asked")).items():
        check = session.get_one(Check, check_id)
        moments = {ask.id: by_ask[ask.public_id] or clock.now() for ask in asks}
        session.execute(
            update(Ask),
            [{"account_id": one.account_id, "id": one.id, "asked_at": moments[one.id]} for one in asks],
        )
        record_many(session, [_asked(check, one, Says.ASKED, moments[one.id]) for one in asks])
        open_check(session, check, min(moments.values()))


def follow_bounced(session: Session, keys: _Keys) -> None:
    """Mails that came back: nobody was asked, so our person calls instead. Telling it twice is fine."""
    public_ids = {
        public_id: sent_at for public_id, _, sent_at in _mails(session, keys, {QUESTION, mails.REMINDER})
    }
    for check_id, asks in _by_check(_move(session, public_ids, ("queued", "asked"), "bounced")).items():
        check = session.get_one(Check, check_id)
        now = clock.now()
        record_many(session, [_asked(check, one, Says.WITHDRAWN, now) for one in asks if one.asked_at])
        if check.state in _OPEN:
            phone_list.put_calls(session, check, asks, why="question")


def follow_stopped(session: Session, batch_ids: Sequence[int]) -> None:
    """A question whose batch was stopped is a draft again. Telling it twice is fine."""
    for check in session.scalars(
        select(Check).where(Check.batch_id.in_(list(batch_ids)), Check.state == "leaving")
    ):
        check.state, check.batch_id = "draft", None
        session.execute(
            update(Ask)
            .where(Ask.check_id == check.id, Ask.state == "queued")
            .values(state="planned")
            .execution_options(synchronize_session=False)
        )
    session.flush()
    session.expire_all()


def open_check(session: Session, check: Check, at: datetime) -> None:
    """Opens a question that is leaving, once: its window runs from now on and the calls are on the lists."""
    opened = session.execute(
        update(Check)
        .where(Check.id == check.id, Check.state == "leaving")
        .values(state="asking", opened_at=at, closes_at=at + timedelta(days=DEFAULT.question_days))
        .returning(Check.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.refresh(check)
    if opened:
        asks = session.scalars(
            select(Ask).where(Ask.check_id == check.id, Ask.state == "queued", Ask.how == "call")
        ).all()
        phone_list.put_calls(session, check, asks, why="question")


def send_planned(session: Session, check: Check, *, zone: str = "UTC") -> Batch:
    """Asks those whom a lead put into an open question later: somebody else where one said “not me”."""
    if check.state != "asking" or check.closes_at is None:
        raise Conflict("This question is not open, so nobody can be asked any more.")
    asks = list(session.scalars(select(Ask).where(Ask.check_id == check.id, Ask.state == "planned")))
    if not asks:
        raise Conflict("There is nobody more to ask.")
    batch = make_batch(session, what=f"A question to {len(asks)} more", thing=mails.thing_of(check))
    for ask in asks:
        ask.state = "queued"
    session.flush()
    people = [_to(session, ask) for ask in asks if ask.how == "mail"]
    put_mails(
        session,
        mails.mails_of(session, check, people, template=QUESTION, closes_at=check.closes_at, zone=zone),
        batch=batch,
    )
    phone_list.put_calls(session, check, [ask for ask in asks if ask.how == "call"], why="question")
    return batch


def put_one(session: Session, check: Check, ask: Ask, *, zone: str) -> Delivery:
    """One mail to a colleague who was named; it leaves at once."""
    closes_at = check.closes_at or clock.now() + timedelta(days=DEFAULT.question_days)
    return put_mails(
        session,
        mails.mails_of(
            session, check, [_to(session, ask)], template=QUESTION, closes_at=closes_at, zone=zone
        ),
    )[0]


def _to(session: Session, ask: Ask) -> To:
    contact = session.get_one(Contact, (ask.account_id, ask.contact_id))
    account = session.get_one(Account, ask.account_id)
    group = session.get_one(Account, ask.group_id)
    return To(
        account_id=ask.account_id, contact_id=ask.contact_id, ask_public_id=ask.public_id, hello=contact.name,
        email=contact.email, account=account.name, no_first=ask.no_first, owner_id=account.owner_id or group.owner_id,
    )  # fmt: skip


def _claim(session: Session, check: Check, was: str, becomes: str) -> None:
    """Moves the question's state; Conflict for whoever comes second."""
    moved = session.execute(
        update(Check)
        .where(Check.id == check.id, Check.state == was)
        .values(state=becomes)
        .returning(Check.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.refresh(check)
    if not moved:
        raise Conflict("Somebody was there first: this question is not as you saw it. Look again.")


def _put(
    session: Session, checks: Sequence[Check], shared: Sequence[Sequence[Invited]], batch: Batch, zone: str
) -> None:
    asks = [_asks_of(session, check, kept) for check, kept in zip(checks, shared, strict=True)]
    riders = together.ride_along([row for rows in asks for row in rows])
    words = {check.id: together.in_words(check, zone) for check in checks}
    more = {key: [words[row["check_id"]] for row in rows] for key, rows in riders.items()}
    closes_at = batch.leaves_at + timedelta(days=DEFAULT.question_days)
    for check, kept, rows in zip(checks, shared, asks, strict=True):
        insert_rows(session, Ask, rows)
        people = [
            _to_row(one, row, more.get(row["id"], ()))
            for one, row in zip(kept, rows, strict=True)
            if one.how == "mail" and row["mail_ask_id"] is None
        ]
        put_mails(
            session,
            mails.mails_of(session, check, people, template=QUESTION, closes_at=closes_at, zone=zone),
            batch=batch,
        )


def _asks_of(session: Session, check: Check, kept: Sequence[Invited]) -> list[dict[str, Any]]:
    """The rows of one question's asks, those that were planned before left behind."""
    session.execute(
        delete(Ask)
        .where(Ask.check_id == check.id, Ask.state == "planned")
        .execution_options(synchronize_session=False)
    )
    sides = rules.halves(len(kept), check.id)
    issue = root_of(check.issue_id, merged_into(session))
    foreseen = estimates.chances(session, issue, by=clock.now())
    return [
        _row(check, one, no_first=side, predicted_share=foreseen.get(one.group_id))
        for one, side in zip(kept, sides, strict=True)
    ]


def _to_row(one: Invited, row: dict[str, Any], more: Sequence[dict[str, object]]) -> To:
    return To(
        account_id=one.account_id, contact_id=one.contact_id, ask_public_id=row["public_id"],
        hello=one.contact, email=one.email, account=one.account, no_first=row["no_first"],
        owner_id=one.owner_id, more=tuple(more),
    )  # fmt: skip


def _row(
    check: Check, one: Invited, *, no_first: bool, predicted_share: float | None
) -> dict[str, Any]:  # one row of a bulk INSERT
    return {
        "account_id": one.account_id, "id": ids.new_id(), "public_id": ids.new_public_id(), "check_id": check.id,
        "group_id": one.group_id, "contact_id": one.contact_id, "how": one.how, "no_first": no_first,
        "state": "queued", "why": one.why, "predicted_share": predicted_share, "mail_ask_id": None,
    }  # fmt: skip


def _mails(session: Session, keys: _Keys, templates: set[str]) -> list[tuple[str, str, datetime | None]]:
    """(ask, template, when it was sent) of those mails that are a question's."""
    found = []
    for start in range(0, len(keys), 400):
        rows = session.execute(
            select(Delivery.dedupe_key, Delivery.template, Delivery.sent_at).where(
                tuple_(Delivery.account_id, Delivery.id).in_(list(keys[start : start + 400])),
                Delivery.template.in_(sorted(templates)),
            )
        )
        found += [(public_id, template, at) for key, template, at in rows if (public_id := mails.ask_of(key))]
    leads = {public_id: (template, at) for public_id, template, at in found}
    riders = together.riders_of(session, list(leads)) if leads else {}
    return found + [(rider, *leads[lead]) for rider, lead in riders.items()]


def _move(
    session: Session, public_ids: Any, was: Sequence[str], becomes: str
) -> list[Ask]:  # any collection of str
    """Those asks of `public_ids` that stood in `was` and now stand in `becomes`."""
    moved: list[Ask] = []
    for block in blocks(list(public_ids)):
        rows = session.execute(
            update(Ask)
            .where(Ask.public_id.in_(block), Ask.state.in_(was))
            .values(state=becomes)
            .returning(Ask.id)
            .execution_options(synchronize_session=False)
        )
        keys = [key for (key,) in rows]
        moved += session.scalars(
            select(Ask).where(Ask.id.in_(keys)).execution_options(populate_existing=True)
        )
    return moved


def _by_check(asks: Sequence[Ask]) -> dict[int, list[Ask]]:
    found: dict[int, list[Ask]] = {}
    for one in asks:
        found.setdefault(one.check_id, []).append(one)
    return found


def _asked(check: Check, ask: Ask, says: Says, at: datetime) -> NewEvidence:
    return NewEvidence(
        account_id=ask.account_id, issue_id=check.issue_id, source=Source.ASKING, says=says, observed_at=at,
        contact_id=ask.contact_id,
    )  # fmt: skip


def _let_go(session: Session, check: Check) -> None:
    """Nobody who did not answer is waited for any more; they count as not asked."""
    asks = session.scalars(
        select(Ask).where(Ask.check_id == check.id, Ask.state.in_(("asked", "queued", "planned")))
    ).all()
    now = clock.now()
    record_many(session, [_asked(check, one, Says.WITHDRAWN, now) for one in asks if one.asked_at])
    for one in asks:
        one.state, one.why = "left_out", "the question was stopped"
    session.flush()
