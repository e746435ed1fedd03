"""Takes in what clients say: raw first, then the comment and its work row, all in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.service import Said, note_said
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.core.text import fingerprint
from voc.db import work
from voc.db.upsert import Prepared, rows_to_add, rows_to_add_once
from voc.intake import rules
from voc.intake.models import Comment, Raw, Thread
from voc.jobs import READ

_BLOCK = 2000
_Row = dict[str, Any]  # one row of a bulk INSERT: column name to value


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One comment as a channel hands it over; `text` is cleaned, ids are looked up by the channel.

    `sender_key` is the sender's own id for it (Idempotency-Key, form nonce, import source id, row
    fingerprint and occurrence): with account and channel it makes the same thing sent twice one row.
    `thread_id` joins a thread of this account, and takes on from whom that thread is hidden; None opens one.
    """

    account_id: int
    channel: str
    text: str
    sender_key: str
    body: bytes
    thread_id: int | None = None
    content_type: str = "text/plain; charset=utf-8"
    contact_id: int | None = None
    kind: str = "comment"
    source: str = "unasked"
    hurt: int | None = None
    touches: str | None = None
    would_solve: str | None = None
    wants_senior: bool = False
    may_ask_others: bool = False
    hidden_from_id: int | None = None
    hidden_name: str | None = None
    sender_confirmed: bool = True
    sender_name: str | None = None
    sender_email: str | None = None
    noted_by_id: int | None = None
    heard_how: str | None = None
    said_at: datetime | None = None
    named_user_id: int | None = None
    promise: bool = False
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Received:
    """What was stored: `is_new` is False when the very same thing had come before."""

    account_id: int
    comment_id: int
    public_id: str
    thread_public_id: str
    receipt: str
    next_word_by: datetime | None
    is_new: bool


def receive(session: Session, incoming: Incoming) -> Received:
    """Stores one comment and gives its receipt; the same one again gives the same receipt.

    Raises Conflict when the sender's key was used before for something else, Invalid for a value no
    channel may send.
    """
    answer = receive_many(session, [incoming])[0]
    if isinstance(answer, Conflict):
        raise answer
    return answer


def receive_many(session: Session, incoming: Sequence[Incoming]) -> list[Received | Conflict]:
    """Stores many comments in this transaction; answers stand in the order of `incoming`.

    A key used before for something else is answered with its Conflict; the others are stored.
    """
    answers: list[Received | Conflict] = []
    for start in range(0, len(incoming), _BLOCK):
        answers += _receive_block(session, incoming[start : start + _BLOCK])
    return answers


def _receive_block(session: Session, incoming: Sequence[Incoming]) -> list[Received | Conflict]:
    received_at = clock.now()
    raws = [_raw_row(one, received_at) for one in incoming]
    keys = [raw["dedupe_key"] for raw in raws]
    # The unique row decides: of the same thing sent twice, here or by two senders at once, one is new.
    first = _first_of_each(keys)
    offered = rows_to_add_once(session, Raw, [raws[place] for place in first])
    # Nearly always all are new: their rows are made ready before anything is locked.
    is_simple = all(one.thread_id is None for one in incoming)
    ready = (
        _ready(session, [(incoming[place], raws[place]) for place in first], received_at)
        if is_simple
        else None
    )
    won = {keys[place] for place in first}
    if offered.run(session) < len(first):
        won = _won(session, [raws[place] for place in first])
    fresh = [place for place in first if keys[place] in won]
    while ready is None or len(ready.answers) != len(fresh) or _is_given(session, ready.receipts):
        ready = _ready(session, [(incoming[place], raws[place]) for place in fresh], received_at)
    stored = _store(session, ready)
    new = dict(zip(fresh, stored, strict=True))
    known = _known(session, [key for place, key in enumerate(keys) if place not in new])
    return [
        new[place] if place in new else _again(known[key], raw["body_hash"])
        for place, (key, raw) in enumerate(zip(keys, raws, strict=True))
    ]


def _is_given(session: Session, receipts: Sequence[str]) -> bool:
    """Whether one of these receipt numbers is drawn twice or stands in somebody's thread, of whatever account.

    Of a million threads two draw the same with a chance of five in six; of a hundred thousand one in sixty.
    """
    stands = Thread.__table__.c.receipt
    taken = select(stands).where(stands.in_(receipts)).limit(1)
    return len(set(receipts)) < len(receipts) or session.connection().scalar(taken) is not None


def _won(session: Session, raws: Sequence[_Row]) -> set[str]:
    """The keys whose rows are these: an id is ours alone."""
    return set(session.scalars(select(Raw.dedupe_key).where(Raw.id.in_([raw["id"] for raw in raws]))))


def _raw_row(one: Incoming, received_at: datetime) -> _Row:
    rules.check(one.kind, one.source, one.channel, one.hurt)
    key = hashlib.sha256(f"{one.account_id}\x1f{one.channel}\x1f{one.sender_key}".encode()).hexdigest()
    return {
        "id": ids.new_id(),
        "account_id": one.account_id,
        "channel": one.channel,
        "dedupe_key": key,
        "body_hash": fingerprint(one.text, one.kind, one.touches, one.would_solve, str(one.hurt)),
        "body": one.body,
        "content_type": one.content_type,
        "received_at": received_at,
    }


def _first_of_each(keys: Sequence[str]) -> list[int]:
    places = {key: place for place, key in reversed(list(enumerate(keys)))}
    return sorted(places.values())


@dataclass(frozen=True, slots=True)
class _Known:
    body_hash: str
    received: Received


