"""Says an issue's figures in sentences that a lead can read aloud."""

from dataclasses import dataclass
from datetime import date, timedelta

from voc.analysis.say import SEVERITY
from voc.breadth.deciding import Known, Stand, Verdict
from voc.breadth.estimates import Likely
from voc.breadth.queries import IssueRow, Sums
from voc.breadth.rules import Limits
from voc.core.policy import DEFAULT
from voc.web.words import count_words, date_words, money_words

_LOUD = 0.4  # from this share of the comments on, one client is named as the one who told us most (policy)
_HURTS = {1: "annoys", 2: "slows", 4: "stops", 8: "may leave"}
_DOUBT = ", if these comments are one matter: nobody has looked yet"
LOOK_FIRST = (
    "Could be either: nobody has looked yet whether these comments are one matter. Look at them first."
)
_HARDLY, _NEARLY = 0.05, 0.95  # chances that are said in words: a tenth would round them away


@dataclass(frozen=True, slots=True)
class Part:
    """One of the figures that are never added up; `cell` opens the clients behind it."""

    words: str
    number: int
    cell: str


def told_parts(sums: Sums) -> tuple[Part, ...]:
    """By which evidence clients have it, each apart; what is nobody's is left out."""
    parts = (
        Part("told us", sums.told, "told"),
        Part("said yes when asked", sums.said_yes, "said_yes"),
        Part("seen by our staff", sums.seen, "seen"),
        Part("may have told us, nobody has confirmed it", sums.reported, "reported"),
    )
    return tuple(part for part in parts if part.number)


def is_loud(row: IssueRow) -> bool:
    """Whether one client said so much of it that it is named."""
    return bool(row.loudest) and row.sums.comments > 1 and (row.sums.loudest_share or 0) >= _LOUD


def rank_sentences(row: IssueRow) -> tuple[str, ...]:
    """Where it stands among the issues, what its loudest client does to that, and how sure the place is."""
    ranked = row.ranked
    places = (
        f"By clients and how much it hurts it stands {ordinal(ranked.by_clients)}, by yearly value "
        f"{ordinal(ranked.by_value)}, by number of comments {ordinal(ranked.by_comments)}."
    )
    without = (
        f"Without the client who told us most: by clients "
        f"{_moved(ranked.by_clients, ranked.by_clients_without_loudest)}, "
        f"by comments {_moved(ranked.by_comments, ranked.by_comments_without_loudest)}."
    )
    top = top_sentence(row.likely.top_share if row.likely else None)
    return tuple(one for one in (places, without, top) if one)


def _moved(place: int, without: int) -> str:
    return f"{ordinal(place)} → {ordinal(without)}" if place != without else f"still {ordinal(place)}"


def hurt_words(severity: int | None) -> str:
    """How much it hurts the client in the middle; what is not known is said."""
    return SEVERITY[severity] if severity else "we do not know"


def hurt_sign(severity: int | None) -> str:
    """The same in a word or two, for a column."""
    return _HURTS[severity] if severity else "not known"


def reach_words(row: IssueRow) -> str:
    """How many of all clients likely have it; where too little is known, that, as the issue's page says."""
    likely = row.likely
    if likely is None:
        return "not known yet"
    if likely.may_be_said:
        return _span(likely.count_low, likely.count_high)
    return "too little known"


def reach_doubt(row: IssueRow) -> str:
    """What stands beneath that number of an issue nobody looked at; empty where there is no number or no doubt."""
    is_number = row.likely is not None and row.likely.may_be_said
    return "if it is one matter" if is_number and not row.is_seen else ""


def in_top_words(row: IssueRow) -> str:
    """How sure it is that an issue is among the five widest; nothing is before somebody looked at it."""
    if not row.sums.has_it:
        return "nobody confirmed yet" if row.is_seen else "nobody looked yet"
    return top_words(row.likely.top_share if row.likely else None)


def top_words(share: float | None) -> str:
    """The chance to be among the five widest, short, for a column."""
    if share is None:
        return "we do not know"
    if share >= _NEARLY:
        return "nearly sure"
    return f"{max(1, round(10 * share))} in 10" if share >= _HARDLY else "hardly"


def chance_words(share: float) -> str:
    """A client's chance in tenths, "about 30 in 100"; never none and never all."""
    if share < _HARDLY:
        return "fewer than 5 in 100"
    tenths = min(9, max(1, round(10 * share)))
    return "more than 95 in 100" if share > _NEARLY else f"about {10 * tenths} in 100"


def top_sentence(share: float | None) -> str:
    """The chance to be among the five widest, in a sentence; empty where nobody reckoned it."""
    if share is None:
        return ""
    ways = {"nearly sure": "nearly every way", "hardly": "hardly any way"}
    words = top_words(share)
    often = ways.get(words) or f"{words.replace(' in ', ' of ')} ways"
    return (
        f"In {often} things could stand, given what we know, it is among the five widest, "
        "counted by clients and how much it hurts."
    )


