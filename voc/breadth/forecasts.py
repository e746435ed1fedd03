"""What was foreseen, and whether it came: frozen before it could be known, scored eight weeks later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.breadth.estimates import pack_keys, pack_shares, read_keys, read_shares
from voc.breadth.models import Forecast
from voc.core import clock
from voc.db.upsert import insert_ignoring
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Issue, Match

FORECAST_WEEKS = 8
_MONTHS = 4  # so many first days of months are looked back at where nothing was frozen (policy)
_HISTORY_WEEKS = 13  # less history before a month's first day foretells nothing (policy)
BANDS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
_ACCOUNTS = select(Account.id, Account.name, Account.public_id)


@dataclass(frozen=True, slots=True)
class Band:
    """All forecasts between two shares: what was said on average, and what came."""

    low: float
    high: float
    pairs: int
    said_share: float
    came: int

    @property
    def place(self) -> int:
        """Which band of `BANDS` it is, 0 for the lowest."""
        return BANDS.index(self.low)

    @property
    def came_share(self) -> float:
        """The share that came."""
        return self.came / self.pairs


@dataclass(frozen=True, slots=True)
class Record:
    """How good the forecasts were; `better_share` is how much nearer than the plain average (Brier), None without one."""

    bands: tuple[Band, ...]
    pairs: int
    came: int
    better_share: float | None
    months: tuple[date, ...]
    waiting: tuple[date, ...]


def wanted_months(session: Session) -> list[date]:
    """The first days of months that have no forecast yet and enough history before them, the oldest first."""
    first, until = session.scalar(select(func.min(Comment.said_at))), window_end(session)
    if first is None:
        return []
    frozen = set(session.scalars(select(Forecast.month_on).distinct()))
    months = [_month_before(until.date(), back) for back in range(_MONTHS)]
    return sorted(
        month
        for month in months
        if month not in frozen and starts_at(month) - timedelta(weeks=_HISTORY_WEEKS) >= first
    )


def _month_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def starts_at(month: date) -> datetime:
    """The moment a month's forecast looks out from."""
    return datetime.combine(month, time(), tzinfo=UTC)


def freeze(
    session: Session, month: date, foreseen: Mapping[int, tuple[Sequence[int], Sequence[float]]]
) -> None:
    """Keeps for each issue the groups that had not said it yet, with their chances; never overwritten."""
    now = clock.now()
    rows = [
        {
            "issue_id": issue, "month_on": month, "groups": pack_keys(groups), "shares": pack_shares(shares),
            "came": None, "frozen_at": now, "scored_at": None,
        }
        for issue, (groups, shares) in foreseen.items()
    ]  # fmt: skip
    insert_ignoring(session, Forecast, rows)


def score_due(session: Session, group_of: Mapping[int, int]) -> int:
    """Scores every forecast whose eight weeks are over; gives the number of issues scored."""
    over = window_end(session).date() - timedelta(weeks=FORECAST_WEEKS)
    rows = list(session.scalars(select(Forecast).where(Forecast.came.is_(None), Forecast.month_on <= over)))
    for row in rows:
        spoke = _spoke(session, row, group_of)
        row.came = bytes(group in spoke for group in read_keys(row.groups))
        row.scored_at = clock.now()
    return len(rows)


def _spoke(session: Session, row: Forecast, group_of: Mapping[int, int]) -> set[int]:
    begins = starts_at(row.month_on)
    accounts = session.scalars(
        select(Match.account_id)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.issue_id == row.issue_id, Match.state != "refused")
        .where(Comment.source == "unasked", Comment.sender_confirmed)
        .where(Comment.said_at >= begins, Comment.said_at < begins + timedelta(weeks=FORECAST_WEEKS))
    )
    return {group_of.get(account, account) for account in accounts}


def record(session: Session) -> Record:
    """What was foreseen against what came, over all forecasts that are scored."""
    rows = session.execute(select(Forecast.month_on, Forecast.shares, Forecast.came)).all()
    scored = [
        (month, share, bool(came))
        for month, shares, outcomes in rows
        if outcomes is not None
        for share, came in zip(read_shares(shares), outcomes, strict=True)
    ]
    waiting = {month for month, _, outcomes in rows if outcomes is None}
    bands = [_band(low, high, scored) for low, high in pairwise(BANDS)]
    return Record(
        tuple(one for one in bands if one is not None),
        len(scored),
        sum(came for _, _, came in scored),
        _better(scored),
        tuple(sorted({month for month, _, _ in scored})),
        tuple(sorted(waiting)),
    )


def _band(low: float, high: float, scored: Sequence[tuple[date, float, bool]]) -> Band | None:
    mine = [(share, came) for _, share, came in scored if low <= share < high or share == high == 1]
    if not mine:
        return None
    return Band(
        low, high, len(mine), sum(share for share, _ in mine) / len(mine), sum(came for _, came in mine)
    )


def _better(scored: Sequence[tuple[date, float, bool]]) -> float | None:
    if not scored:
        return None
    base = sum(came for _, _, came in scored) / len(scored)
    plain = sum((base - came) ** 2 for _, _, came in scored)
    ours = sum((share - came) ** 2 for _, share, came in scored)
    return 1 - ours / plain if plain else None


@dataclass(frozen=True, slots=True)
class Behind:
    """One forecast that is over: of which client and issue, in which month, and whether it came."""

    month: date
    issue: str
    issue_public_id: str
    client: str
    client_public_id: str
    share: float
    came: bool


def behind(session: Session, band: int) -> tuple[Behind, ...]:
    """The forecasts of one band of `BANDS` that are over; those that came first, then the surest."""
    low, high = BANDS[band], BANDS[band + 1]
    clients = {key: (name, public_id) for key, name, public_id in session.execute(_ACCOUNTS)}
    rows = session.execute(
        select(Forecast, Issue.name, Issue.public_id)
        .join(Issue, Issue.id == Forecast.issue_id)
        .where(Forecast.came.is_not(None))
    )
    found = [
        Behind(row.month_on, issue, public_id, *clients[group], share=share, came=bool(came))
        for row, issue, public_id in rows
        for group, share, came in zip(
            read_keys(row.groups), read_shares(row.shares), row.came or b"", strict=True
        )
        if (low <= share < high or share == high == 1) and group in clients
    ]
    return tuple(sorted(found, key=lambda one: (not one.came, -one.share, one.client, one.issue)))
