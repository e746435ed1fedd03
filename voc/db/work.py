"""What is still to be done: one row for each comment and stage, claimed by lease, deleted when done.

The database is the queue of record; Redis only rings. A claim commits at once, the work runs outside
any transaction, and `finish` deletes only rows that still carry the claim's token, in the transaction
that stores the results: a worker that lost its lease stores nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Select,
    String,
    and_,
    delete,
    func,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from voc.core.ids import new_id
from voc.db.among import among
from voc.db.base import AccountOwned, Base, db_millis
from voc.db.upsert import Prepared, rows_to_add_once

LEASE_SECONDS = 30
TRIES = 3
_LEASE_MS = LEASE_SECONDS * 1000


class Work(AccountOwned, Base):
    """One comment waiting for one stage."""

    __tablename__ = "work"
    comment_id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), primary_key=True, comment="read, match")
    token: Mapped[int | None] = mapped_column(comment="the claim that holds it; empty while it waits")
    lease_until_ms: Mapped[int] = mapped_column(BigInteger, default=0, comment="by the database's clock")
    tries: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[bool] = mapped_column(default=False, comment="failed three times; a person looks at it")
    error: Mapped[str | None] = mapped_column(comment="the last failure in one line")

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "comment_id"], ["comment.account_id", "comment.id"], ondelete="CASCADE"
        ),
        Index("ix_work_waiting", "stage", "set_aside", "lease_until_ms", "comment_id"),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows one worker holds for 30 s: keys are (account_id, comment_id), oldest first."""

    stage: str
    token: int
    keys: tuple[tuple[int, int], ...]


def put(session: Session, stage: str, keys: Sequence[tuple[int, int]]) -> None:
    """Adds rows for `stage`; a row that already waits is left as it is."""
    in_line(session, stage, keys).run(session)


def in_line(session: Session, stage: str, keys: Sequence[tuple[int, int]]) -> Prepared:
    """As `put`, when it is run."""
    rows = [{"account_id": account, "comment_id": comment, "stage": stage} for account, comment in keys]
    return rows_to_add_once(session, Work, rows)


def claim(session: Session, stage: str, *, limit: int) -> Claim | None:
    """Takes up to `limit` waiting rows, oldest first, or else one whose lease ran out; None when all is done.

    A lease that ran out means that a worker died or failed: such rows are tried alone, so that one bad
    comment never takes others with it, and after three tries they are set aside for a person.
    """
    _set_hopeless_aside(session, stage)
    return _take(session, stage, _waiting(stage).limit(limit)) or _take(
        session, stage, _expired(stage).limit(1)
    )


def _waiting(stage: str) -> Select[int, int]:
    return (
        select(Work.account_id, Work.comment_id)
        .where(Work.stage == stage, ~Work.set_aside, Work.lease_until_ms == 0, Work.tries == 0)
        .order_by(Work.comment_id)
    )


def _expired(stage: str) -> Select[int, int]:
    return (
        select(Work.account_id, Work.comment_id)
        .where(Work.stage == stage, ~Work.set_aside, _ran_out(), Work.tries > 0)
        .order_by(Work.tries, Work.comment_id)
    )


def _ran_out() -> ColumnElement[bool]:
    """A claim's lease is over; a row that nobody took yet has none (0), and a long backlog is not looked through."""
    return Work.lease_until_ms.between(1, db_millis() - 1)


def _take(session: Session, stage: str, wanted: Select[int, int]) -> Claim | None:
    if session.get_bind().dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    token = new_id()
    # A table of its own, so that PostgreSQL locks and limits once: inside IN it may run again for each
    # row, and then takes more than the limit.
    chosen = wanted.cte("chosen")
    taken = session.execute(
        update(Work)
        .where(
            Work.stage == stage,
            Work.account_id == chosen.c.account_id,
            Work.comment_id == chosen.c.comment_id,
        )
        .values(token=token, tries=Work.tries + 1, lease_until_ms=db_millis() + _LEASE_MS)
        .returning(Work.account_id, Work.comment_id)
        .execution_options(synchronize_session=False)
    ).all()
    keys = sorted(((account, comment) for account, comment in taken), key=lambda key: key[1])
    return Claim(stage, token, tuple(keys)) if keys else None


