"""Themes, readings by the machine and labels by people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

_COMMENT = ["comment.account_id", "comment.id"]


class Theme(Base):
    """What a comment can be about; renamed or retired, never deleted."""

    __tablename__ = "theme"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    key: Mapped[str] = mapped_column(unique=True, comment="stable word the readers use")
    name: Mapped[str]
    description: Mapped[str]
    examples: Mapped[list[str]] = mapped_column(Json, comment="sentences that show what is meant")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("theme.id"), comment="the theme that counts for this one since retired_at"
    )
    reads_as: Mapped[str | None] = mapped_column(
        comment="the name the machine learned, where people only gave it another one since"
    )
    taught_by: Mapped[list[list[object]] | None] = mapped_column(
        Json, comment="[comment's public id, start, end]: words of clients that show what is meant"
    )


class ThemeVersion(Base):
    """All themes as they stood after one change, with who made it and what it was."""

    __tablename__ = "theme_version"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(comment="what was changed, as one sentence without its subject")
    themes: Mapped[list[dict[str, object]]] = mapped_column(Json, comment="every theme, retired ones too")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    was_looked_at: Mapped[bool] = mapped_column(comment="false: applied without knowing what it would change")


class ThemeDraft(Base):
    """A change somebody wishes, and what it would do to the newest comments; nothing is changed by it."""

    __tablename__ = "theme_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    wish: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(8), comment="waiting, ready, failed, applied, left")
    mark: Mapped[int] = mapped_column(comment="new with each wish and each version: an older look is dropped")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    looked_version: Mapped[int | None] = mapped_column(comment="the version that the look compares with")
    looked: Mapped[int] = mapped_column(default=0, comment="comments looked at so far")
    of: Mapped[int] = mapped_column(default=0, comment="comments to look at")
    found: Mapped[dict[str, object] | None] = mapped_column(Json, comment="what would change")
    trouble: Mapped[str | None] = mapped_column(comment="why it cannot be done or could not be looked at")
    tries: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime] = mapped_column(
        comment="when it was asked for, or a worker last got on with it"
    )
    version: Mapped[int | None] = mapped_column(comment="the version it became")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed', 'applied', 'left')", name="state_known"),
    )


class ThemeHead(Base):
    """What the machine learned of one theme from people's corrections: plain arrays as bytes."""

    __tablename__ = "theme_head"
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    arrays: Mapped[bytes] = mapped_column(LargeBinary)
    learned_from: Mapped[int] = mapped_column(comment="number of people's corrections")
    precision: Mapped[float | None] = mapped_column(comment="on held-out corrections, in [0, 1]")
    recall: Mapped[float | None] = mapped_column(comment="on held-out corrections, in [0, 1]")
    held_out: Mapped[int] = mapped_column(default=0, comment="number behind the two scores")
    called: Mapped[int] = mapped_column(default=0, comment="held-out comments it gave this theme")
    right: Mapped[int] = mapped_column(default=0, comment="of those, how many are of it")
    were: Mapped[int] = mapped_column(default=0, comment="held-out comments that are of this theme")
    labels: Mapped[int] = mapped_column(default=0, comment="labels on this theme when it learned")
    newest_label: Mapped[int] = mapped_column(default=0, comment="the newest of those labels; 0 for none")
    about: Mapped[str] = mapped_column(
        String(64), default="", comment="fingerprint of the words it began with"
    )
    pipeline: Mapped[str] = mapped_column(String(30), default="", comment="version it can be used with")
    trained_at: Mapped[datetime]


class Reading(AccountOwned, Base):
    """What the machine makes of a comment now; replaced when it is read again."""

    __tablename__ = "reading"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(40), comment="pipeline version and model-set number")
    language: Mapped[str | None] = mapped_column(String(8), comment="ISO 639-1; empty: could not tell")
    read_by_machine: Mapped[bool]
    note: Mapped[str | None] = mapped_column(comment="why something is empty, in words")
    unsure: Mapped[bool] = mapped_column(comment="no theme was sure enough")
    severity: Mapped[int | None] = mapped_column(comment="1 annoys, 2 slows, 4 stops, 8 leaving")
    sentiment: Mapped[float | None] = mapped_column(comment="-1 to 1")
    escalation: Mapped[float | None] = mapped_column(comment="score of a wish for someone senior; a proposal")
    departure: Mapped[float | None] = mapped_column(comment="score of a wish to leave; a proposal")
    signals: Mapped[dict[str, object]] = mapped_column(
        Json, comment="span and reason of severity, escalation, departure"
    )
    masks: Mapped[list[list[object]]] = mapped_column(
        Json, comment="[start, end, kind] in code points of the text"
    )
    read_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),
        Index("ix_reading_comment", "comment_id"),
    )


