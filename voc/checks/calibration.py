"""What was foreseen of each client before a question left, against what the client answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.checks.models import Answer, Ask, Check
from voc.checks.sentences import question
from voc.core import clock
from voc.issues.queries import merged_into
from voc.issues.rules import root_of

_YES = frozenset({"problem", "manages"})
_OVER = ("closed", "stopped")
_BANDS = 10
_INSIDE = 0.5 / _BANDS  # from a band's lower edge to its middle


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One client of one question: its chance before the question left, and whether it said yes."""

    share: float
    said_yes: bool
    check_id: int = 0
    group_id: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """All clients given a chance between `low` and `high`."""

    low: float
    high: float
    clients: int
    foreseen_share: float
    yes: int

    @property
    def place(self) -> int:
        """Which band it is, 0 for the lowest."""
        return _place(self.low + _INSIDE)

    @property
    def yes_share(self) -> float:
        """The share that said yes."""
        return self.yes / self.clients


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over all finished questions; `example` is the band with the most clients, None while there is none.

    `afterwards` questions left before this installation could foretell them.
    """

    bands: tuple[Band, ...]
    questions: int
    clients: int
    afterwards: int = 0

    @property
    def example(self) -> Band | None:
        """The band that says most; of two as large the surer one."""
        return max(self.bands, key=lambda band: (band.clients, band.low), default=None)


def calibration(session: Session) -> Calibration:
    """Predicted against answered, over every question that is over; each client counts once a question."""
    found = _foreseen(session)
    pairs = [one for clients in found.values() for one in clients]
    later = set(session.scalars(select(Check.id).where(Check.foretold_at.is_not(None))))
    return Calibration(bands_of(pairs), len(found), len(pairs), len(later & set(found)))


def foreseen_of(session: Session, check_id: int) -> str | None:
    """How many yes were foreseen of one finished question, in a sentence; None where nothing was foreseen."""
    pairs = _foreseen(session, check_id).get(check_id, [])
    if not pairs:
        return None
    expected, yes = round(sum(one.share for one in pairs)), sum(one.said_yes for one in pairs)
    who = f"{expected} yes of the {len(pairs)} who said yes or no. {yes} said yes."
    if session.scalar(select(Check.foretold_at).where(Check.id == check_id)) is None:
        return f"Before it left we foresaw {who}"
    return f"Reckoned afterwards from what clients had said by the day it left, we would have foreseen {who}"


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """A finished question that left before anything could be foreseen of it."""

    check_id: int
    issue_id: int  # the one that counts today
    left_at: datetime


def unforeseen(session: Session) -> tuple[Unforeseen, ...]:
    """Finished questions of which no chance was kept as they left, and that nobody has looked at since."""
    kept = select(Ask.id).where(Ask.check_id == Check.id, Ask.predicted_share.is_not(None)).exists()
    rows = session.execute(
        select(Check.id, Check.issue_id, func.coalesce(Check.opened_at, Check.made_at))
        .where(Check.state.in_(_OVER), Check.foretold_at.is_(None), ~kept)
        .order_by(Check.id)
    ).all()
    merged = merged_into(session) if rows else {}
    return tuple(Unforeseen(check, root_of(issue, merged), left_at) for check, issue, left_at in rows)


def foretell(session: Session, check_id: int, shares: Mapping[int, float]) -> None:
    """Keeps what would have been foreseen of each group, and that it was reckoned afterwards.

    A chance that is kept already is never changed. With no shares the question is only marked as looked at.
    """
    session.get_one(Check, check_id).foretold_at = clock.now()
    asks = select(Ask).where(Ask.check_id == check_id, Ask.predicted_share.is_(None))
    for ask in session.scalars(asks).all():
        ask.predicted_share = shares.get(ask.group_id)


def bands_of(pairs: Sequence[Foreseen]) -> tuple[Band, ...]:
    """The pairs in ten bands of ten points each, the empty ones left out; a chance of 1 is in the last."""
    filled: dict[int, list[Foreseen]] = {}
    for one in pairs:
        filled.setdefault(_place(one.share), []).append(one)
    return tuple(_band(place, mine) for place, mine in sorted(filled.items()))


def _band(place: int, mine: Sequence[Foreseen]) -> Band:
    return Band(
        place / _BANDS,
        (place + 1) / _BANDS,
        len(mine),
        sum(one.share for one in mine) / len(mine),
        sum(one.said_yes for one in mine),
    )


def _foreseen(session: Session, check_id: int | None = None) -> dict[int, list[Foreseen]]:
    """By question; a client whose people differ, or of whom nothing was foreseen, is left out."""
    wanted = (
        select(Ask.check_id, Ask.group_id, Ask.predicted_share, Answer.says)
        .join(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .join(Check, Check.id == Ask.check_id)
        .where(Check.state.in_(_OVER), Answer.says.in_(("no", *_YES)))
    )
    if check_id is not None:
        wanted = wanted.where(Ask.check_id == check_id)
    said: dict[tuple[int, int], set[Foreseen]] = {}
    for check, group, share, says in session.execute(wanted):
        if share is not None:
            said.setdefault((check, group), set()).add(Foreseen(share, says in _YES, check, group))
    found: dict[int, list[Foreseen]] = {}
    for (check, _), answers in said.items():
        if len({one.said_yes for one in answers}) == 1:
            found.setdefault(check, []).append(next(iter(answers)))
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """One client behind a band: what was asked, the chance we gave, and what it said."""

    client: str
    client_public_id: str
    question: str
    check_public_id: str
    share: float
    said_yes: bool
    afterwards: bool


def behind(session: Session, band: int, *, zone: str = "UTC") -> tuple[Behind, ...]:
    """The clients of one band, 0 for the lowest ten points; the surest first."""
    pairs = [one for clients in _foreseen(session).values() for one in clients if _place(one.share) == band]
    checks = {
        one.id: one for one in session.scalars(select(Check).where(Check.id.in_({p.check_id for p in pairs})))
    }
    wanted = select(Account.id, Account.name, Account.public_id)
    groups = {key: (name, public_id) for key, name, public_id in session.execute(wanted)}
    today = clock.today(zone)
    rows = [
        Behind(
            *groups[one.group_id],
            question=question(checks[one.check_id].what, checks[one.check_id].since_on, today),
            check_public_id=checks[one.check_id].public_id,
            share=one.share,
            said_yes=one.said_yes,
            afterwards=checks[one.check_id].foretold_at is not None,
        )
        for one in pairs
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share, row.client)))


def _place(share: float) -> int:
    return min(int(share * _BANDS), _BANDS - 1)
