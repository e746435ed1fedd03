"""What breadth adds to the pages of earlier stages: the grid, the ranking, a client's issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.breadth import estimates, queries, spread
from voc.breadth.estimates import Likely
from voc.breadth.limits import current_limits
from voc.breadth.loudness import quiet_groups
from voc.breadth.queries import Grid, GridRow, IssueRow
from voc.breadth.rules import HAS, CellState
from voc.breadth.said import likely_sentence, sum_sentences, verdict, where_from
from voc.core.principal import Principal
from voc.issues.curate import find_issue
from voc.web.charts import Issue as Dotted
from voc.web.charts import Quadrants, draw_quadrants
from voc.web.owed import Owed, Queue, add_queue
from voc.web.paging import page_number
from voc.web.panels import Rendered, panel
from voc.web.wall import Square, Wall, draw_wall, say_wall
from voc.web.words import cell_words, count_words

_TABLE = 25  # rows of "client by client" on one page: keeps the page under 80 kB
_LISTED = 50
_DOTS = 40  # more dots than this are a cloud
_LEAST_DOTS = 3
_SORTS = ("state", "name", "value", "since", "said")


@dataclass(frozen=True, slots=True)
class HowSure:
    """The estimate one click below its sentence: interval, where it comes from, whom to ask next."""

    likely: Likely
    where_from: str
    verdict: str
    ask_next: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class GridShown:
    """The wall and the table beneath, with the filter said in words."""

    issue: str
    wall: Wall
    sentence: str
    rows: tuple[GridRow, ...]
    found: int
    first: int
    page: int
    more: bool
    filters: tuple[tuple[str, str], ...]
    state: str
    query: str
    sort: str
    until: datetime
    is_old: bool
    row: IssueRow | None
    says: tuple[str, ...]
    may_set: bool
    how_sure: HowSure | None
    chances: dict[int, int]  # group to per cent, only where single clients' chances may be shown

    def sorted_by(self, sort: str) -> str:
        """The URL of this table sorted otherwise."""
        return "?" + urlencode({"cell": self.state, "q": self.query, "sort": sort})

    def at_page(self, page: int) -> str:
        """The URL of another page of this table."""
        return "?" + urlencode({"cell": self.state, "q": self.query, "sort": self.sort, "page": page})


@panel("issue", order=10, permission="issue:read")
def grid_of_issue(session: Session, principal: Principal, *, issue: str) -> Rendered:
    """The wall over its table: every client to whom the issue applies."""
    found = find_issue(session, issue)
    grid = queries.grid(session, found)
    state, query = request.args.get("cell", ""), request.args.get("q", "").strip()[:100]
    sort = request.args.get("sort", "state")
    rows = _sorted(_filtered(grid, state, query), sort if sort in _SORTS else "state")
    number = page_number() if "match" not in request.args else 1
    squares = _squares(grid)
    ranked = next((row for row in queries.issue_rows(session) if row.id == found.id), None)
    likely = ranked.likely if ranked else None
    shown = GridShown(
        issue=issue,
        wall=draw_wall(squares),
        sentence=f"{say_wall(squares)} {likely_sentence(likely)}",
        rows=tuple(rows[(number - 1) * _TABLE : number * _TABLE]),
        found=len(rows),
        first=(number - 1) * _TABLE + 1,
        page=number,
        more=len(rows) > number * _TABLE,
        filters=tuple(_said_filters(state, query)),
        state=state,
        query=query,
        sort=sort,
        until=grid.until,
        is_old=queries.is_old(grid.until),
        row=ranked,
        says=(*sum_sentences(ranked), *_quiet(session, grid, ranked)) if ranked else (),
        may_set=principal.may("cell:change"),
        how_sure=_how_sure(session, grid, found.id, likely),
        chances=_chances(session, found.id, likely),
    )
    return Rendered("breadth/_grid.html", shown)


def _quiet(session: Session, grid: Grid, ranked: IssueRow) -> tuple[str, ...]:
    """“Three quiet clients say the same”: those who say next to nothing else, beside the loud one."""
    said = [
        row.account_id
        for row in grid.rows
        if row.mentions and row.account_id != ranked.sums.loudest_account_id
    ]
    number = quiet_groups(session, said) if said else 0
    says = "say" if number > 1 else "says"
    return (f"{count_words(number, 'quiet client').capitalize()} {says} the same.",) if number else ()


def _how_sure(session: Session, grid: Grid, issue_id: int, likely: Likely | None) -> HowSure | None:
    if likely is None or not likely.unheard:
        return None
    wanted = estimates.next_asks(session, issue_id)
    rows = {row.account_id: row for row in grid.rows}
    ask_next = tuple(rows[group] for group in wanted if group in rows)
    return HowSure(likely, where_from(likely), verdict(likely, current_limits(session).groups), ask_next)


def _chances(session: Session, issue_id: int, likely: Likely | None) -> dict[int, int]:
    if likely is None or not (likely.has_skill and likely.may_be_said):
        return {}
    return {group: 10 * round(10 * share) for group, share in estimates.chances(session, issue_id).items()}


def _squares(grid: Grid) -> list[Square]:
    cells = [
        # Short on purpose: a wall repeats it for every client; the issue's page leads on to the cell.
        Square(row.name, row.state, f"?c={row.public_id}", _known(row))
        for row in grid.rows
        if row.state is not CellState.NOT_APPLICABLE
    ]
    return cells + [Square("", CellState.NOT_APPLICABLE)] * grid.left_out


def _known(row: GridRow) -> str:
    if not row.mentions:
        return ""
    return "one comment" if row.mentions == 1 else f"{row.mentions} comments"


def _filtered(grid: Grid, state: str, query: str) -> list[GridRow]:
    wanted = query.casefold()
    return [
        row
        for row in grid.rows
        if (not state or row.state == state) and (not wanted or wanted in row.name.casefold())
    ]


def _sorted(rows: list[GridRow], sort: str) -> list[GridRow]:
    if sort == "name":
        return sorted(rows, key=lambda row: row.name.casefold())
    if sort == "value":
        return sorted(rows, key=lambda row: -(row.value_cents or 0))
    if sort == "said":
        return sorted(rows, key=lambda row: -row.mentions)
    if sort == "since":
        return sorted(
            rows, key=lambda row: row.best.observed_at.timestamp() if row.best else 0.0, reverse=True
        )
    return rows


def _said_filters(state: str, query: str) -> list[tuple[str, str]]:
    said = []
    if state in set(CellState):
        said.append((cell_words(state), "?" + urlencode({"q": query})))
    if query:
        said.append((f"name has “{query}”", "?" + urlencode({"cell": state})))
    return said


@dataclass(frozen=True, slots=True)
class LoudAndWide:
    """The picture of the recurring issues by breadth and by noise, its table beneath."""

    wide: Quadrants
    phone: Quadrants
    rows: tuple[IssueRow, ...]


@panel("issues", order=20, permission="breadth:read")
def loud_and_wide(session: Session, principal: Principal) -> Rendered | None:
    """One client, often / many clients, seldom said: each dot an issue."""
    del principal
    rows = [row for row in queries.issue_rows(session) if _belongs(row) != "aside"][:_DOTS]
    if len(rows) < _LEAST_DOTS:
        return None
    dots = [
        Dotted(row.name, round(_wide(row)), row.sums.loudest_share or 0.0, row.sums.value_cents,
               url_for("issues.issue", public_id=row.public_id))
        for row in rows
    ]  # fmt: skip
    drawn = draw_quadrants(dots), draw_quadrants(dots, width=340, height=380)
    return Rendered("breadth/_picture.html", LoudAndWide(*drawn, tuple(rows)))


def _wide(row: IssueRow) -> float:
    return row.likely.count_mean if row.likely and row.likely.may_be_said else row.sums.clients


@dataclass(frozen=True, slots=True)
class IssuesShown:
    """The list of issues, the widest first, with its filter."""

    rows: tuple[IssueRow, ...]
    found: int
    show: str
    tabs: tuple[tuple[str, str, bool, int], ...]
    query: str
    page: int
    more: bool
    total: int

    def at_page(self, page: int) -> str:
        """The URL of another page of this list."""
        return "?" + urlencode({"show": self.show, "q": self.query, "page": page})


_TABS = (
    ("recurring", "More than one client"),
    ("alone", "One client only"),
    ("aside", "Not now, watching, done"),
)


@panel("issues", order=10, permission="issue:list")
def issues_table(session: Session, principal: Principal) -> Rendered:
    """Every issue with its figures."""
    del principal
    rows = queries.issue_rows(session)
    show = request.args.get("show", "recurring")
    show = show if show in dict(_TABS) else "recurring"
    query = request.args.get("q", "").strip()[:100]
    sorted_out = {key: [row for row in rows if _belongs(row) == key] for key, _ in _TABS}
    found = [row for row in sorted_out[show] if query.casefold() in row.name.casefold()]
    number = page_number()
    return Rendered(
        "breadth/_issues.html",
        IssuesShown(
            rows=tuple(found[(number - 1) * _LISTED : number * _LISTED]),
            found=len(found),
            show=show,
            tabs=tuple((words, f"?show={key}", key == show, len(sorted_out[key])) for key, words in _TABS),
            query=query,
            page=number,
            more=len(found) > number * _LISTED,
            total=len(rows),
        ),
    )


def _belongs(row: IssueRow) -> str:
    if row.state and not row.came_back:
        return "aside"
    return "recurring" if row.sums.clients > 1 else "alone"


@dataclass(frozen=True, slots=True)
class ClientIssue:
    """One issue in which a client stands."""

    public_id: str
    name: str
    state: CellState
    mentions: int
    others: int


@panel("account", order=30, permission="issue:list")
def issues_of_account(session: Session, principal: Principal, *, account: str) -> Rendered | None:
    """Where this client stands: issues it has, does not have, or only told us by machine match."""
    del principal
    group_id = session.scalar(select(Account.group_id).where(Account.public_id == account))
    if group_id is None:
        return None
    cells = queries.cells_of(session, group_id)
    rows = {row.id: row for row in queries.issue_rows(session)}
    shown = [
        ClientIssue(
            rows[cell.issue_id].public_id,
            rows[cell.issue_id].name,
            CellState(cell.state),
            cell.mentions,
            rows[cell.issue_id].sums.clients - (cell.state in HAS or cell.state == CellState.REPORTED),
        )
        for cell in cells
        if cell.issue_id in rows
    ]
    return Rendered("breadth/_account.html", tuple(sorted(shown, key=lambda one: -one.mentions)))


def _news_items(session: Session, limit: int) -> Sequence[Owed]:
    return [Owed(one.public_id, one.issue, one.at, one.words) for one in spread.fresh_alerts(session, limit)]


def _news(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    return Rendered("breadth/_news.html", spread.alert(session, key))


add_queue(
    Queue(
        key="spread",
        title="An issue reached somebody new",
        order=90,
        permission="issue:change",
        count=spread.count_fresh,
        items=_news_items,
        thing=_news,
    )
)
