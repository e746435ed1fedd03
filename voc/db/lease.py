"""One worker at a time does a thing: a named lease by the database's clock."""

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voc.core.ids import new_id
from voc.db.base import Base, db_millis
from voc.db.upsert import insert_ignoring

LEASE_MS = 60_000


class Lease(Base):
    """Who does a thing now: two workers never found the same issue twice, nor teach the same theme."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    token: Mapped[int | None]
    until_ms: Mapped[int] = mapped_column(default=0, comment="by the database's clock")


def take(session: Session, name: str) -> int | None:
    """A token for `name`, good for a minute; None while another worker holds it."""
    insert_ignoring(session, Lease, [{"name": name, "token": None, "until_ms": 0}])
    token = new_id()
    taken = session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.token.is_(None), Lease.until_ms < db_millis()))
        .values(token=token, until_ms=db_millis() + LEASE_MS)
        .returning(Lease.token)
        .execution_options(synchronize_session=False)
    ).scalar()
    return token if taken else None


def keep(session: Session, name: str, token: int) -> bool:
    """Another minute; False when the lease was lost, and then nothing may be stored under it any more."""
    kept = session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.token == token)
        .values(until_ms=db_millis() + LEASE_MS)
        .returning(Lease.token)
        .execution_options(synchronize_session=False)
    ).scalar()
    return kept is not None


def is_held(session: Session, name: str) -> bool:
    """Whether a worker holds it now."""
    held = select(Lease.name).where(Lease.name == name, Lease.until_ms > db_millis())
    return session.scalar(held) is not None


def give_back(session: Session, name: str, token: int) -> None:
    """Lets the next worker in."""
    session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.token == token)
        .values(token=None, until_ms=0)
        .execution_options(synchronize_session=False)
    )
