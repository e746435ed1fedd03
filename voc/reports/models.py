"""What leadership decided not to do, and froze."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json


class OwedReason(AccountOwned, Base):
    """Why an escalation gets no visit and no call: a person's words, in place of the talk."""

    __tablename__ = "owed_reason"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
    )


class Edition(Base):
    """The leadership page as it stood on a day: figures and references to words, never the words."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    week_on: Mapped[date] = mapped_column(Date, comment="the Monday of its week")
    title: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, object]] = mapped_column(Json)
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="empty: made on Monday by itself"
    )
    made_at: Mapped[datetime]
