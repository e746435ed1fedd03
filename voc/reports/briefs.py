"""One issue as leadership reads it, the same on the page of today and in a frozen edition."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from voc.breadth.queries import ORDER
from voc.breadth.rules import Limits
from voc.breadth.said import doubt, say_verdict
from voc.reports import said
from voc.reports.queries import Line
from voc.reports.quotes import Reference
from voc.web.charts import draw_spark, place_marks
from voc.web.wall import Picture, Square, draw_picture, say_wall
from voc.web.words import count_words


@dataclass(frozen=True, slots=True)
class Brief:
    """The figures and sentences of one line; clients' words only by reference. Money in cents."""

    issue: str
    name: str
    came_back: bool
    told: int
    said_yes: int
    seen: int
    reported: int
    applies: int
    unknown: int
    likely: tuple[int, int] | None
    comments: int
    by_comments: int | None
    value_cents: int | None
    unconfirmed_cents: int
    states: dict[str, int]
    stand: str
    verdict: str
    proposal: str
    proposal_said: str
    gap: str | None
    weeks: tuple[int, ...]
    acts: tuple[tuple[int, str], ...]
    check: str | None
    asked: str
    references: tuple[Reference, ...]
    is_decided: bool = False  # what comes after this one needs a default too: old editions lack it
    is_seen: bool = True

    @property
    def doubt(self) -> str:
        """What follows its estimate where nobody has looked at its comments."""
        return doubt(is_seen=self.is_seen)

    @property
    def squares(self) -> list[Square]:
        """One square for each client it may concern, in the wall's order."""
        return [Square("", state) for state in ORDER for _ in range(self.states.get(state, 0))]

    @property
    def picture(self) -> Picture:
        """The wall in miniature."""
        return draw_picture(self.squares)

    @property
    def sentence(self) -> str:
        """What the wall says."""
        return say_wall(self.squares, likely=self.likely, doubt=self.doubt)

    @property
    def spark(self) -> str:
        """The trend as one small path."""
        return draw_spark(self.weeks)

    @property
    def marks(self) -> str:
        """Where our people did something, on the trend."""
        return place_marks([week for week, _ in self.acts], len(self.weeks))

    @property
    def trend_said(self) -> str:
        """The trend in words: the last four weeks beside the four before."""
        last, before = sum(self.weeks[-4:]), sum(self.weeks[-8:-4])
        then = f"{count_words(last, 'comment')} in the last four weeks, {before or 'none'} in the four before"
        return "; ".join([then, *(words for _, words in self.acts[-2:])])


def brief_of(line: Line, limits: Limits, *, today: date, currency: str) -> Brief:
    """A line as it is read today."""
    sums, ranked = line.row.sums, line.row.ranked
    return Brief(
        issue=line.row.public_id,
        name=line.row.name,
        came_back=line.row.came_back,
        told=sums.told,
        said_yes=sums.said_yes,
        seen=sums.seen,
        reported=sums.reported,
        applies=sums.applies,
        unknown=line.known.unknown,
        likely=line.likely,
        comments=sums.comments,
        by_comments=ranked.by_comments if ranked.by_comments != ranked.by_clients else None,
        value_cents=line.known.have_cents or None,
        unconfirmed_cents=line.unconfirmed_cents,
        states={str(state): number for state, number in Counter(line.states).items()},
        stand=str(line.verdict.stand),
        verdict=say_verdict(
            line.verdict, line.known, limits, today=today, currency=currency, is_seen=line.row.is_seen
        ),
        proposal=str(line.proposal),
        proposal_said=line.decided or said.say_proposal(line, today),
        is_decided=line.decided is not None,
        is_seen=line.row.is_seen,
        gap=line.gap,
        weeks=line.weeks,
        acts=tuple((act.week, act.words) for act in line.acts),
        check=line.asked.check_public_id if line.asked else None,
        asked=said.say_asked(line.asked, today),
        references=tuple(quote.reference for quote in line.quotes),
    )


def as_json(brief: Brief) -> dict[str, Any]:  # a JSON object
    """The brief as an edition stores it."""
    return asdict(brief) | {"references": [asdict(one) for one in brief.references]}


def from_json(stored: Mapping[str, Any]) -> Brief:  # as as_json gave it
    """The brief that `as_json` stored, whichever release stored it."""
    likely = stored["likely"]
    known = {name: value for name, value in stored.items() if name in Brief.__dataclass_fields__}
    return Brief(**(known | {
        "likely": (int(likely[0]), int(likely[1])) if likely else None,
        "weeks": tuple(stored["weeks"]),
        "acts": tuple((int(week), str(words)) for week, words in stored["acts"]),
        "references": tuple(Reference(**one) for one in stored["references"]),
    }))  # fmt: skip
