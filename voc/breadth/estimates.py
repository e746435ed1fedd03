"""Keeps what the estimator says of each issue, and gives it to pages; plain values only."""

import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, load_only

from voc.breadth.models import EstimateDue, IssueEstimate, SharedPrior
from voc.core import clock, ids
from voc.db.session import ring_later
from voc.db.upsert import insert_or_replace
from voc.jobs import ESTIMATE

FULL_SHARE = 65_535  # a share of 1 in two bytes
_SAID = tuple(
    getattr(IssueEstimate, column.name)
    for column in IssueEstimate.__table__.columns
    if column.name not in {"next_asks", "witnesses", "groups", "shares", "speaks", "draws"}
)
_COLUMNS = tuple(column.name for column in IssueEstimate.__table__.columns if column.name != "issue_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One issue's estimate as it is stored; see `IssueEstimate` for each value."""

    issue_id: int
    clients: int
    unheard: int
    count_mean: float
    count_low: float
    count_high: float
    likely_mean: float
    likely_low: float
    likely_high: float
    value_mean_cents: int
    value_low_cents: int
    value_high_cents: int
    flag: str
    is_borrowed: bool
    has_skill: bool
    ask_more: int | None
    next_asks: list[int]
    witnesses: list[dict[str, object]]
    groups: bytes
    shares: bytes
    speaks: bytes
    draws: bytes


@dataclass(frozen=True, slots=True)
class Likely:
    """How many of those we have not heard from likely have it, with the 90 % interval, in whole clients."""

    mean: int
    low: int
    high: int
    unheard: int
    clients: int
    count_mean: float
    count_low: int
    count_high: int
    value_low_cents: int
    value_mean_cents: int
    value_high_cents: int
    flag: str
    is_borrowed: bool
    has_skill: bool
    top_share: float | None
    ask_more: int | None
    fitted_at: datetime

    @property
    def may_be_said(self) -> bool:
        """Whether the figure says anything: "insufficient" is said in words, never as a number."""
        return self.flag != "insufficient"


def due(session: Session, *, limit: int) -> dict[int, int]:
    """Issues whose estimate is out of date, each with the mark that `store` takes back.

    The newest change first: an answer does not wait while a night's work goes through every issue.
    """
    rows = session.execute(
        select(EstimateDue.issue_id, EstimateDue.mark).order_by(EstimateDue.mark.desc()).limit(limit)
    )
    return dict(rows.all())


def is_any_due(session: Session) -> bool:
    """Whether an estimate waits to be made."""
    return session.scalar(select(EstimateDue.issue_id).limit(1)) is not None


def make_due(session: Session, issue_ids: Sequence[int]) -> None:
    """Wants new estimates of these issues, and rings for them once this is stored."""
    rows = [{"issue_id": issue, "mark": ids.new_id()} for issue in issue_ids]
    insert_or_replace(session, EstimateDue, rows, keys=("issue_id",), values=("mark",))
    ring_later(session, ESTIMATE)


def store(session: Session, fitted: Sequence[Fitted], marks: Mapping[int, int]) -> None:
    """Keeps estimates; an issue that changed while it was fitted stays due."""
    now = clock.now()
    rows = [asdict(one) | {"fitted_at": now, "top_share": None} for one in fitted]
    kept = tuple(name for name in _COLUMNS if name != "top_share")
    insert_or_replace(session, IssueEstimate, rows, keys=("issue_id",), values=kept)
    for issue, mark in marks.items():
        session.execute(delete(EstimateDue).where(EstimateDue.issue_id == issue, EstimateDue.mark == mark))


def forget_merged(session: Session, issue_ids: Sequence[int]) -> None:
    """Drops the estimates of issues that were merged into others."""
    session.execute(delete(IssueEstimate).where(IssueEstimate.issue_id.in_(list(issue_ids))))
    session.execute(delete(EstimateDue).where(EstimateDue.issue_id.in_(list(issue_ids))))


def stored_draws(session: Session) -> dict[int, bytes]:
    """Each issue's draws of its count."""
    return dict(session.execute(select(IssueEstimate.issue_id, IssueEstimate.draws)).all())


def keep_top_shares(session: Session, shares: Mapping[int, float | None]) -> None:
    """Keeps each issue's chance to be among the five widest, where it moved."""
    kept = dict(session.execute(select(IssueEstimate.issue_id, IssueEstimate.top_share)).all())
    moved = [
        {"issue_id": issue, "top_share": share}
        for issue, share in shares.items()
        if issue in kept and kept[issue] != share
    ]
    if moved:
        session.execute(update(IssueEstimate), moved)


def newest_prior(session: Session) -> SharedPrior | None:
    """What the issues last taught each other; None before the first night."""
    return session.scalar(select(SharedPrior).order_by(SharedPrior.id.desc()).limit(1))


def keep_prior(session: Session, content: dict[str, object], issues: int) -> None:
    """Keeps what was learned; the older rows stay, so that a figure can be made again."""
    session.add(SharedPrior(id=ids.new_id(), content=content, issues=issues, learned_at=clock.now()))


def likely_of(session: Session, issue_ids: Sequence[int]) -> dict[int, Likely]:
    """The estimate of each of these issues that has one; what it holds of each client is not read."""
    wanted = (
        select(IssueEstimate).options(load_only(*_SAID)).where(IssueEstimate.issue_id.in_(list(issue_ids)))
    )
    return {row.issue_id: _as_likely(row) for row in session.scalars(wanted)}


def _as_likely(row: IssueEstimate) -> Likely:
    return Likely(
        round(row.likely_mean), round(row.likely_low), round(row.likely_high), row.unheard, row.clients,
        row.count_mean, round(row.count_low), round(row.count_high),
        row.value_low_cents, row.value_mean_cents, row.value_high_cents,
        row.flag, row.is_borrowed, row.has_skill, row.top_share, row.ask_more, row.fitted_at,
    )  # fmt: skip


def chances(session: Session, issue_id: int, *, by: datetime | None = None) -> dict[int, float]:
    """Each group's chance to have the issue, in [0, 1]; empty while there is no estimate.

    With `by` also where the estimate is newer than that moment: it may know what came after.
    """
    row = session.get(IssueEstimate, issue_id)
    if row is None or (by is not None and row.fitted_at > by):
        return {}
    return dict(zip(read_keys(row.groups), read_shares(row.shares), strict=True))


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom one issue would ask next, how much is open of it, and whether an answer may turn the decision."""

    issue_id: int
    low: float
    high: float
    decides: bool
    groups: tuple[int, ...]


def all_asks(session: Session) -> tuple[Asking, ...]:
    """Whom each issue would ask next."""
    rows = session.execute(
        select(
            IssueEstimate.issue_id, IssueEstimate.count_low, IssueEstimate.count_high, IssueEstimate.ask_more,
            IssueEstimate.next_asks,
        )
    )  # fmt: skip
    return tuple(
        Asking(issue, low, high, ask_more is not None, tuple(groups))
        for issue, low, high, ask_more, groups in rows
    )


def next_asks(session: Session, issue_id: int) -> tuple[int, ...]:
    """Groups to ask next, the most telling first."""
    row = session.get(IssueEstimate, issue_id)
    return tuple(row.next_asks) if row else ()


def pack_keys(keys: Sequence[int]) -> bytes:
    """Ids as 8 bytes each, little-endian."""
    return _little(array("q", keys)).tobytes()


def read_keys(stored: bytes) -> list[int]:
    """What `pack_keys` made."""
    return _little(array("q", stored)).tolist()


def pack_shares(shares: Sequence[float]) -> bytes:
    """Shares in [0, 1] as 2 bytes each: right to a hundred-thousandth, which no page shows."""
    return _little(array("H", [round(FULL_SHARE * min(max(one, 0.0), 1.0)) for one in shares])).tobytes()


def read_shares(stored: bytes) -> list[float]:
    """What `pack_shares` made."""
    return [one / FULL_SHARE for one in _little(array("H", stored))]


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers
