"""An issue's wall and table as its page shows them: figures that open their clients, and how sure they are."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from voc.breadth import estimates, queries
from voc.breadth.deciding import Known, Verdict, held_against, judge
from voc.breadth.estimates import Likely
from voc.breadth.limits import current_limits
from voc.breadth.loudness import quiet_groups
from voc.breadth.narrowing import SORTS, in_order, narrowed, words_of
from voc.breadth.queries import Grid, GridRow, IssueRow
from voc.breadth.rules import HAS, CellState, Limits
from voc.breadth.said import (
    Part,
    ask_sentence,
    chance_words,
    doubt,
    hurt_words,
    is_loud,
    likely_sentence,
    rank_sentences,
    say_limits,
    say_verdict,
    told_parts,
    where_from,
)
from voc.core import clock
from voc.core.principal import Principal
from voc.issues.models import Issue
from voc.web.context import settings
from voc.web.paging import page_number
from voc.web.wall import Square, Wall, draw_wall, say_wall

_TABLE = 25  # rows of "client by client" on one page: keeps the page under 80 kB
_UNKNOWN = frozenset(CellState) - HAS - {CellState.HAS_NOT, CellState.SOLVED, CellState.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class HowSure:
    """The estimate one click below its sentence: interval, where it comes from, whom to ask next and why."""

    likely: Likely
    doubt: str
    where_from: str
    ask_next: tuple[GridRow, ...]
    ask_why: str


@dataclass(frozen=True, slots=True)
class GridShown:
    """The wall and the table beneath, with the filter said in words."""

    issue: str
    wall: Wall
    sentence: str
    rows: tuple[GridRow, ...]
    found: int
    page: int
    more: bool
    filters: tuple[tuple[str, str], ...]
    state: str
    query: str
    sort: str
    until: datetime
    is_old: bool
    row: IssueRow | None
    parts: tuple[Part, ...]
    loudest: str | None  # the public id of the client who told us most, where it is loud
    ranks: tuple[str, ...]
    hurts: str
    quiet: int
    stand: str
    acts_from: str
    verdict: str
    may_set: bool
    how_sure: HowSure | None
    chances: dict[int, str]  # group to words, only where single clients' chances may be shown

    def sorted_by(self, sort: str) -> str:
        """The URL of this table sorted otherwise."""
        return "?" + urlencode({"cell": self.state, "q": self.query, "sort": sort}) + "#grid"

    def at_page(self, page: int) -> str:
        """The URL of another page of this table."""
        return (
            "?" + urlencode({"cell": self.state, "q": self.query, "sort": self.sort, "page": page}) + "#grid"
        )


def grid_shown(session: Session, principal: Principal, issue: Issue) -> GridShown:
    """The wall of `issue` over its table, narrowed and sorted as the URL says."""
    grid = queries.grid(session, issue)
    ranked = next((row for row in queries.issue_rows(session) if row.id == issue.id), None)
    likely = ranked.likely if ranked else None
    quiet = _quiet(session, grid, ranked)
    state, query, sort = _asked_for()
    rows = in_order(narrowed(grid, state, query, quiet), sort)
    number = page_number() if "match" not in request.args else 1
    squares = _squares(grid)
    is_seen = ranked is None or ranked.is_seen
    limits, known = current_limits(session), held_against(known_of(grid, likely), is_seen=is_seen)
    verdict = judge(known, limits)
    today = clock.today(settings().time_zone)
    return GridShown(
        issue=issue.public_id,
        wall=draw_wall(squares),
        sentence=f"{say_wall(squares)} {likely_sentence(likely, is_seen=is_seen)}",
        rows=tuple(rows[(number - 1) * _TABLE : number * _TABLE]),
        found=len(rows),
        page=number,
        more=len(rows) > number * _TABLE,
        filters=tuple(_said_filters(state, query)),
        state=state,
        query=query,
        sort=sort,
        until=grid.until,
        is_old=queries.is_old(grid.until),
        row=ranked,
        parts=told_parts(ranked.sums) if ranked else (),
        loudest=_loudest(grid, ranked),
        ranks=rank_sentences(ranked) if ranked else (),
        hurts=hurt_words(ranked.sums.severity if ranked else None),
        quiet=len(quiet),
        stand=str(verdict.stand),
        acts_from=say_limits(limits, settings().currency),
        verdict=say_verdict(
            verdict, known, limits, today=today, currency=settings().currency, is_seen=is_seen
        ),
        may_set=principal.may("cell:change"),
        how_sure=_how_sure(session, grid, issue.id, likely, _Judged(verdict, limits, is_seen=is_seen)),
        chances=_chances(session, issue.id, likely) if is_seen else {},
    )


def _asked_for() -> tuple[str, str, str]:
    """Which clients the URL asks for, by name and in which order."""
    sort = request.args.get("sort", "state")
    query = request.args.get("q", "").strip()[:100]
    return request.args.get("cell", ""), query, sort if sort in SORTS else "state"


def known_of(grid: Grid, likely: Likely | None) -> Known:
    """What the threshold is held against: who has it for sure, whom we do not know, and the estimate of those."""
    have = [row for row in grid.rows if row.state in HAS]
    unknown = [row for row in grid.rows if row.state in _UNKNOWN]
    says = likely if likely and likely.may_be_said and likely.unheard else None
    return Known(
        have=len(have),
        unknown=len(unknown),
        have_cents=sum(row.value_cents or 0 for row in have),
        unknown_cents=sum(row.value_cents or 0 for row in unknown),
        likely=(says.low, says.high) if says else None,
        ask_more=says.ask_more if says else None,
    )


def _loudest(grid: Grid, ranked: IssueRow | None) -> str | None:
    if ranked is None or not is_loud(ranked):
        return None
    wanted = ranked.sums.loudest_account_id
    return next((row.public_id for row in grid.rows if row.account_id == wanted), None)


def _quiet(session: Session, grid: Grid, ranked: IssueRow | None) -> frozenset[int]:
    """“Three quiet clients say the same”: those who say next to nothing else, beside the loud one."""
    loudest = ranked.sums.loudest_account_id if ranked else None
    said = [row.account_id for row in grid.rows if row.mentions and row.account_id != loudest]
    return quiet_groups(session, said) if said else frozenset()


@dataclass(frozen=True, slots=True)
class _Judged:
    verdict: Verdict
    limits: Limits
    is_seen: bool


def _how_sure(
    session: Session, grid: Grid, issue_id: int, likely: Likely | None, judged: _Judged
) -> HowSure | None:
    if likely is None or not likely.unheard:
        return None
    rows = {row.account_id: row for row in grid.rows if row.state in _UNKNOWN}
    ask_next = tuple(rows[group] for group in estimates.next_asks(session, issue_id) if group in rows)
    why = ask_sentence(judged.verdict, judged.limits, len(ask_next))
    return HowSure(likely, doubt(is_seen=judged.is_seen), where_from(likely), ask_next, why)


def _chances(session: Session, issue_id: int, likely: Likely | None) -> dict[int, str]:
    if likely is None or not (likely.has_skill and likely.may_be_said):
        return {}
    return {group: chance_words(share) for group, share in estimates.chances(session, issue_id).items()}


def _squares(grid: Grid) -> list[Square]:
    cells = [
        # Short on purpose: a wall repeats it for every client; the issue's page leads on to the cell.
        Square(row.name, row.state, f"?c={row.public_id[: queries.SHORT_ID]}", _known(row))
        for row in grid.rows
        if row.state is not CellState.NOT_APPLICABLE
    ]
    return cells + [Square("", CellState.NOT_APPLICABLE)] * grid.left_out


def _known(row: GridRow) -> str:
    if not row.mentions:
        return ""
    return "one comment" if row.mentions == 1 else f"{row.mentions} comments"


def _said_filters(state: str, query: str) -> list[tuple[str, str]]:
    said = []
    if words := words_of(state):
        said.append((words, "?" + urlencode({"q": query}) + "#grid"))
    if query:
        said.append((f"name has “{query}”", "?" + urlencode({"cell": state}) + "#grid"))
    return said
