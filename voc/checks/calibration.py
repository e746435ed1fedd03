"""What was foreseen of each client before a question left, against what the client answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.checks.models import Answer, Ask, Check

_YES = frozenset({"problem", "manages"})
_OVER = ("closed", "stopped")
_BANDS = 10


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One client of one question: its chance before the question left, and whether it said yes."""

    share: float
    said_yes: bool


@dataclass(frozen=True, slots=True)
class Band:
    """All clients given a chance between `low` and `high`."""

    low: float
    high: float
    clients: int
    foreseen_share: float
    yes: int

    @property
    def yes_share(self) -> float:
        """The share that said yes."""
        return self.yes / self.clients


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over all finished questions; `example` is the band with the most clients, None while there is none."""

    bands: tuple[Band, ...]
    questions: int
    clients: int

    @property
    def example(self) -> Band | None:
        """The band that says most; of two as large the surer one."""
        return max(self.bands, key=lambda band: (band.clients, band.low), default=None)


def calibration(session: Session) -> Calibration:
    """Predicted against answered, over every question that is over; each client counts once a question."""
    found = _foreseen(session)
    pairs = [one for clients in found.values() for one in clients]
    return Calibration(bands_of(pairs), len(found), len(pairs))


def foreseen_of(session: Session, check_id: int) -> str | None:
    """How many yes were foreseen of one finished question, in a sentence; None where nothing was foreseen."""
    pairs = _foreseen(session, check_id).get(check_id, [])
    if not pairs:
        return None
    expected, yes = round(sum(one.share for one in pairs)), sum(one.said_yes for one in pairs)
    return f"Before it left we foresaw {expected} yes of the {len(pairs)} who said yes or no. {yes} said yes."


def bands_of(pairs: Sequence[Foreseen]) -> tuple[Band, ...]:
    """The pairs in ten bands of ten points each, the empty ones left out; a chance of 1 is in the last."""
    filled: dict[int, list[Foreseen]] = {}
    for one in pairs:
        filled.setdefault(min(int(one.share * _BANDS), _BANDS - 1), []).append(one)
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
            said.setdefault((check, group), set()).add(Foreseen(share, says in _YES))
    found: dict[int, list[Foreseen]] = {}
    for (check, _), answers in said.items():
        if len({one.said_yes for one in answers}) == 1:
            found.setdefault(check, []).append(next(iter(answers)))
    return found
