"""Visits, decisions, promises and the changes that would drop a process."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

CHOICES = ("change", "keep", "look_further", "not_now")
COMMITMENT_STATES = ("open", "kept", "broken", "withdrawn")
PLAN_STATES = ("planned", "dropped", "kept")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Decision(Base):
    """What was decided about an issue; a newer one stands beside it, none is rewritten."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    choice: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(comment="what we do, for our own people")
    message: Mapped[str | None] = mapped_column(comment="what clients who have it are to hear")
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date] = mapped_column(Date)
    look_again_on: Mapped[date] = mapped_column(Date)
    before: Mapped[dict[str, object]] = mapped_column(Json, comment="the issue's figures on that day")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(comment="when the owner says it is changed")
    looked_again_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None] = mapped_column(
        comment="when the first message about it left: from then on it cannot be undone"
    )
    undone_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint(_one_of("choice", CHOICES), name="choice_known"),)


class Visit(AccountOwned, Base):
    """Go and see: one client visited or called by somebody senior, in steps."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    contact_id: Mapped[int | None]
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    planned_on: Mapped[date] = mapped_column(Date)
    went_on: Mapped[date | None] = mapped_column(Date)
    heard_how: Mapped[str | None] = mapped_column(String(8), comment="visit, call")
    logic: Mapped[str | None] = mapped_column(comment="why the client does it so, in their logic")
    comment_id: Mapped[int | None] = mapped_column(comment="the note it became")
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"))
    no_commitment: Mapped[str | None] = mapped_column(comment="why nothing was promised there")
    team_told_on: Mapped[date | None] = mapped_column(Date)
    checked_words: Mapped[str | None] = mapped_column(comment="all clients checked: how, or why not")
    made_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
    )


class Commitment(Base):
    """A commitment to one client or to all, with the next proof due; the words are for the client."""

    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    words: Mapped[str] = mapped_column(comment="what we promise, in words for the client")
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    proof: Mapped[str] = mapped_column(comment="what will show that it is kept")
    next_due_on: Mapped[date | None] = mapped_column(Date)
    every_weeks: Mapped[int | None] = mapped_column(comment="how often proof is due again; empty: once")
    state: Mapped[str] = mapped_column(String(10), default="open")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", COMMITMENT_STATES), name="state_known"),
        Index("ix_commitment_due", "state", "next_due_on"),
    )


class CommitmentTo(AccountOwned, Base):
    """A client the promise was made to."""

    __tablename__ = "commitment_to"
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True, index=True)


class Proof(Base):
    """What showed, on a day, that a promise is kept or not."""

    __tablename__ = "proof"
    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    was_kept: Mapped[bool]
    words: Mapped[str] = mapped_column(comment="in words for the client")
    due_on: Mapped[date | None] = mapped_column(Date, comment="the day it was due: what undo puts back")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class PlannedChange(Base):
    """A process or service that somebody wants to drop; who depends on it is shown first."""

    __tablename__ = "planned_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str] = mapped_column(comment="what would end")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    planned_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8), default="planned")
    seen: Mapped[dict[str, object] | None] = mapped_column(
        Json, comment="who depended on it when it was decided"
    )
    reason: Mapped[str | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint(_one_of("state", PLAN_STATES), name="state_known"),)