def _set_hopeless_aside(session: Session, stage: str) -> None:
    session.execute(
        update(Work)
        .where(Work.stage == stage, ~Work.set_aside, _ran_out(), Work.tries >= TRIES)
        .values(set_aside=True, token=None)
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, held: Claim, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Deletes the rows of `keys` that `held` still holds and gives them back: only their results may be stored."""
    whole = len(keys) == len(held.keys) and set(keys) == set(held.keys)  # the token alone says which
    these = true() if whole else among(session, (Work.account_id, Work.comment_id), keys)
    done = session.execute(
        delete(Work)
        .where(_is_held_by(held), these)
        .returning(Work.account_id, Work.comment_id)
        .execution_options(synchronize_session=False)
    )
    return {(account, comment) for account, comment in done}


def first_waiting(session: Session, stage: str, *, limit: int) -> list[tuple[int, int]]:
    """The keys of up to `limit` rows that wait and that nobody holds, oldest first; they stay in line."""
    return [(account, comment) for account, comment in session.execute(_waiting(stage).limit(limit))]


def _is_held_by(held: Claim) -> ColumnElement[bool]:
    """The rows of a claim: none of those that wait (0), or each claim would look through the whole line."""
    return and_(Work.stage == held.stage, ~Work.set_aside, Work.lease_until_ms > 0, Work.token == held.token)


def drop(session: Session, stage: str, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Takes those of `keys` that wait, and that nobody holds, out of the line and gives them back.

    Two that drop the same rows at once get each of them once: only what is given back may be stored.
    """
    gone = session.execute(
        delete(Work)
        .where(
            Work.stage == stage, ~Work.set_aside, Work.lease_until_ms == 0,
            among(session, (Work.account_id, Work.comment_id), keys),
        )
        .returning(Work.account_id, Work.comment_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return {(account, comment) for account, comment in gone}


def extend(session: Session, held: Claim) -> None:
    """Gives the claim another 30 s: the worker is alive."""
    session.execute(
        update(Work)
        .where(_is_held_by(held))
        .values(lease_until_ms=db_millis() + _LEASE_MS)
        .execution_options(synchronize_session=False)
    )


def give_back(session: Session, held: Claim, error: str) -> None:
    """Ends the claim after a failure: its rows are tried again one by one, `error` is kept for people."""
    session.execute(
        update(Work)
        .where(_is_held_by(held))
        .values(lease_until_ms=1, error=error[:500])
        .execution_options(synchronize_session=False)
    )


def try_again(session: Session, stage: str, keys: Sequence[tuple[int, int]] | None = None) -> int:
    """Puts every row that was set aside, or only those of `keys`, back in line; gives their number."""
    these = true() if keys is None else among(session, (Work.account_id, Work.comment_id), keys)
    done = session.execute(
        update(Work)
        .where(Work.stage == stage, Work.set_aside, these)
        .values(set_aside=False, tries=0, lease_until_ms=0, token=None)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, typed as Result


def waiting(session: Session) -> dict[str, int]:
    """How many rows wait or are being done, by stage; what was set aside is not among them."""
    rows = session.execute(select(Work.stage, func.count()).where(~Work.set_aside).group_by(Work.stage))
    return dict(rows.all())


def number_waiting(session: Session, stage: str, *, most: int) -> int:
    """How many rows wait for `stage` or are being done; `most` where there are more, which are not counted."""
    # In the order of the index: else PostgreSQL may look through a million rows of another stage.
    ranked = select(Work.comment_id).order_by(Work.lease_until_ms, Work.comment_id)
    some = ranked.where(Work.stage == stage, ~Work.set_aside).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
