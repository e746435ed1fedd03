"""Says an issue's figures in sentences that a lead can read aloud."""

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
        f"By clients it stands {ordinal(ranked.by_clients)}, by number of comments {ordinal(ranked.by_comments)}. "
        f"Without the client who told us most: by clients {ordinal(ranked.by_clients_without_loudest)}, "
        f"by comments {ordinal(ranked.by_comments_without_loudest)}."
    )
    return tuple(said)


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
