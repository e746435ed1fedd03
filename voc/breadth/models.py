"""Evidence, the cells derived from it, and the sums pages read."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from voc.breadth.rules import CellState, Says, Source
from voc.db.base import AccountOwned, Base, Json


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


class IssueChange(Base):
    """Something was changed about an issue: what was known before says nothing about after."""

    __tablename__ = "issue_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10), comment="decision: a decision was marked as done")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Threshold(Base):
    """“We act from N clients or € X”: the newest row counts."""

    __tablename__ = "threshold"
    id: Mapped[int] = mapped_column(primary_key=True)
    groups: Mapped[int]
    value_cents: Mapped[int | None] = mapped_column(comment="yearly value of the clients who have it")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("groups >= 1", name="groups_positive"),)


class EstimateDue(Base):
    """An issue whose estimate is older than what is known of it."""

    __tablename__ = "estimate_due"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    mark: Mapped[int] = mapped_column(comment="changes with each change, so that none is lost while fitting")


class SharedPrior(Base):
    """What the issues teach each other, learned each night; the newest counts."""

    __tablename__ = "shared_prior"
    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, object]] = mapped_column(Json)
    issues: Mapped[int] = mapped_column(comment="how many issues it was learned from")
    learned_at: Mapped[datetime]


class IssueEstimate(Base):
    """How many of all clients have one issue, the silent ones included; every interval is one of 90 %."""

    __tablename__ = "issue_estimate"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    clients: Mapped[int] = mapped_column(comment="groups it applies to")
    unheard: Mapped[int] = mapped_column(comment="of these, groups we do not know, as the wall has it")
    count_mean: Mapped[float] = mapped_column(comment="groups that have it, heard or not")
    count_low: Mapped[float]
    count_high: Mapped[float]
    likely_mean: Mapped[float] = mapped_column(comment="those that have it among the unheard")
    likely_low: Mapped[float]
    likely_high: Mapped[float]
    value_mean_cents: Mapped[int]
    value_low_cents: Mapped[int]
    value_high_cents: Mapped[int]
    flag: Mapped[str] = mapped_column(String(12), comment="ok, wide, insufficient")
    is_borrowed: Mapped[bool] = mapped_column(comment="rests mostly on other issues")
    has_skill: Mapped[bool] = mapped_column(comment="whether single clients' chances may be shown")
    top_share: Mapped[float | None] = mapped_column(comment="the chance to be among the five widest")
    ask_more: Mapped[int | None] = mapped_column(comment="how many answers would settle the threshold")
    next_asks: Mapped[list[int]] = mapped_column(Json, comment="groups to ask next, in order")
    witnesses: Mapped[list[dict[str, object]]] = mapped_column(Json)
    groups: Mapped[bytes] = mapped_column(LargeBinary, comment="their ids: 8 bytes each, little-endian")
    shares: Mapped[bytes] = mapped_column(
        LargeBinary, comment="each one's chance to have it: 2 bytes of 65535"
    )
    speaks: Mapped[bytes] = mapped_column(LargeBinary, comment="to mention it within 8 weeks: the same")
    draws: Mapped[bytes] = mapped_column(LargeBinary, comment="draws of the count: 4-byte floats")
    fitted_at: Mapped[datetime]


class Forecast(Base):
    """Which clients will newly report an issue within 8 weeks: frozen on a month's first day, scored later."""

    __tablename__ = "forecast"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    month_on: Mapped[date] = mapped_column(Date, primary_key=True)
    groups: Mapped[bytes] = mapped_column(LargeBinary, comment="those that had not reported it yet")
    shares: Mapped[bytes] = mapped_column(LargeBinary)
    came: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="one byte each, 1: it reported; empty: too early"
    )
    frozen_at: Mapped[datetime]
    scored_at: Mapped[datetime | None]


class SpreadAlert(Base):
    """An issue reached somebody new: a client, a segment, the 3rd, 5th or 10th client; never volume."""

    __tablename__ = "spread_alert"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), comment="client, segment, reached, came_back")
    what: Mapped[str] = mapped_column(comment="the group's id, the segment, the number")
    at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (UniqueConstraint("issue_id", "kind", "what"),)