class FirstReading(AccountOwned, Base):
    """The machine's first answer, kept for ever beside what came later."""

    __tablename__ = "first_reading"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, object]] = mapped_column(Json)
    read_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),)


class ReadingTheme(AccountOwned, Base):
    """A theme the machine sees in a comment, how sure, and the words that made it think so."""

    __tablename__ = "reading_theme"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)
    score: Mapped[float] = mapped_column(comment="calibrated, in [0, 1]")
    starts_at: Mapped[int | None] = mapped_column(comment="span in code points of the text, half-open")
    ends_at: Mapped[int | None]
    reason: Mapped[str]

    __table_args__ = (ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),)


class ThemeMove(AccountOwned, Base):
    """A theme that a comment got or lost when it was last read again: what a correction moved, to look at."""

    __tablename__ = "theme_move"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    rereading_id: Mapped[int] = mapped_column(ForeignKey("rereading.id"), index=True)
    gained: Mapped[bool] = mapped_column(comment="false: it lost the theme")

    __table_args__ = (ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),)


class Label(AccountOwned, Base):
    """A person's word on what a comment is about: it always wins, and the newest one counts."""

    __tablename__ = "label"
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12), comment="theme, severity, escalation, departure")
    value: Mapped[str] = mapped_column(comment="a theme's key, a severity's number")
    holds: Mapped[bool] = mapped_column(comment="false: the person says it is not this")
    machine_said: Mapped[list[str] | None] = mapped_column(
        Json, comment="keys of the themes the machine showed when the person spoke of a theme"
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    together: Mapped[str | None] = mapped_column(
        String(26), index=True, comment="the one act in which it was said of several comments"
    )

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),
        CheckConstraint("kind IN ('theme', 'severity', 'escalation', 'departure')", name="kind_known"),
        Index("ix_label_comment", "account_id", "comment_id"),
    )


class Vector(AccountOwned, Base):
    """Where a comment's meaning lies: 256 half-precision numbers of length one."""

    __tablename__ = "vector"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(40))
    numbers: Mapped[bytes] = mapped_column(LargeBinary, comment="256 little-endian float16")

    __table_args__ = (ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),)


class Alike(Base):
    """Comments that wait for a person and say much the same; made anew as others come to wait."""

    __tablename__ = "alike"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(Json, comment="what marks them against the others that wait")
    name: Mapped[str] = mapped_column(comment="what an issue of them could be called")
    near: Mapped[list[list[float]]] = mapped_column(
        Json, comment="up to three [theme_id, share of those most like them], the largest first"
    )


class AlikeComment(AccountOwned, Base):
    """A comment that waits and was compared with the others that do."""

    __tablename__ = "alike_comment"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    alike_id: Mapped[int | None] = mapped_column(
        ForeignKey("alike.id", ondelete="CASCADE"), index=True, comment="empty: no other is like it"
    )
    at: Mapped[datetime] = mapped_column(comment="when it was compared")

    __table_args__ = (ForeignKeyConstraint(["account_id", "comment_id"], _COMMENT, ondelete="CASCADE"),)


class ModelSet(Base):
    """Each state of what the machine reads themes by: their words and the heads learned of them."""

    __tablename__ = "model_set"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(64))
    pipeline: Mapped[str] = mapped_column(String(30), comment="version it was given for")
    at: Mapped[datetime]


class TeachingLook(Base):
    """Which labels the training worker has seen; one row."""

    __tablename__ = "teaching_look"
    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    labels: Mapped[int]
    newest_label: Mapped[int]
    at: Mapped[datetime]


class Rereading(Base):
    """One look of today's machine at comments that were read before; goes on from `below` after a stop."""

    __tablename__ = "rereading"
    id: Mapped[int] = mapped_column(primary_key=True)
    everything: Mapped[bool] = mapped_column(comment="false: only the window of 26 weeks")
    wanted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    wanted_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stopped: Mapped[bool] = mapped_column(default=False, comment="ended by a person before all was read")
    total: Mapped[int] = mapped_column(default=0, comment="comments to read again, counted when it began")
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0, comment="of those, how many have other themes now")
    below: Mapped[int | None] = mapped_column(comment="comments from this id on are done; newest first")