def doubt(*, is_seen: bool) -> str:
    """What follows an estimate of an issue that nobody looked at; nothing where a person did."""
    return "" if is_seen else _DOUBT


def likely_sentence(likely: Likely | None, *, is_seen: bool = True) -> str:
    """How many of those we have not heard from likely have it; never a number that pretends.

    `is_seen`: a person looked at the issue; else its comments may be about several things.
    """
    if likely is None:
        return "How many of the others have it too: we do not know yet."
    if not likely.unheard:
        return ""
    if not likely.may_be_said:
        return (
            f"How many of the {likely.unheard} we do not know have it too: too little is known to say. "
            "Ask them."
        )
    rough = " This is rough." if likely.flag == "wide" else ""
    number = "none" if likely.high == 0 else _span(likely.low, likely.high)
    return f"Likely {number} of those {likely.unheard}{doubt(is_seen=is_seen)}.{rough}"


def where_from(likely: Likely) -> str:
    """Where the figure comes from, in one sentence."""
    if likely.is_borrowed:
        return "It rests mostly on how clients speak of other issues: this one alone says too little. Answers to a question would make it its own."
    return "It rests on who told us and how often, how much each client says about everything else, and what people looked at and found right or wrong."


def say_limits(limits: Limits, currency: str) -> str:
    """The threshold: “We act from 5 clients or € 400,000 a year”."""
    worth = (
        f" or {money_words(limits.value_cents, currency)} a year" if limits.value_cents is not None else ""
    )
    return f"We act from {count_words(limits.groups, 'client')}{worth}"


def say_verdict(
    verdict: Verdict, known: Known, limits: Limits, *, today: date, currency: str, is_seen: bool = True
) -> str:
    """One of three sentences: surely above, surely below, or how many to ask to know, and by when.

    Of an issue that nobody looked at no estimate decides: `known` holds none (`held_against`), and looking comes first.
    """
    if not is_seen and verdict.stand is Stand.EITHER:
        return LOOK_FIRST
    if verdict.stand is Stand.ABOVE:
        return _above(verdict, known, limits, currency)
    if verdict.stand is Stand.BELOW:
        return _below(known, limits)
    by_on = today + timedelta(days=DEFAULT.question_days)
    more = f"{verdict.enough} more with it {'is' if verdict.enough == 1 else 'are'} enough to act; " if verdict.enough else ""  # fmt: skip
    asking = f"asking {those(verdict.ask, known.unknown)} settles it by {date_words(by_on, today)}"
    return f"Could be either: {more}{asking}."


def _above(verdict: Verdict, known: Known, limits: Limits, currency: str) -> str:
    if verdict.by == "value":
        worth = money_words(known.have_cents, currency)
        least = money_words(limits.value_cents, currency)
        return f"Surely above: those who have it bring {worth} a year, and we act from {least}."
    if not known.have and known.likely:
        return f"Surely above: nobody has confirmed one yet, but likely {known.likely[0]} or more have it, and we act from {limits.groups}."
    number = f"{count_words(known.have, 'client')} {'has' if known.have == 1 else 'have'} it"
    if known.have < limits.groups and known.likely:
        number += f", and likely {known.likely[0]} or more of the others"
    return f"Surely above: {number}, and we act from {limits.groups}."


def _below(known: Known, limits: Limits) -> str:
    most = known.have + (known.likely[1] if known.likely else known.unknown)
    if not known.unknown:
        return f"Surely below: {known.have} of them {'has' if known.have == 1 else 'have'} it and the others do not; we act from {limits.groups}."  # fmt: skip
    even = "even the most that is likely" if known.likely else "even if all we do not know had it"
    return (
        f"Surely below: {even}, it would be {count_words(most, 'client')}, and we act from {limits.groups}."
    )


def those(ask: int, unknown: int) -> str:
    """Whom to ask: all that we do not know, or so many more."""
    if ask == unknown:
        return f"the {unknown} we do not know" if unknown != 1 else "the one we do not know"
    return f"{ask} more"


def ask_sentence(verdict: Verdict, limits: Limits, number: int) -> str:
    """Why these `number` clients are the ones to ask next, and whether that settles the threshold."""
    these = "this one" if number == 1 else f"these {number}"
    if verdict.stand is not Stand.EITHER:
        return f"That is settled; nobody more needs to be asked to decide it. To know it of each client, ask {these} first:"
    how = (
        "two in three were chosen because their answers narrow the range most, the others by lot, to check us"
    )
    if verdict.ask <= number:
        side = f"the range should then lie on one side of {count_words(limits.groups, 'client')}"
        return f"Asking {these} next would settle it, because {side}; {how}:"
    return f"Asking {these} next would tell most, though not settle it, because the range stays wider than that; {how}:"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def ordinal(place: int) -> str:
    """A place in words, such as 2nd or 11th."""
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")  # noqa: PLR2004
    return f"{place}{ending}"
