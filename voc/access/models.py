"""Users and what opens doors for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from voc.core.principal import Role
from voc.db.base import Base, Json

_ROLES = ", ".join(f"'{role}'" for role in Role)


class User(Base):
    """A person who may sign in, or one of our people who is named to clients."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True, comment="case-folded e-mail address")
    password_hash: Mapped[str | None] = mapped_column(comment="argon2id; empty when only links open the door")
    phone: Mapped[str | None] = mapped_column(comment="shown to the clients this person looks after")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Membership(Base):
    """What a user is: a role of the provider, or a role for one client account."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"),
        index=True,
        comment="the client's account; for an agent, one that is assigned",
    )

    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
        CheckConstraint("role NOT LIKE 'client_%' OR account_id IS NOT NULL", name="client_has_account"),
        UniqueConstraint("user_id", "role", "account_id"),
        Index(
            "uq_membership_provider_role", "user_id", "role", unique=True,
            sqlite_where=text("account_id IS NULL"), postgresql_where=text("account_id IS NULL"),
        ),
    )  # fmt: skip


class UserSession(Base):
    """One signed-in browser."""

    __tablename__ = "user_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the cookie")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class SigninLink(Base):
    """A link that signs one user in, once."""

    __tablename__ = "signin_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """A key for programs: shown once, stored as a hash."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(8), comment="ingest, read, write")
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), comment="only this account; empty: all"
    )
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("scope IN ('ingest', 'read', 'write')", name="scope_known"),)


class Attempt(Base):
    """How often something that is limited was tried in one window; lives in the database, not only in Redis."""

    __tablename__ = "attempt"
    key: Mapped[str] = mapped_column(primary_key=True, comment="what is limited, for whom")
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Audit(Base):
    """One act that matters, written in the act's own transaction; never changed."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(comment="who; empty for the system")
    kind: Mapped[str] = mapped_column(String(12), comment="user, token, link, system, anonymous")
    act: Mapped[str] = mapped_column(String(64))
    thing: Mapped[str] = mapped_column(comment="what it was done to: noun and public id")
    detail: Mapped[dict[str, object]] = mapped_column(Json)
    came_from: Mapped[str | None] = mapped_column(comment="address the request came from")
