"""Questions, whom they go to, what came back, and what is owed to a loud client."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

CHECK_STATES = ("draft", "leaving", "asking", "closed", "stopped")
REACHES = ("dozen", "everyone")
ASK_STATES = (
    "planned",
    "queued",
    "asked",
    "answered",
    "bounced",
    "passed",
    "no_answer",
    "opted_out",
    "left_out",
)
HOWS = ("mail", "call")
SAYS = ("no", "problem", "manages", "not_used", "cannot_tell")
CALL_WHYS = ("question", "reminder", "problem", "senior", "tell")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Check(Base):
    """One question about one issue. It keeps its issue for ever, whatever is merged or split."""

    __tablename__ = "check"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    what: Mapped[str] = mapped_column(comment="the one thing asked about: “an invoice came without a number”")
    since_on: Mapped[date] = mapped_column(Date, comment="the period begins here")
    if_many: Mapped[str | None] = mapped_column(comment="if many say yes we would …")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="who decides then")
    decide_by: Mapped[date | None] = mapped_column(Date)
    reach: Mapped[str] = mapped_column(String(8), default="everyone", comment="a random dozen, or everyone")
    alone_reason: Mapped[str | None] = mapped_column(
        comment="why we ask though one client alone told us and did not agree: an executive's words"
    )
    alone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(String(8), default="draft")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("mail_batch.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(comment="when the first mail left")
    closes_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None] = mapped_column(comment="the first answer: the wording stays")
    closed_at: Mapped[datetime | None]
    outcome_told_at: Mapped[datetime | None] = mapped_column(
        comment="when everyone asked heard what came of it"
    )
    foretold_at: Mapped[datetime | None] = mapped_column(
        comment="when its chances were reckoned from what was known as it left; empty: they were kept then"
    )

    __table_args__ = (
        CheckConstraint(_one_of("state", CHECK_STATES), name="state_known"),
        CheckConstraint(_one_of("reach", REACHES), name="reach_known"),
        Index("ix_check_state", "state", "closes_at"),
    )


class Ask(AccountOwned, Base):
    """One person of one client who is asked; a colleague it was passed to is an ask of their own."""

    __tablename__ = "ask"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("check.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("account.id"), comment="the client as it is counted")
    contact_id: Mapped[int]
    how: Mapped[str] = mapped_column(String(4))
    no_first: Mapped[bool] = mapped_column(comment="half see No first")
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(comment="why this person, or why left out")
    mail_ask_id: Mapped[int | None] = mapped_column(
        comment="the ask of the same person whose mail this one travels in; empty: it has its own"
    )
    passed_from_id: Mapped[int | None] = mapped_column(comment="the ask of the colleague who passed it on")
    predicted_share: Mapped[float | None] = mapped_column(comment="the estimate before it left, in [0, 1]")
    asked_at: Mapped[datetime | None] = mapped_column(comment="when it was delivered, or spoken on the phone")
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    wrote_id: Mapped[int | None] = mapped_column(
        comment="a comment: the words this person wrote back by mail, until one of us says which answer they are"
    )

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        UniqueConstraint("check_id", "account_id", "contact_id"),
        CheckConstraint(_one_of("state", ASK_STATES), name="state_known"),
        CheckConstraint(_one_of("how", HOWS), name="how_known"),
        Index("ix_ask_check", "check_id", "state"),
        Index("ix_ask_contact", "contact_id"),
    )


class Answer(AccountOwned, Base):
    """What one ask was answered with: one row, changeable until the window closes."""

    __tablename__ = "answer"
    ask_id: Mapped[int] = mapped_column(primary_key=True)
    says: Mapped[str] = mapped_column(String(12))
    comment_id: Mapped[int | None] = mapped_column(comment="the words said beside it, a prompted comment")
    colleague: Mapped[str | None] = mapped_column(comment="“I cannot tell, ask …”: who")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="our person on the phone")
    answered_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None] = mapped_column(comment="when one of us read the words beside it")
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ask_id"], ["ask.account_id", "ask.id"], ondelete="CASCADE"),
        CheckConstraint(_one_of("says", SAYS), name="says_known"),
    )


class Call(AccountOwned, Base):
    """A call on somebody's phone list."""

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    contact_id: Mapped[int | None]
    ask_id: Mapped[int | None]
    comment_id: Mapped[int | None] = mapped_column(comment="what the call is about, where it is a comment")
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    why: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[str | None] = mapped_column(String(12), comment="spoke, not_reached, not_needed")
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("account_id", "why", "ask_id"),
        UniqueConstraint("account_id", "why", "comment_id"),
        CheckConstraint(_one_of("why", CALL_WHYS), name="why_known"),
        Index("ix_call_open", "done_at", "due_on"),
    )


class WhoElse(Base):
    """What is owed after a loud client: an answer to “who else has this?”, in three steps."""

    __tablename__ = "who_else"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    first_loud_at: Mapped[datetime] = mapped_column(comment="when the first escalation in it was said")
    comment_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    comment_id: Mapped[int]
    opened_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    looked_at: Mapped[datetime | None] = mapped_column(comment="step one: records, usage, owners")
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    found: Mapped[dict[str, object] | None] = mapped_column(Json, comment="what step one found, as figures")
    found_words: Mapped[str | None] = mapped_column(comment="what our people make of it")
    dozen_check_id: Mapped[int | None] = mapped_column(ForeignKey("check.id"))
    everyone_check_id: Mapped[int | None] = mapped_column(ForeignKey("check.id"))
    changes_decision: Mapped[bool | None] = mapped_column(
        comment="step three: would everyone's answers change it?"
    )
    answered_at: Mapped[datetime | None]
    answered_how: Mapped[str | None] = mapped_column(String(8), comment="evidence, reason")
    reason: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (CheckConstraint("answered_how IN ('evidence', 'reason')", name="how_known"),)
