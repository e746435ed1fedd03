"""How loud each client is: against its own rhythm, its size and its kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Group, open_book
from voc.accounts.models import Account
from voc.analysis.raised import wants_senior
from voc.core.policy import DEFAULT
from voc.intake.models import Comment
from voc.intake.queries import window_end

_LATE_WEEKS = 4
_MONTH_WEEKS = 52 / 12
_MILLION_CENTS = 1e8
_QUIET = 2  # a client that says no more than this in half a year is a quiet one (policy)


@dataclass(frozen=True, slots=True)
class Loudness:
    """What one client says; rates are comments a month, None where there is nothing to compare with."""

    public_id: str
    name: str
    segment: str | None
    value_cents: int | None
    comments: int
    escalations: int
    late_rate: float
    own_rate: float
    kind_rate: float | None
    per_million: float | None
    usual_per_million: float | None  # of the client in the middle

    @property
    def against_own(self) -> str:
        """Whether it is louder or quieter than it used to be, in words."""
        return _compared(self.late_rate, self.own_rate, "than before")

    @property
    def against_kind(self) -> str:
        """Whether it says more or less than others of its kind, in words."""
        if self.kind_rate is None:
            return "we do not know"
        return _compared(self.own_rate, self.kind_rate, "than others of its kind")

    @property
    def against_size(self) -> str:
        """Whether it says more or less than others for what it brings a year, in words."""
        if self.per_million is None or self.usual_per_million is None:
            return "we do not know"
        if self.per_million == self.usual_per_million:
            return "about the same"
        if self.per_million >= 2 * self.usual_per_million and self.comments > _QUIET:
            return "louder for its size"
        return "quieter for its size" if self.per_million <= self.usual_per_million / 2 else "about the same"


def _compared(rate: float, usual: float, than: str) -> str:
    if rate >= 2 * usual and rate - usual >= 1:
        return f"louder {than}"
    if usual >= 1 and rate <= usual / 2:
        return f"quieter {than}"
    return "about the same"


def loudness(session: Session) -> tuple[Loudness, ...]:
    """Every client on the list, the one who says most first; those who say nothing too."""
    until = window_end(session)
    said = _said(session, until)
    book = open_book(session, until.date())
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for account, (number, late, escalations) in said.items():
        if account in book.group_of:
            sums = counted[book.group_of[account]]
            for place, value in enumerate((number, late, escalations)):
                sums[place] += value
    kinds = _kind_rates(list(book.groups.values()), counted)
    groups = list(book.groups.values())
    rates = [_per_million(group, counted) for group in groups]
    usual = median([rate for rate in rates if rate is not None] or [0.0])
    rows = [_row(group, counted.get(group.id, [0, 0, 0]), kinds, usual) for group in groups]
    return tuple(sorted(rows, key=lambda row: (-row.comments, row.name)))


def quiet_groups(session: Session, groups: Sequence[int]) -> frozenset[int]:
    """Those of these clients that say next to nothing in half a year."""
    until = window_end(session)
    since = until - timedelta(weeks=DEFAULT.window_weeks)
    rows = session.execute(
        select(Account.group_id, func.count())
        .join(Comment, Comment.account_id == Account.id)
        .where(Account.group_id.in_(list(groups)), Comment.source == "unasked", Comment.sender_confirmed)
        .where(Comment.said_at >= since, Comment.said_at <= until)
        .group_by(Account.group_id)
    )
    return frozenset(group for group, number in rows if number <= _QUIET)


def _said(session: Session, until: datetime) -> dict[int, tuple[int, int, int]]:
    since, late = until - timedelta(weeks=DEFAULT.window_weeks), until - timedelta(weeks=_LATE_WEEKS)
    rows = session.execute(
        select(
            Comment.account_id,
            func.count(),
            func.count().filter(Comment.said_at >= late),
            func.count().filter(wants_senior()),
        )
        .where(Comment.source == "unasked", Comment.sender_confirmed)
        .where(Comment.said_at >= since, Comment.said_at <= until)
        .group_by(Comment.account_id)
    )
    return {account: (number, recent, senior) for account, number, recent, senior in rows}


def _kind_rates(groups: Sequence[Group], counted: Mapping[int, Sequence[int]]) -> dict[str | None, float]:
    rates: dict[str | None, list[float]] = defaultdict(list)
    for group in groups:
        if group.segment is not None:  # of a client whose kind we do not know, we do not know its kind's rate
            rates[group.segment].append(_a_month(counted[group.id][0] if group.id in counted else 0))
    return {segment: median(found) for segment, found in rates.items() if len(found) > 1}


def _a_month(comments: int, weeks: float = DEFAULT.window_weeks) -> float:
    return comments / weeks * _MONTH_WEEKS


def _per_million(group: Group, counted: Mapping[int, Sequence[int]]) -> float | None:
    """Comments in the window for each million of yearly value."""
    number = counted[group.id][0] if group.id in counted else 0
    return number / (group.value_cents / _MILLION_CENTS) if group.value_cents else None


def _row(group: Group, sums: Sequence[int], kinds: Mapping[str | None, float], usual: float) -> Loudness:
    number, late, escalations = sums
    before = DEFAULT.window_weeks - _LATE_WEEKS
    value = group.value_cents
    return Loudness(
        group.public_id, group.name, group.segment, value, number, escalations,
        late_rate=_a_month(late, _LATE_WEEKS), own_rate=_a_month(number - late, before),
        kind_rate=kinds.get(group.segment),
        per_million=_per_million(group, {group.id: sums}),
        usual_per_million=usual,
    )  # fmt: skip
