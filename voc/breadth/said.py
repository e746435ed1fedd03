"""Says an issue's figures in sentences that a lead can read aloud."""

from voc.breadth.estimates import Likely
from voc.breadth.queries import IssueRow

_LOUD = 0.4  # from this share of the comments on, one client is named as the one who told us most (policy)


def sum_sentences(row: IssueRow) -> tuple[str, ...]:
    """What stands beside the wall: who told us, how loud one of them is, and what that does to the rank."""
    sums = row.sums
    said = [_told(row)]
    if row.loudest and sums.comments > 1 and (sums.loudest_share or 0) >= _LOUD:
        said.append(
            f"{row.loudest} told us most: {_percent(sums.loudest_share)} of {sums.comments} comments."
        )
    ranked = row.ranked
    said.append(
        f"By clients and how much it hurts it stands {ordinal(ranked.by_clients)}, by yearly value "
        f"{ordinal(ranked.by_value)}, by number of comments {ordinal(ranked.by_comments)}. "
        f"Without the client who told us most: by clients {ordinal(ranked.by_clients_without_loudest)}, "
        f"by comments {ordinal(ranked.by_comments_without_loudest)}."
    )
    return tuple(said)


def likely_sentence(likely: Likely | None) -> str:
    """How many of those we have not heard from likely have it; never a number that pretends."""
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
    return f"Likely {_span(likely.low, likely.high)} of those {likely.unheard}.{rough}"


def where_from(likely: Likely) -> str:
    """Where the figure comes from, in one sentence."""
    if likely.is_borrowed:
        return "It rests mostly on how clients speak of other issues: this one alone says too little. Answers to a question would make it its own."
    return "It rests on who told us and how often, how much each client says about everything else, and what people looked at and found right or wrong."


def verdict(likely: Likely | None, act_from: int) -> str:
    """Whether surely as many clients as leadership acts from have it."""
    if likely is None or not likely.may_be_said:
        return f"We act from {act_from} clients. Too little is known to say on which side of that it is."
    if likely.count_low >= act_from:
        return f"We act from {act_from} clients. It is surely above that."
    if likely.count_high < act_from:
        return f"We act from {act_from} clients. It is surely below that."
    settle = (
        f"Asking {likely.ask_more} more settles it."
        if likely.ask_more
        else "Asking everyone is the way to know."
    )
    return f"We act from {act_from} clients. It could be either. {settle}"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _told(row: IssueRow) -> str:
    sums = row.sums
    parts = [
        f"told us {sums.told}" if sums.told else "",
        f"said yes when asked {sums.said_yes}" if sums.said_yes else "",
        f"seen by our staff {sums.seen}" if sums.seen else "",
    ]
    known = ", ".join(part for part in parts if part) or "nobody confirmed yet"
    more = f"; told us by machine match, not confirmed yet: {sums.reported}" if sums.reported else ""
    return f"{known[0].upper()}{known[1:]}{more}, of {sums.applies}."


def _percent(share: float | None) -> str:
    return f"{round(100 * (share or 0))} %"


def ordinal(place: int) -> str:
    """A place in words, such as 2nd or 11th."""
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")  # noqa: PLR2004
    return f"{place}{ending}"
