"""Updates, whom they told, and whether a client says it is solved."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

KINDS = ("update", "outcome", "thanks", "solved", "correction")
STATUSES = ("looking", "decided", "changing", "done", "not_now")
SAYS = ("yes", "no", "none")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Update(Base):
    """Words written once, for every client with a confirmed link to the issue."""

    __tablename__ = "update"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int | None] = mapped_column(
        ForeignKey("issue.id"), index=True, comment="empty: a word to one client about one thread"
    )
    check_id: Mapped[int | None] = mapped_column(
        ForeignKey("check.id"), comment="the question whose outcome it tells"
    )
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("update.id"))
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(8))
    words: Mapped[str]
    cause: Mapped[str | None] = mapped_column(comment="why it happened; solved needs it")
    action: Mapped[str | None] = mapped_column(comment="what was changed; solved needs it")
    mentions_others: Mapped[bool] = mapped_column(default=False)
    next_word_by: Mapped[datetime | None] = mapped_column(
        comment="when those it tells hear from us again; empty: nothing promised"
    )
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("mail_batch.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(
        comment="when it left the house; empty: waits or was stopped"
    )
    stopped_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind_known"),
        CheckConstraint(_one_of("status", STATUSES), name="status_known"),
    )


class Told(AccountOwned, Base):
    """One person of one client whom an update reaches: in its thread, and by mail where we may write."""

    __tablename__ = "told"
    update_id: Mapped[int] = mapped_column(ForeignKey("update.id"), primary_key=True, index=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int | None] = mapped_column(
        comment="the thread it stands in; empty: asked, said nothing"
    )
    title: Mapped[str | None] = mapped_column(comment="the client's own first words")
    why: Mapped[str] = mapped_column(comment="why this person hears it, in words for our people")
    words: Mapped[str | None] = mapped_column(comment="words for this client alone; empty: the update's")
    delivery_id: Mapped[int | None]
    shown_at: Mapped[datetime | None] = mapped_column(comment="when it began to stand in the thread")
    read_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        Index("ix_told_thread", "account_id", "thread_id"),
    )


class SignOff(AccountOwned, Base):
    """Whether a client says that its issue is solved: yes, no, or no answer, which is never a yes."""

    __tablename__ = "sign_off"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("update.id"))
    contact_id: Mapped[int]
    asked_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    says: Mapped[str | None] = mapped_column(String(4))
    said_at: Mapped[datetime | None]
    comment_id: Mapped[int | None] = mapped_column(comment="the words beside a no")
    satisfaction: Mapped[int | None] = mapped_column(comment="1 (bad) to 5 (good): how we went about it")

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        CheckConstraint(_one_of("says", SAYS), name="says_known"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_known"),
        Index("ix_sign_off_open", "says", "closes_at"),
    )


class TakenOut(AccountOwned, Base):
    """A client said of its point “this is not what I meant”: what stood before, for a lead who looks."""

    __tablename__ = "taken_out"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    thread_id: Mapped[int]
    before: Mapped[list[dict[str, object]]] = mapped_column(Json, comment="the matches that undo puts back")
    at: Mapped[datetime]
    looked_at: Mapped[datetime | None] = mapped_column(comment="when one of us had seen it")
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "thread_id"], ["thread.account_id", "thread.id"]),
        Index("ix_taken_out_open", "looked_at"),
    )


class OthersSaidSo(Base):
    """Whether clients may hear “other clients have told us the same”: one issue, switched by an executive."""

    __tablename__ = "others_said_so"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    is_on: Mapped[bool]
    is_true: Mapped[bool] = mapped_column(default=False, comment="enough other groups, looked at once a day")
    looked_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
