"""What one issue's estimate is made from: one array place for each client, checked."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NotRequired, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from voc.core.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SEGMENTS = 1_000  # more kinds of client than this is a mistake in the caller (policy)


class Answer(IntEnum):
    """What a client said when asked whether it has the issue."""

    NOT_ASKED = -2
    NO_RESPONSE = -1
    NO = 0
    YES = 1
    NOT_SURE = 2


class Opinion(IntEnum):
    """What somebody who is not the client says of it; a settled one is taken as true."""

    NO = -1
    NONE = 0
    YES = 1


@dataclass(frozen=True, slots=True)
class Audit:
    """How many tagged mentions people found right and wrong; fractions come from weighing by mentions.

    `kept` is how many of the wrong ones still stand among the mentions: none where a refusal takes them away.
    """

    right: float = 0.0
    wrong: float = 0.0
    kept: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """One issue, N clients to whom it applies; every array has shape (N,).

    Args:
        weeks_mentioned: distinct weeks with an unasked mention, in the window.
        mentions: unasked mentions, in the window.
        others: comments on everything else, in the window.
        segments: index of the client's kind, from 0.
        answers: `Answer`.
        staff: `Opinion` of our people.
        owners: `Opinion` of the account's owner, a weaker witness.
        settled: `Opinion` that a person settled or confirmed.
        values: yearly value, in any one currency; 0 where it is not known.
        window_weeks: how long the window is.
        audit: tags looked at by people.
    """

    weeks_mentioned: Ints
    mentions: Ints
    others: Ints
    segments: Ints
    answers: Ints
    staff: Ints
    owners: Ints
    settled: Ints
    values: Floats
    window_weeks: float
    audit: Audit

    @property
    def clients(self) -> int:
        """N."""
        return len(self.answers)

    @property
    def heard(self) -> Bools:
        """Clients of whom something is known: they told us, said yes or no, were seen, or were settled."""
        answered = (self.answers == Answer.YES) | (self.answers == Answer.NO)
        seen = (self.staff != 0) | (self.settled != 0)
        return np.asarray((self.weeks_mentioned > 0) | answered | seen)


class Given(TypedDict):
    """What `checked_facts` takes: one issue of N clients; what is left out is "nothing known".

    Every array has shape (N,), one place for each client in the same order. Counts are of the window and
    of the time before the client was asked.

    Args:
        weeks_mentioned: distinct weeks with an unasked mention of the issue.
        mentions: unasked mentions; at least `weeks_mentioned`, and 0 exactly where that is 0.
        others: comments on everything else.
        segments: index of the client's kind, from 0.
        answers: `Answer` (-2 not asked, -1 no response, 0 no, 1 yes, 2 not sure).
        staff: `Opinion` of our people (-1 has it not, 0 says nothing, 1 has it).
        owners: `Opinion` of the account's owner, a weaker witness.
        settled: `Opinion` that a person settled, or of a mention that a person confirmed: taken as true.
        values: yearly value, any one currency.
        window_weeks: length of the window in weeks; 26 where left out.
        audit: tags looked at by people (`weigh_audit`).
    """

    weeks_mentioned: ArrayLike
    mentions: ArrayLike
    others: ArrayLike
    segments: NotRequired[ArrayLike | None]
    answers: NotRequired[ArrayLike | None]
    staff: NotRequired[ArrayLike | None]
    owners: NotRequired[ArrayLike | None]
    settled: NotRequired[ArrayLike | None]
    values: NotRequired[ArrayLike | None]
    window_weeks: NotRequired[float]
    audit: NotRequired[Audit | None]


def checked_facts(**given: Unpack[Given]) -> Facts:
    """The facts, or Invalid naming what cannot be used."""
    weeks = _whole("weeks_mentioned", given["weeks_mentioned"], None, least=0)
    count = len(weeks)
    told = _whole("mentions", given["mentions"], count, least=0)
    if ((told == 0) != (weeks == 0)).any() or (told < weeks).any():
        raise _invalid("mentions", "must be at least weeks_mentioned, and 0 exactly where that is 0")
    answers = _whole("answers", given.get("answers"), count, least=-2, most=2, default=Answer.NOT_ASKED)
    return Facts(
        weeks_mentioned=weeks,
        mentions=told,
        others=_whole("others", given["others"], count, least=0),
        segments=_whole("segments", given.get("segments"), count, least=0, most=_SEGMENTS),
        answers=answers,
        staff=_whole("staff", given.get("staff"), count, least=-1, most=1),
        owners=_whole("owners", given.get("owners"), count, least=-1, most=1),
        settled=_whole("settled", given.get("settled"), count, least=-1, most=1),
        values=_numbers("values", given.get("values"), count),
        window_weeks=_positive("window_weeks", given.get("window_weeks", 26.0)),
        audit=_audit(given.get("audit") or Audit()),
    )


def weigh_audit(right: ArrayLike, mentions: ArrayLike) -> Audit:
    """The audit from one outcome for each client, each weighted by that client's mentions.

    Args:
        right: (A,) whether the looked-at mention of the client was rightly tagged.
        mentions: (A,) how many mentions that client has.

    The weighted share is kept with the effective number (sum m)^2 / sum m^2, so that one client with
    forty mentions teaches no more than it can.
    """
    weights = _numbers("mentions", mentions, None)
    outcomes = np.asarray(right, dtype=bool)
    if outcomes.shape != weights.shape:
        raise _invalid("right", f"has {outcomes.size} places where mentions has {weights.size}")
    total = weights.sum()
    if total <= 0:
        return Audit()
    effective = total**2 / (weights**2).sum()
    share = float((weights * outcomes).sum() / total)
    return Audit(right=float(effective * share), wrong=float(effective * (1 - share)))


def _whole(
    name: str,
    given: ArrayLike | None,
    count: int | None,
    *,
    least: int,
    most: int | None = None,
    default: int = 0,
) -> Ints:
    if given is None:
        return np.full(count or 0, default, dtype=np.int64)
    whole = _integers(name, given, count)
    if len(whole) and (whole.min() < least or (most is not None and whole.max() > most)):
        raise _invalid(name, f"holds a number outside {least} to {'any' if most is None else most}")
    return whole


def _integers(name: str, given: ArrayLike, count: int | None) -> Ints:
    if (
        isinstance(given, np.ndarray)
        and given.dtype.kind in "iu"
        and given.ndim == 1
        and count in {None, len(given)}
    ):
        return given.astype(np.int64)  # nothing to look at: integers are finite and whole
    found = _row(name, given, count)
    whole = np.rint(found)
    if (whole != found).any():
        raise _invalid(name, "holds a fraction; whole numbers only")
    return whole.astype(np.int64)


def _numbers(name: str, given: ArrayLike | None, count: int | None) -> Floats:
    if given is None:
        return np.zeros(count or 0)
    found = _row(name, given, count)
    if (found < 0).any():
        raise _invalid(name, "holds a negative number")
    return found


def _row(name: str, given: ArrayLike, count: int | None) -> Floats:
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise _invalid(name, "holds something that is not a number") from wrong
    if found.ndim != 1:
        raise _invalid(name, f"has {found.ndim} dimensions; one place for each client is wanted")
    if count is not None and len(found) != count:
        raise _invalid(name, f"has {len(found)} places where weeks_mentioned has {count}")
    if not np.isfinite(found).all():
        raise _invalid(name, "holds a value that is not a finite number")
    return found


def _positive(name: str, given: float) -> float:
    if not np.isfinite(given) or given <= 0:
        raise _invalid(name, f"is {given}; it must be more than 0")
    return float(given)


def _audit(audit: Audit) -> Audit:
    parts = (audit.right, audit.wrong, audit.kept)
    if not (np.isfinite(parts).all() and min(parts) >= 0):
        raise _invalid("audit", f"is {audit.right} right and {audit.wrong} wrong; neither may be negative")
    return audit


def _invalid(name: str, what: str) -> Invalid:
    return Invalid(f"The estimate cannot use {name}: it {what}.", fields={name: what})