def _known(session: Session, keys: Sequence[str]) -> dict[str, _Known]:
    if not keys:
        return {}
    rows = session.execute(
        select(Raw.dedupe_key, Raw.body_hash, Comment, Thread)
        .join(Comment, Comment.raw_id == Raw.id)
        .join(Thread, (Thread.account_id == Comment.account_id) & (Thread.id == Comment.thread_id))
        .where(Raw.dedupe_key.in_(keys))
    )
    return {key: _Known(body_hash, _before(comment, thread)) for key, body_hash, comment, thread in rows}


def _before(comment: Comment, thread: Thread) -> Received:
    return Received(
        comment.account_id, comment.id, comment.public_id,
        thread.public_id, thread.receipt, thread.next_word_by, is_new=False,
    )  # fmt: skip


def _stored(comment: _Row, thread: _Row) -> Received:
    return Received(
        comment["account_id"], comment["id"], comment["public_id"],
        thread["public_id"], thread["receipt"], thread["next_word_by"], is_new=True,
    )  # fmt: skip


def _again(known: _Known, body_hash: str) -> Received | Conflict:
    if known.body_hash == body_hash:
        return known.received
    return Conflict(
        "This key was used before for something else. Use a new Idempotency-Key for a new comment.",
        code="key_reused",
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written for comments that are new, in the driver's own values, the numbers drawn, and its answers."""

    threads: Prepared
    comments: Prepared
    line: Prepared
    receipts: Sequence[str]
    said: dict[int, Said]
    answers: list[Received]


def _ready(session: Session, pairs: Sequence[tuple[Incoming, _Row]], received_at: datetime) -> _Ready:
    joined = _joined(session, [one for one, _ in pairs])
    fresh = [_thread_row(one, received_at) for one, _ in pairs if one.thread_id is None]
    opened = iter(fresh)
    threads = [next(opened) if one.thread_id is None else joined[one.thread_id] for one, _ in pairs]
    comments = [
        _comment_row(one, raw, thread, received_at) for (one, raw), thread in zip(pairs, threads, strict=True)
    ]
    return _Ready(
        rows_to_add(session, Thread, fresh),
        rows_to_add(session, Comment, comments),
        work.in_line(session, READ, [(row["account_id"], row["id"]) for row in comments]),
        [row["receipt"] for row in fresh],
        _said(pairs, received_at),
        [_stored(row, thread) for row, thread in zip(comments, threads, strict=True)],
    )


def _store(session: Session, ready: _Ready) -> list[Received]:
    ready.threads.run(session)
    ready.comments.run(session)
    if ready.said:
        note_said(session, ready.said)
    ready.line.run(session)
    return ready.answers


def _joined(session: Session, incoming: Sequence[Incoming]) -> dict[int, _Row]:
    """The threads that these comments join; NotFound when one is not there or not of the comment's account."""
    wanted = {one.thread_id: one.account_id for one in incoming if one.thread_id is not None}
    if not wanted:
        return {}
    names = ("account_id", "id", "public_id", "receipt", "hidden_from_id", "hidden_name", "next_word_by")
    found = session.scalars(select(Thread).where(Thread.id.in_(wanted)))
    rows = {row.id: {name: getattr(row, name) for name in names} for row in found}
    if any(rows.get(key, {}).get("account_id") != account_id for key, account_id in wanted.items()):
        raise NotFound
    return rows


def _said(pairs: Sequence[tuple[Incoming, _Row]], received_at: datetime) -> dict[int, Said]:
    """When each account first and last spoke here; a sender nobody recognised yet speaks for no account."""
    said: dict[int, Said] = {}
    for one, _ in pairs:
        if one.sender_confirmed:
            moment = one.said_at or received_at
            first, last = said.get(one.account_id, (moment, moment))
            said[one.account_id] = (min(first, moment), max(last, moment))
    return said


def _thread_row(one: Incoming, received_at: datetime) -> _Row:
    promised = (
        rules.next_word_by(received_at, one.time_zone, senior=one.wants_senior) if one.promise else None
    )
    return {
        "account_id": one.account_id,
        "id": ids.new_id(),
        "public_id": ids.new_public_id(),
        "receipt": ids.new_receipt(),
        "contact_id": one.contact_id,
        "hidden_from_id": one.hidden_from_id,
        "hidden_name": one.hidden_name,
        "opened_at": one.said_at or received_at,
        "next_word_by": promised,
        "named_user_id": one.named_user_id,
    }


def _comment_row(one: Incoming, raw: _Row, thread: _Row, received_at: datetime) -> _Row:
    return {
        "account_id": one.account_id,
        "id": ids.new_id(),
        "public_id": ids.new_public_id(),
        "thread_id": thread["id"],
        "raw_id": raw["id"],
        "contact_id": one.contact_id,
        "hidden_from_id": one.hidden_from_id or thread["hidden_from_id"],
        "hidden_name": one.hidden_name or thread["hidden_name"],
        "source": one.source,
        "kind": one.kind,
        "channel": one.channel,
        "text": one.text,
        "hurt": one.hurt,
        "touches": one.touches,
        "would_solve": one.would_solve,
        "wants_senior": one.wants_senior,
        "may_ask_others": one.may_ask_others,
        "sender_confirmed": one.sender_confirmed,
        "sender_name": one.sender_name,
        "sender_email": one.sender_email,
        "noted_by_id": one.noted_by_id,
        "heard_how": one.heard_how,
        "said_at": one.said_at or received_at,
        "received_at": received_at,
    }
