"""Client accounts and everything we know about them before they say a word."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import AccountItself, AccountOwned, Base


class Account(AccountItself, Base):
    """A client company, or one site of it. A group is an account without a parent; groups are counted."""

    __tablename__ = "account"
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("account.id"), index=True, comment="the group it is counted in; its own id for a group"
    )
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True, comment="case-folded name, to match imports")
    import_id: Mapped[str | None] = mapped_column(unique=True, comment="the provider's own number for it")
    segment: Mapped[str | None]
    yearly_value_cents: Mapped[int | None] = mapped_column(comment="in the installation's currency")
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True, comment="our named person"
    )
    is_listed: Mapped[bool] = mapped_column(default=True, comment="false: seen only in a comment")
    joined_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date, comment="first day it was no client any more")
    form_token_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="its public form's link"
    )
    first_said_at: Mapped[datetime | None] = mapped_column(
        comment="when it, or for a group one of its sites, first told us something; empty: never"
    )
    last_said_at: Mapped[datetime | None] = mapped_column(comment="the same, last; kept to the minute")
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("yearly_value_cents >= 0", name="value_not_negative"),)


class Contact(AccountOwned, Base):
    """A person at a client; may have no user, and may stand in two accounts."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str]
    role: Mapped[str | None] = mapped_column(comment="what the person does there, in the client's words")
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(comment="case-folded e-mail address")
    phone: Mapped[str | None]
    may_be_asked: Mapped[bool] = mapped_column(default=True, comment="false: asked us not to ask again")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("account_id", "email_key"),
        Index("ix_contact_email_key", "email_key"),
    )


class Service(Base):
    """Something the provider sells."""

    __tablename__ = "service"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)


class AccountService(AccountOwned, Base):
    """A service one account buys, from a day, until a day."""

    __tablename__ = "account_service"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    ends_on: Mapped[date | None] = mapped_column(Date, comment="first day without it; empty: still bought")

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),)


class UsageReading(AccountOwned, Base):
    """How much of a service an account used in one week."""

    __tablename__ = "usage_reading"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(Date, primary_key=True, comment="the week's Monday")
    amount: Mapped[float] = mapped_column(comment="in the service's own unit")


class Deputy(AccountOwned, Base):
    """One of our people who stands in for the account's owner."""

    __tablename__ = "deputy"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
