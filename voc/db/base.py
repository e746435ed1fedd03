"""The declarative base, the column types both databases share, and the mixins the door looks for."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC moments; a naive one is refused before it reaches the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Stores UTC; SQLite keeps it as text that sorts by time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Gives back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class db_millis(GenericFunction[int]):  # noqa: N801 - used as an SQL function
    """The database's own clock in milliseconds since 1970: leases never trust a worker's clock."""

    type = BigInteger()
    inherit_cache = True


@compiles(db_millis, "sqlite")
def _sqlite_millis(*_: object, **__: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(db_millis, "postgresql")
def _postgres_millis(*_: object, **__: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[type[Any], TypeEngine[Any]]] = {
        int: BigInteger(),
        datetime: UtcDateTime(),
        str: String(),
    }


class AccountOwned:
    """Rows of one client account; the door shows them only to those it is open to."""

    @declared_attr
    def account_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        """First in every key, so that large tables can be distributed by account."""
        return mapped_column(ForeignKey("account.id"), primary_key=True, sort_order=-10)


class AccountItself:
    """The account table: the door shows only the rows whose own id is open to the asker."""

    id: Mapped[int] = mapped_column(primary_key=True)


class SaidBy:
    """Rows that belong to what one contact said; some clients' people see only their own."""

    contact_id: Mapped[int | None] = mapped_column(comment="the contact who said it; empty when not known")


class HiddenFrom:
    """Rows that one of our own people must never see: complaints about that person."""

    hidden_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="not to be seen by, named to or answered by this colleague"
    )
    hidden_name: Mapped[str | None] = mapped_column(
        comment="as typed, when we cannot tell which colleague is meant: only leads see it then"
    )
