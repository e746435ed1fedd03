"""Puts mails in line, alone or as a batch that can be stopped; a mail is a row before it is a mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.core.policy import DEFAULT
from voc.db.scope import principal_of
from voc.db.upsert import insert_new, insert_rows
from voc.jobs import tell
from voc.mail.addresses import email_key, is_writable, rules_of
from voc.mail.house import why_closed
from voc.mail.models import Batch, Delivery, Link
from voc.mail.rendering import preview as preview  # noqa: PLC0414 - others find all they call in one place
from voc.mail.wanted import QUESTIONS as QUESTIONS  # noqa: PLC0414 - as above
from voc.mail.wanted import NewLink as NewLink  # noqa: PLC0414 - as above
from voc.mail.wanted import NewMail as NewMail  # noqa: PLC0414 - as above

NO_ADDRESS = "We have no e-mail address for this person."
ODD_ADDRESS = "What we have is not an e-mail address that we can write to."
RULE_WORDS = {
    "no_mail": "This person asked us not to write by e-mail.",
    "bounces": "Mail to this address came back.",
    "no_questions": "This person asked us not to ask again.",
}
_BLOCK = 500
_AFTER_BATCH = {"waiting": "held", "left": "waiting", "stopped": "stopped"}
_Row = dict[str, Any]  # one row of a bulk INSERT: column name to value


def make_batch(session: Session, *, what: str, thing: str, leaves_at: datetime | None = None) -> Batch:
    """A bulk message that leaves in ten minutes, or at `leaves_at`; until then it can be stopped."""
    now = clock.now()
    batch = Batch(
        id=ids.new_id(), public_id=ids.new_public_id(), what=what, thing=thing, state="waiting",
        leaves_at=leaves_at or now + timedelta(minutes=DEFAULT.stop_minutes), made_at=now,
        made_by_id=principal_of(session).user_id,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch


def put_mail(
    session: Session,
    *,
    account_id: int,
    contact_id: int,
    email: str | None,
    template: str,
    thing: str,
    dedupe_key: str,
    filled: Mapping[str, object],
    link: Link | NewLink | None = None,
    batch: Batch | None = None,
    not_before: datetime | None = None,
) -> Delivery:
    """One mail in line; the same `dedupe_key` again gives the same row.

    Where the address, a rule of it, or the switch forbids it, the row says state "refused" and why.
    """
    mail = NewMail(
        account_id=account_id, contact_id=contact_id, email=email, template=template, thing=thing,
        dedupe_key=dedupe_key, filled=filled, link=link, not_before=not_before,
    )  # fmt: skip
    return put_mails(session, [mail], batch=batch)[0]


def put_mails(session: Session, rows: Sequence[NewMail], *, batch: Batch | None = None) -> list[Delivery]:
    """Many mails in line, each with its link, in this transaction; given back in the order of `rows`."""
    closed = why_closed(session)
    rules = rules_of(session, [one.email for one in rows if one.email])
    state = "waiting" if batch is None else _AFTER_BATCH[batch.state]
    made: dict[str, tuple[_Row, _Row | None]] = {}
    for one in rows:
        if one.dedupe_key not in made:
            why = why_not(one, rules) or closed
            made[one.dedupe_key] = _rows(one, batch, "refused" if why else state, why)
    won = insert_new(session, Delivery, [row for row, _ in made.values()], key="dedupe_key")
    links = [link for key, (_, link) in made.items() if link is not None and key in won]
    insert_rows(session, Link, links)
    found = _found(session, list(made))
    return [found[one.dedupe_key] for one in rows]


def why_not(mail: NewMail, rules: Mapping[str, frozenset[str]]) -> str | None:
    """Why this person cannot be sent this mail, in words; `rules` come from `rules_of`."""
    if not (mail.email or "").strip():
        return NO_ADDRESS
    return why_not_to(mail.email or "", mail.template, rules)


def why_not_to(email: str, template: str, rules: Mapping[str, frozenset[str]]) -> str | None:
    """As `why_not`, for an address that is there."""
    if not is_writable(email.strip()):
        return ODD_ADDRESS
    held = rules.get(email_key(email), frozenset())
    counts = [
        rule for rule in RULE_WORDS if rule in held and (rule != "no_questions" or template in QUESTIONS)
    ]
    return RULE_WORDS[counts[0]] if counts else None


def _rows(one: NewMail, batch: Batch | None, state: str, why: str | None) -> tuple[_Row, _Row | None]:
    now, public_id = clock.now(), ids.new_public_id()
    link = _link_row(one, one.link, now) if isinstance(one.link, NewLink) else None
    link_id = link["id"] if link else getattr(one.link, "id", None)
    delivery = {
        "account_id": one.account_id, "id": ids.new_id(), "public_id": public_id,
        "batch_id": batch.id if batch else None, "contact_id": one.contact_id, "template": one.template,
        "thing": one.thing, "dedupe_key": one.dedupe_key, "filled": dict(one.filled), "link_id": link_id,
        "state": state, "why": why, "not_before": one.not_before or now, "message_id": public_id,
        "sent_to": (one.email or "").strip() or None, "lease_until_ms": 0, "tries": 0, "made_at": now,
    }  # fmt: skip
    return delivery, link


def _link_row(one: NewMail, link: NewLink, now: datetime) -> _Row:
    return {
        "account_id": one.account_id, "id": ids.new_id(), "public_id": ids.new_public_id(),
        "purpose": link.purpose, "contact_id": one.contact_id, "thing": link.thing,
        "expires_at": link.expires_at, "made_at": now,
    }  # fmt: skip


def _found(session: Session, keys: Sequence[str]) -> dict[str, Delivery]:
    found: dict[str, Delivery] = {}
    for start in range(0, len(keys), _BLOCK):
        block = keys[start : start + _BLOCK]
        rows = session.scalars(select(Delivery).where(Delivery.dedupe_key.in_(block)))
        found |= {row.dedupe_key: row for row in rows}
    return found


def stop_batch(session: Session, batch_public_id: str) -> Batch:
    """Keeps a batch from leaving, for good; Conflict when it has left. Stopping twice is fine."""
    batch = session.scalar(select(Batch).where(Batch.public_id == batch_public_id))
    if batch is None:
        raise NotFound
    stopped = session.execute(
        update(Batch)
        .where(Batch.id == batch.id, Batch.state == "waiting")
        .values(state="stopped", stopped_at=clock.now(), stopped_by_id=principal_of(session).user_id)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.refresh(batch)
    if stopped:
        _stop_held(session, batch)
        tell(session, "batch_stopped", [batch.id])
        tell(session, "mail_acted", [("batch.stop", f"batch {batch.public_id}")])
    elif batch.state == "left":
        raise Conflict("This has left the house already; it can no longer be stopped.", code="batch_left")
    return batch


def _stop_held(session: Session, batch: Batch) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.batch_id == batch.id, Delivery.state == "held")
        .values(state="stopped")
        .execution_options(synchronize_session=False)
    )
