"""Reads mail for our own people's pages: frozen rows out."""

import email
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sqlalchemy import Select, column, func, select, table
from sqlalchemy.orm import Session

from voc.core.errors import NotFound
from voc.mail.models import Batch, Delivery, InboundMail, KeptMail
from voc.mail.texts import STANDARD

# Clients and their people are later stages; only the columns that name them are named here.
_account = table("account", column("id"), column("name"), column("public_id"))
_contact = table("contact", column("id"), column("account_id"), column("name"))
_user = table("user", column("id"), column("name"))
TITLES = {one.name: one.title for one in STANDARD}
STATES = {
    "waiting": ("held", "waiting", "sending"),
    "yours": ("failed",),
    "kept": ("refused", "bounced", "stopped"),
    "left": ("sent",),
}
INBOUND = {
    "held": ("held",),
    "unreadable": ("unreadable",),
    "automatic": ("automatic", "bounce"),
    "done": ("joined", "left_alone"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One mail of a list: to whom, what, since when or for when, and how it stands."""

    public_id: str
    client: str
    client_public_id: str
    who: str
    to: str | None
    title: str
    state: str
    why: str | None
    at: datetime
    batch: str | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """One batch that can still be stopped; `refused` of its mails will not leave."""

    public_id: str
    what: str
    leaves_at: datetime
    made_by: str | None
    mails: int
    refused: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """One mail that came in and how it stands; `client` is whose it seems to be."""

    public_id: str
    sender: str | None
    subject: str | None
    state: str
    why: str | None
    client: str | None
    received_at: datetime
    body: bytes = b""
    client_public_id: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept mail as its person would read it."""

    public_id: str
    client: str
    who: str
    to: str
    sender: str
    subject: str
    text: str
    kept_at: datetime


def counts(session: Session) -> dict[str, int]:
    """How many mails stand under each heading of the list."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
    by_state = dict(rows)
    return {which: sum(by_state.get(state, 0) for state in states) for which, states in STATES.items()}


def batches(session: Session) -> tuple[Leaving, ...]:
    """The batches that have not left, the next to leave first."""
    mails, refused = func.count(Delivery.id), func.count().filter(Delivery.state == "refused")
    rows = session.execute(
        select(Batch.public_id, Batch.what, Batch.leaves_at, _user.c.name, mails, refused)
        .outerjoin(Delivery, Delivery.batch_id == Batch.id)
        .outerjoin(_user, _user.c.id == Batch.made_by_id)
        .where(Batch.state == "waiting")
        .group_by(Batch.id, Batch.public_id, Batch.what, Batch.leaves_at, _user.c.name)
        .order_by(Batch.leaves_at, Batch.id)
    )
    return tuple(Leaving(*row) for row in rows)


def batch_named(session: Session, public_id: str) -> Batch:
    """One batch; NotFound when there is none."""
    found = session.scalar(select(Batch).where(Batch.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def outgoing(
    session: Session, which: str, *, batch: str = "", limit: int, offset: int
) -> tuple[Sequence[Line], int]:
    """One page of the mails under a heading, or of one batch, and how many there are in all."""
    narrowed = [Batch.public_id == batch] if batch else [Delivery.state.in_(STATES[which])]
    total = select(func.count(Delivery.id)).outerjoin(Batch, Batch.id == Delivery.batch_id).where(*narrowed)
    newest_first = which in {"left", "kept"} and not batch
    order = (
        (Delivery.made_at.desc(), Delivery.id.desc()) if newest_first else (Delivery.not_before, Delivery.id)
    )
    rows = session.execute(_lines().where(*narrowed).order_by(*order).limit(limit).offset(offset))
    return tuple(_line(*row) for row in rows), session.scalar(total) or 0


def outgoing_mail(session: Session, public_id: str) -> tuple[Delivery, Line]:
    """One mail; NotFound when there is none."""
    row = session.execute(_lines().where(Delivery.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return row[0], _line(*row)


def _lines() -> Select[Any]:  # rows and columns of four tables
    return (
        select(Delivery, Batch, _account.c.name, _account.c.public_id, _contact.c.name)
        .outerjoin(Batch, Batch.id == Delivery.batch_id)
        .join(_account, _account.c.id == Delivery.account_id)
        .join(_contact, _contact.c.id == Delivery.contact_id)
    )


def _line(row: Delivery, batch: Batch | None, client: str, client_public_id: str, who: str) -> Line:
    leaves_at = batch.leaves_at if batch and row.state == "held" else row.not_before
    return Line(
        row.public_id, client, client_public_id, who, row.sent_to, TITLES.get(row.template, row.template), row.state, row.why,
        row.sent_at or leaves_at, batch.what if batch else None,
    )  # fmt: skip


def kept_mails(session: Session, *, limit: int, offset: int) -> tuple[Sequence[Kept], int]:
    """One page of the mails kept here, the newest first, and how many there are."""
    rows = session.execute(
        _kept().order_by(KeptMail.kept_at.desc(), KeptMail.delivery_id.desc()).limit(limit).offset(offset)
    )
    total = session.scalar(select(func.count()).select_from(KeptMail)) or 0
    return tuple(_read(*row) for row in rows), total


def kept_mail(session: Session, public_id: str) -> Kept:
    """One kept mail; NotFound when there is none."""
    row = session.execute(_kept().where(Delivery.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return _read(*row)


def _kept() -> Select[Any]:  # as above
    return (
        select(KeptMail, Delivery.public_id, _account.c.name, _contact.c.name)
        .join(Delivery, (Delivery.account_id == KeptMail.account_id) & (Delivery.id == KeptMail.delivery_id))
        .join(_account, _account.c.id == Delivery.account_id)
        .join(_contact, _contact.c.id == Delivery.contact_id)
    )


def _read(kept: KeptMail, public_id: str, client: str, who: str) -> Kept:
    message = email.message_from_bytes(kept.body, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes it one
    part = message.get_body(("plain",))
    text = part.get_content() if part is not None else ""
    return Kept(
        public_id, client, who, str(message["To"]), str(message["From"]), str(message["Subject"]), text, kept.kept_at
    )  # fmt: skip


def inbound_counts(session: Session) -> dict[str, int]:
    """How many mails that came in stand under each heading."""
    rows = session.execute(select(InboundMail.state, func.count()).group_by(InboundMail.state)).all()
    by_state = dict(rows)
    return {which: sum(by_state.get(state, 0) for state in states) for which, states in INBOUND.items()}


def came_back(session: Session, which: str, *, limit: int, offset: int) -> Sequence[CameBack]:
    """One page of the mails that came in under a heading, the newest first."""
    rows = session.execute(
        _inbound()
        .where(InboundMail.state.in_(INBOUND[which]))
        .order_by(InboundMail.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(CameBack(*row) for row in rows)


def came_back_mail(session: Session, public_id: str) -> CameBack:
    """One mail that came in, with its bytes; NotFound when there is none."""
    wanted = _inbound().add_columns(InboundMail.body, _account.c.public_id)
    row = session.execute(wanted.where(InboundMail.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return CameBack(*row)


def _inbound() -> Select[Any]:  # as above
    return select(
        InboundMail.public_id, InboundMail.sender, InboundMail.subject, InboundMail.state, InboundMail.why,
        _account.c.name, InboundMail.received_at,
    ).outerjoin(_account, _account.c.id == InboundMail.account_id)  # fmt: skip
