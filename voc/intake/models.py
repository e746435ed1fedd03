"""What came in, as it came, and the comments made of it."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, HiddenFrom, Json, SaidBy

SOURCES = ("unasked", "prompted", "answer", "staff_note")
KINDS = ("comment", "escalation", "praise", "suggestion", "termination", "answer")
CHANNELS = ("form", "link", "email", "staff_note", "api", "import")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Raw(Base):
    """The bytes as they came; kept before anything is made of them."""

    __tablename__ = "raw"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), comment="empty until matched")
    channel: Mapped[str] = mapped_column(String(12))
    dedupe_key: Mapped[str] = mapped_column(
        String(64),
        unique=True,
        comment="account, channel and the sender's own id for it: the same thing twice is one row",
    )
    body_hash: Mapped[str] = mapped_column(
        String(32), comment="tells a repeat from a key used for something else"
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
    content_type: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]


class Thread(AccountOwned, SaidBy, HiddenFrom, Base):
    """One client's private line about one matter; it starts with a comment."""

    __tablename__ = "thread"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    receipt: Mapped[str] = mapped_column(String(9), unique=True, comment="short, random, counts nothing")
    opened_at: Mapped[datetime]
    next_word_by: Mapped[datetime | None] = mapped_column(
        comment="when we promised to write; empty: nothing promised"
    )
    named_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="our person named on the receipt"
    )

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
    )


class Comment(AccountOwned, SaidBy, HiddenFrom, Base):
    """One thing said by one person of one account. The words are never changed."""

    __tablename__ = "comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    thread_id: Mapped[int]
    raw_id: Mapped[int | None] = mapped_column(ForeignKey("raw.id"))
    source: Mapped[str] = mapped_column(String(12), comment="unasked, prompted, answer, staff_note")
    kind: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    hurt: Mapped[int | None] = mapped_column(
        comment="1 annoys, 2 slows, 4 stops, 8 may leave; empty: not said"
    )
    touches: Mapped[str | None] = mapped_column(comment="what it touches, in the client's words")
    would_solve: Mapped[str | None]
    wants_senior: Mapped[bool] = mapped_column(default=False)
    may_ask_others: Mapped[bool] = mapped_column(default=False)
    sender_confirmed: Mapped[bool] = mapped_column(
        default=True, comment="false: came by public link, not recognised yet"
    )
    sender_name: Mapped[str | None] = mapped_column(comment="as typed by an unconfirmed sender")
    sender_email: Mapped[str | None]
    noted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="our person who wrote the note"
    )
    heard_how: Mapped[str | None] = mapped_column(
        String(8), comment="where our person heard it: call, visit, other"
    )
    said_at: Mapped[datetime] = mapped_column(comment="when the client said it")
    received_at: Mapped[datetime] = mapped_column(comment="when it came to us")

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "thread_id"], ["thread.account_id", "thread.id"]),
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        CheckConstraint(_one_of("source", SOURCES), name="source_known"),
        CheckConstraint(_one_of("kind", KINDS), name="kind_known"),
        CheckConstraint(_one_of("channel", CHANNELS), name="channel_known"),
        CheckConstraint("hurt IN (1, 2, 4, 8)", name="hurt_known"),
        Index("ix_comment_said_at", "said_at"),
        Index("ix_comment_raw", "raw_id"),
        # Not by account first: the check of foreign keys would take it for the primary key and read
        # all comments of the account (PostgreSQL plans it while the table is empty).
        Index("ix_comment_thread", "thread_id"),
    )


class ImportRun(Base):
    """One file brought in: how far it came, so that it can go on, and what was refused."""

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    what: Mapped[str] = mapped_column(String(12), comment="comments, accounts, usage")
    file_name: Mapped[str]
    file_hash: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, str]] = mapped_column(Json)
    rows_seen: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_known: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="running", comment="running, done, stopped")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("what", "file_hash", "started_at"),)
