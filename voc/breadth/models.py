"""Evidence, the cells derived from it, and the sums pages read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.breadth.rules import CellState, Says, Source
from voc.db.base import AccountOwned, Base


def _one_of(column: str, values: type[Says] | type[Source] | type[CellState]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Evidence(AccountOwned, Base):
    """What one source says about one account and issue; only ever added."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issue.id"), comment="for ever the issue it was recorded for"
    )
    source: Mapped[str] = mapped_column(String(12))
    says: Mapped[str] = mapped_column(String(16))
    comment_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="our person who set or confirmed it"
    )
    note: Mapped[str | None]
    observed_at: Mapped[datetime] = mapped_column(comment="when it was so")
    recorded_at: Mapped[datetime] = mapped_column(comment="when we learned it")

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
        CheckConstraint(_one_of("source", Source), name="source_known"),
        CheckConstraint(_one_of("says", Says), name="says_known"),
        Index("ix_evidence_issue", "issue_id", "account_id"),
        Index("ix_evidence_comment", "account_id", "comment_id"),
    )


class Cell(AccountOwned, Base):
    """One client group in the grid of one issue; absent means not asked. Derived, rebuilt at will."""

    __tablename__ = "cell"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(String(16))
    reach: Mapped[str | None] = mapped_column(
        String(8), comment="told, said_yes, seen: by which evidence it counts"
    )
    evidence_id: Mapped[int | None] = mapped_column(comment="the best evidence")
    mentions: Mapped[int] = mapped_column(default=0, comment="comments of the group that stand in the issue")
    observed_at: Mapped[datetime | None]
    rule_version: Mapped[str] = mapped_column(String(12))

    __table_args__ = (CheckConstraint(_one_of("state", CellState), name="state_known"),)


class IssueSum(Base):
    """The figures of one issue, kept by the same transactions that change its cells."""

    __tablename__ = "issue_sum"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    has_it: Mapped[int] = mapped_column(default=0, comment="groups: has_problem and has_manages")
    told: Mapped[int] = mapped_column(default=0, comment="of these, told us unasked")
    said_yes: Mapped[int] = mapped_column(default=0, comment="of these, said yes when asked")
    seen: Mapped[int] = mapped_column(default=0, comment="of these, seen by our staff")
    reported: Mapped[int] = mapped_column(default=0, comment="groups matched by machine only")
    has_not: Mapped[int] = mapped_column(default=0)
    unclear: Mapped[int] = mapped_column(default=0)
    applies: Mapped[int] = mapped_column(default=0, comment="groups the issue applies to, today")
    comments: Mapped[int] = mapped_column(default=0)
    segments: Mapped[int] = mapped_column(default=0, comment="segments with it or reported")
    value_cents: Mapped[int] = mapped_column(
        default=0, comment="yearly value of groups that have it or reported it"
    )
    loudest_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    loudest_share: Mapped[float | None] = mapped_column(
        comment="of the comments, by the client who told us most"
    )
    severity: Mapped[int | None] = mapped_column(comment="median of its groups' worst; empty: not known")
    escalations: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    summed_at: Mapped[datetime]
