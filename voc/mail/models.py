"""What leaves, what came back, the links inside, and whom we may write to."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountOwned, Base, Json

DELIVERY_STATES = ("held", "waiting", "sending", "sent", "bounced", "stopped", "failed", "refused")
BATCH_STATES = ("waiting", "left", "stopped")
INBOUND_STATES = ("new", "joined", "bounce", "automatic", "held", "unreadable", "left_alone")
RULES = ("no_questions", "no_mail", "bounces")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Switch(Base):
    """Whether mail may leave at all: one row, made by the first who presses."""

    __tablename__ = "mail_switch"
    id: Mapped[int] = mapped_column(primary_key=True, comment="always 1")
    is_on: Mapped[bool] = mapped_column(default=False)
    is_practice: Mapped[bool] = mapped_column(
        default=False, comment="an installation to try things in: its mail is kept here for ever"
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class ReadText(Base):
    """A standard mail that an administrator has read, in the wording it had then."""

    __tablename__ = "mail_read_text"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    wording_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class Batch(Base):
    """One bulk message: shown before it leaves, and stoppable until `leaves_at`."""

    __tablename__ = "mail_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    what: Mapped[str] = mapped_column(comment="what it is, in words for our people")
    thing: Mapped[str] = mapped_column(comment="what it belongs to: noun and public id")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    leaves_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stopped_at: Mapped[datetime | None]
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        CheckConstraint(_one_of("state", BATCH_STATES), name="state_known"),
        Index("ix_mail_batch_leaving", "state", "leaves_at"),
    )


class Link(AccountOwned, Base):
    """A link in a mail: signed in the address, its state here. Looking changes nothing."""

    __tablename__ = "mail_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    purpose: Mapped[str] = mapped_column(String(16), comment="answer, point, solved, stop-asking")
    contact_id: Mapped[int]
    thing: Mapped[str] = mapped_column(comment="what it opens: a public id")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    made_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        Index("ix_mail_link_thing", "purpose", "thing"),
    )


class Delivery(AccountOwned, Base):
    """One mail to one contact. The body is rendered when it is sent, from this row."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("mail_batch.id"), index=True)
    contact_id: Mapped[int]
    template: Mapped[str] = mapped_column(String(32), comment="a folder of templates/email")
    thing: Mapped[str] = mapped_column(index=True, comment="what it belongs to: noun and public id")
    dedupe_key: Mapped[str] = mapped_column(
        String(100), unique=True, comment="the same mail twice is one row"
    )
    filled: Mapped[dict[str, object]] = mapped_column(Json, comment="what the template is filled with")
    link_id: Mapped[int | None] = mapped_column(comment="the link inside, of the same account")
    state: Mapped[str] = mapped_column(String(8), comment="held: its batch has not left yet")
    why: Mapped[str | None] = mapped_column(comment="why it did not leave, in words")
    not_before: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(
        String(160), unique=True, comment="the same at every try; before the first, the public id"
    )
    sent_to: Mapped[str | None] = mapped_column(comment="the address it goes to")
    token: Mapped[int | None] = mapped_column(comment="the claim that holds it; of a sent one: not told yet")
    lease_until_ms: Mapped[int] = mapped_column(BigInteger, default=0, comment="by the database's clock")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "contact_id"], ["contact.account_id", "contact.id"]),
        CheckConstraint(_one_of("state", DELIVERY_STATES), name="state_known"),
        Index("ix_delivery_waiting", "state", "not_before", "id"),
        Index(
            "ix_delivery_token", "token",
            sqlite_where=text("token IS NOT NULL"), postgresql_where=text("token IS NOT NULL"),
        ),
    )  # fmt: skip


class KeptMail(AccountOwned, Base):
    """A sent mail as it would have left, where there is no mail server: the mailbox page shows it."""

    __tablename__ = "kept_mail"
    delivery_id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(160), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["account_id", "delivery_id"], ["delivery.account_id", "delivery.id"]),
    )


class AddressRule(Base):
    """What an address asked of us, or did: outlives every contact and every import."""

    __tablename__ = "address_rule"
    email_key: Mapped[str] = mapped_column(primary_key=True, comment="case-folded e-mail address")
    rule: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="empty: the person themself, or a bounce"
    )

    __table_args__ = (CheckConstraint(_one_of("rule", RULES), name="rule_known"),)


class InboundMail(Base):
    """A mail as it came, kept before anything is made of it; its account is unknown until matched."""

    __tablename__ = "inbound_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    dedupe_key: Mapped[str] = mapped_column(
        String(64), unique=True, comment="Message-ID and body: one Message-ID may stand for two mails"
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sender: Mapped[str | None] = mapped_column(comment="the From address, as it claims")
    subject: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(12), default="new")
    why: Mapped[str | None] = mapped_column(comment="why it stands where it stands, in words")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    delivery_id: Mapped[int | None] = mapped_column(comment="the delivery it replies to, of that account")
    comment_id: Mapped[int | None] = mapped_column(comment="what it became, of that account")
    received_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", INBOUND_STATES), name="state_known"),
        Index("ix_inbound_mail_state", "state", "id"),
    )
