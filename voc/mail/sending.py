"""Moves deliveries on: a batch leaves, mails are claimed by lease, what became of each is kept.

"sending" is committed before the mail server is called and "sent" after it, at most ten mails or a fifth
of a second later, so that a crash between the two doubles only these, with the same Message-ID. Later stages are told
in chunks: a sent row keeps its claim's token until they know, so that no crash leaves them untold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.config import Settings
from voc.db.base import db_millis
from voc.jobs import tell
from voc.mail import addresses, house
from voc.mail.models import Batch, Delivery, InboundMail, Link
from voc.mail.outbox import NO_ADDRESS, why_not_to
from voc.mail.rendering import Outgoing, outgoing_of
from voc.mail.tokens import message_id_of

LEASE_SECONDS = 30
CRASHES = 3  # a mail left at "sending" so often goes to a person
PUT_OFF = 12  # a server may put a mail off so often: about a day
_LEASE_MS = LEASE_SECONDS * 1000
_LONGEST_WAIT = timedelta(hours=4)
_WORDS = 500
LEFT_AT_SENDING = "We began to send this three times and never learned whether it arrived. Please look."
PUT_OFF_TOO_OFTEN = "The mail server put this off for a day: "


@dataclass(frozen=True, slots=True)
class Claim:
    """Mails one worker holds for 30 s, the oldest first."""

    token: int
    mails: tuple[Outgoing, ...]


def leave_due(session: Session) -> list[int]:
    """Lets the batches leave whose ten minutes are over, and tells so; gives their ids. None while the house is shut."""
    if house.why_closed(session):
        return []
    left = sorted(
        session.scalars(
            update(Batch)
            .where(Batch.state == "waiting", Batch.leaves_at <= clock.now())
            .values(state="left")
            .returning(Batch.id)
            .execution_options(synchronize_session=False)
        )
    )
    if left:
        session.execute(
            update(Delivery)
            .where(Delivery.batch_id.in_(left), Delivery.state == "held")
            .values(state="waiting")
            .execution_options(synchronize_session=False)
        )
        tell(session, "batch_left", left)
    return left


def claim(session: Session, settings: Settings, *, limit: int) -> Claim | None:
    """Takes up to `limit` mails that are due, or else one whose sender died; None when there is nothing to do.

    Whom we may no longer write to is taken out here, at the last moment. Nothing is claimed while the house is shut.
    """
    if house.why_closed(session):
        return None
    _give_to_a_person(session)
    token = ids.new_id()
    rows = _take(session, token, _due().limit(limit)) or _take(session, token, _left_behind().limit(1))
    if not rows:
        return None
    willing = _without_refused(session, rows)
    for row in willing:
        if row.message_id == row.public_id:
            row.message_id = message_id_of(row.public_id, settings)
    session.flush()
    return Claim(token, _with_links(session, willing))


def _due() -> Select[int, int]:
    return (
        select(Delivery.account_id, Delivery.id)
        .where(Delivery.state == "waiting", Delivery.not_before <= clock.now())
        .order_by(Delivery.not_before, Delivery.id)
    )


def _left_behind() -> Select[int, int]:
    return (
        select(Delivery.account_id, Delivery.id)
        .where(Delivery.state == "sending", Delivery.lease_until_ms < db_millis())
        .order_by(Delivery.tries, Delivery.id)
    )


def _take(session: Session, token: int, wanted: Select[int, int]) -> list[Delivery]:
    if session.get_bind().dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    chosen = wanted.cte("chosen")  # a table of its own, so that PostgreSQL locks and limits once
    taken = session.execute(
        update(Delivery)
        .where(Delivery.account_id == chosen.c.account_id, Delivery.id == chosen.c.id)
        .values(
            state="sending", token=token, tries=Delivery.tries + 1, lease_until_ms=db_millis() + _LEASE_MS
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        return []
    found = select(Delivery).where(Delivery.token == token).execution_options(populate_existing=True)
    return list(session.scalars(found.order_by(Delivery.not_before, Delivery.id)))


def _give_to_a_person(session: Session) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.tries >= CRASHES, Delivery.lease_until_ms < db_millis())
        .values(state="failed", why=LEFT_AT_SENDING, token=None)
        .execution_options(synchronize_session=False)
    )


def _without_refused(session: Session, rows: Sequence[Delivery]) -> list[Delivery]:
    rules = addresses.rules_of(session, [row.sent_to for row in rows if row.sent_to])
    willing, refused = [], []
    for row in rows:
        why = why_not_to(row.sent_to, row.template, rules) if row.sent_to else NO_ADDRESS
        if why is None:
            willing.append(row)
            continue
        row.state, row.why, row.token = "refused", why, None
        refused.append((row.account_id, row.id))
    session.flush()
    tell(session, "mail_bounced", refused)
    return willing


def _with_links(session: Session, rows: Sequence[Delivery]) -> tuple[Outgoing, ...]:
    wanted = [row.link_id for row in rows if row.link_id is not None]
    links = {link.id: link for link in session.scalars(select(Link).where(Link.id.in_(wanted)))}
    return tuple(outgoing_of(row, links.get(row.link_id or 0)) for row in rows)


def keep_sent(session: Session, held: Claim, mails: Sequence[Outgoing]) -> int:
    """Keeps that these mails were taken; gives how many, fewer when the claim was lost meanwhile."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.token == held.token, Delivery.state == "sending")
        .where(Delivery.id.in_([mail.delivery_id for mail in mails]))
        .values(state="sent", sent_at=clock.now(), why=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def keep_bounced(session: Session, held: Claim, mail: Outgoing, why: str) -> bool:
    """Keeps that the address takes no mail: nothing more is sent to it, and later stages learn of it."""
    if not _settle(session, held, mail, state="bounced", why=why[:_WORDS], token=None):
        return False
    if mail.to and not addresses.is_reserved(mail.to):
        addresses.set_rule(session, mail.to, "bounces")
    tell(session, "mail_bounced", [mail.key])
    return True


def keep_for_later(session: Session, held: Claim, mail: Outgoing, why: str) -> bool:
    """Keeps that the server wants this mail another time: later each time, and after a day a person looks."""
    row = session.scalar(
        select(Delivery).where(Delivery.account_id == mail.account_id, Delivery.id == mail.delivery_id)
    )
    if row is None or row.token != held.token:
        return False
    if row.tries >= PUT_OFF:
        return keep_failed(session, held, mail, f"{PUT_OFF_TOO_OFTEN}{why}")
    wait = min(timedelta(minutes=2 ** (row.tries - 1)), _LONGEST_WAIT)
    return _settle(
        session, held, mail, state="waiting", why=why[:_WORDS], token=None, not_before=clock.now() + wait
    )


def keep_failed(session: Session, held: Claim, mail: Outgoing, why: str) -> bool:
    """Keeps that this mail needs a person."""
    return _settle(session, held, mail, state="failed", why=why[:_WORDS], token=None)


def give_back(session: Session, held: Claim, mails: Sequence[Outgoing], why: str) -> None:
    """Puts mails that were never on their way back in line, as if they had not been claimed."""
    session.execute(
        update(Delivery)
        .where(Delivery.token == held.token, Delivery.id.in_([mail.delivery_id for mail in mails]))
        .values(state="waiting", token=None, tries=Delivery.tries - 1, why=why[:_WORDS])
        .execution_options(synchronize_session=False)
    )


def _settle(session: Session, held: Claim, mail: Outgoing, **values: object) -> bool:
    done = session.execute(
        update(Delivery)
        .where(Delivery.account_id == mail.account_id, Delivery.id == mail.delivery_id)
        .where(Delivery.token == held.token, Delivery.state == "sending")
        .values(**values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def extend(session: Session, held: Claim) -> None:
    """Gives the claim another 30 s: the worker is alive."""
    session.execute(
        update(Delivery)
        .where(Delivery.token == held.token)
        .values(lease_until_ms=db_millis() + _LEASE_MS)
        .execution_options(synchronize_session=False)
    )


def tell_sent(session: Session, held: Claim | None = None, *, limit: int = 100) -> int:
    """Tells later stages of sent mails of this claim, or of those a dead worker left untold; gives their number."""
    untold = select(Delivery.id).where(Delivery.state == "sent", Delivery.token.is_not(None))
    if held is not None:
        untold = untold.where(Delivery.token == held.token)
    else:
        untold = untold.where(Delivery.lease_until_ms < db_millis())
    keys = session.execute(
        update(Delivery)
        .where(Delivery.id.in_(untold.limit(limit).scalar_subquery()), Delivery.token.is_not(None))
        .values(token=None)
        .returning(Delivery.account_id, Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    tell(session, "mail_sent", sorted((account_id, delivery_id) for account_id, delivery_id in keys))
    return len(keys)


def waiting(session: Session) -> int:
    """How much a drain would find to do now: due mails and batches, what a dead worker left, unsorted replies."""
    unsorted = session.scalar(select(func.count()).where(InboundMail.state == "new")) or 0
    if house.why_closed(session):
        return unsorted
    due = session.scalar(
        select(func.count()).where(
            or_(
                (Delivery.state == "waiting") & (Delivery.not_before <= clock.now()),
                Delivery.state == "sending",
                (Delivery.state == "sent") & Delivery.token.is_not(None),
            )
        )
    )
    batches = session.scalar(select(exists().where(Batch.state == "waiting", Batch.leaves_at <= clock.now())))
    return (due or 0) + unsorted + int(bool(batches))
