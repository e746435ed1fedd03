"""Issues, matches and their history."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

BEHIND = ("changed_unasked", "did_not_know", "promised_otherwise", "did_not_answer", "other")
SET_STATES = ("not_now", "watching", "done")
MATCH_STATES = ("machine", "confirmed", "refused")
PROPOSAL_KINDS = ("merge", "split", "move")
PROPOSAL_STATES = ("open", "accepted", "refused", "gone")
WHYS = ("small_talk", "nothing_near", "few", "one_client", "no_concern", "taken_out")


class Issue(Base):
    """A concrete problem that recurs. Clients never see its id, name or count."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str] = mapped_column(comment="the machine's words until a person names it")
    is_named: Mapped[bool] = mapped_column(default=False, comment="a person named it")
    words: Mapped[list[str]] = mapped_column(Json, comment="the words that mark it against the rest")
    behind: Mapped[str | None] = mapped_column(String(20), comment="why it exists; empty: we do not know yet")
    set_state: Mapped[str | None] = mapped_column(
        String(10), comment="not_now, watching, done; others follow from facts"
    )
    set_at: Mapped[datetime | None] = mapped_column(
        comment="when the state was set; mentions after done make it come back"
    )
    watch_until: Mapped[int | None] = mapped_column(comment="quiet until it reaches this many clients")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    rule_version: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("set_state IN ('not_now', 'watching', 'done')", name="state_known"),
        CheckConstraint(f"behind IN {BEHIND}", name="behind_known"),
    )


class IssueService(Base):
    """A service the issue can touch; an issue without any can touch every client."""

    __tablename__ = "issue_service"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class Match(AccountOwned, Base):
    """A comment stands in an issue: by machine with reasons, confirmed or refused by a person."""

    __tablename__ = "match"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), comment="machine, confirmed, refused")
    score: Mapped[float | None] = mapped_column(comment="in [0, 1]; empty when a person put it here")
    reasons: Mapped[list[str]] = mapped_column(Json, comment="sentences a lead understands")
    rule_version: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
        CheckConstraint(f"state IN {MATCH_STATES}", name="state_known"),
        Index("ix_match_issue", "issue_id", "state", "account_id"),
    )


class Act(Base):
    """One act of a person on an issue, with what is needed to undo it."""

    __tablename__ = "issue_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    verb: Mapped[str] = mapped_column(
        String(16), comment="name, confirm, refuse, move, merge, split, services, behind, state"
    )
    before: Mapped[dict[str, object]] = mapped_column(Json, comment="what undo puts back")
    after: Mapped[dict[str, object]] = mapped_column(Json)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class GroupRun(Base):
    """One run over all comments of the window: what it saw and what it made of it."""

    __tablename__ = "group_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    rule_version: Mapped[str] = mapped_column(String(40))
    comments: Mapped[int] = mapped_column(comment="how many comments the run saw")
    stored: Mapped[int | None] = mapped_column(
        comment="how many there were then, in the window or not; empty: as many as it saw"
    )
    founded: Mapped[int]
    not_grouped: Mapped[int]
    at: Mapped[datetime]


class Proposal(Base):
    """A question of the machine to a lead: are these two one, is this one two, do these comments fit better there."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    kind: Mapped[str] = mapped_column(String(5))
    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issue.id"), index=True, comment="would give way, be parted, or lose comments"
    )
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("issue.id"), index=True, comment="would count for both, or gain; empty for a split"
    )
    comments: Mapped[list[list[int]]] = mapped_column(
        Json, comment="[account_id, id] of those that would go; empty for a merge"
    )
    name: Mapped[str | None] = mapped_column(comment="a split: what the new issue could be called")
    similarity: Mapped[float] = mapped_column(comment="in [0, 1]: how alike the two sides are")
    strength: Mapped[float] = mapped_column(
        comment="in [0, 1]: how sure the machine is; the surest comes first"
    )
    reason: Mapped[str] = mapped_column(comment="a sentence a lead understands")
    words: Mapped[list[list[str]]] = mapped_column(Json, comment="what marks each side, to be highlighted")
    sizes: Mapped[list[int]] = mapped_column(
        Json, comment="comments of both sides; a refused one comes back only when both have doubled"
    )
    rule_version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8), default="open")
    made_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="who said yes or no")
    at: Mapped[datetime | None] = mapped_column(comment="when it was answered, or its ground vanished")
    act_id: Mapped[int | None] = mapped_column(
        ForeignKey("issue_act.id"), index=True, comment="what was done when accepted"
    )

    __table_args__ = (
        CheckConstraint(f"kind IN {PROPOSAL_KINDS}", name="kind_known"),
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state_known"),
        CheckConstraint("(other_id IS NULL) = (kind = 'split')", name="two_sides"),
        Index("ix_proposal_state", "state", "strength"),
        Index(
            "ix_proposal_open_once", "kind", "issue_id", "other_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip


class Ungrouped(AccountOwned, Base):
    """Why a read comment stands in no issue, and the issues it is nearest to; it counts only while no match stands."""

    __tablename__ = "ungrouped"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(
        String(12), comment="small_talk, nothing_near, few, one_client, no_concern, taken_out"
    )
    near: Mapped[list[list[float]]] = mapped_column(
        Json, comment="up to three [issue_id, similarity], the nearest first"
    )
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
        CheckConstraint(f"why IN {WHYS}", name="why_known"),
    )


class NoProblem(AccountOwned, Base):
    """A person said that a comment which stands in no issue needs none; no machine puts it into one."""

    __tablename__ = "no_problem"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    together: Mapped[str] = mapped_column(String(26), index=True, comment="the one act in which it was said")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
    )
