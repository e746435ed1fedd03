"""What breadth adds to the pages of earlier stages: the grid, the ranking, a client's issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.breadth import queries, spread
from voc.breadth.grid_shown import grid_shown
from voc.breadth.queries import IssueRow
from voc.breadth.rules import HAS, CellState
from voc.breadth.said import hurt_sign, in_top_words, reach_doubt, reach_words
from voc.core.principal import Principal
from voc.issues.curate import find_issue
from voc.web.charts import Issue as Dotted
from voc.web.charts import Quadrants, draw_quadrants
from voc.web.owed import Owed, Queue, add_queue
from voc.web.paging import page_number
from voc.web.panels import Rendered, panel

_LISTED = 30  # with the picture beneath the page stays under 80 kB
_DOTS = 40  # more dots than this are a cloud
_LEAST_DOTS = 3


@panel("issue", order=10, permission="issue:read")
def grid_of_issue(session: Session, principal: Principal, *, issue: str) -> Rendered:
    """The wall over its table: every client to whom the issue applies."""
    return Rendered("breadth/_grid.html", grid_shown(session, principal, find_issue(session, issue)))


@dataclass(frozen=True, slots=True)
class LoudAndWide:
    """The picture of the recurring issues by breadth and by noise, its table beneath."""

    wide: Quadrants
    phone: Quadrants
    rows: tuple[IssueRow, ...]

    def wide_words(self, row: IssueRow) -> str:
        """How many clients a dot stands for; of what nobody looked at, those who told us."""
        return str(round(_wide(row))) if row.is_seen else f"{row.sums.clients} told us, nobody has looked yet"


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
    """How far right its dot stands: no estimate of what nobody has looked at."""
    says = row.likely if row.is_seen and row.likely and row.likely.may_be_said else None
    return says.count_mean if says else row.sums.clients


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
    sort: str

    def at_page(self, page: int) -> str:
        """The URL of another page of this list."""
        return "?" + urlencode({"show": self.show, "q": self.query, "sort": self.sort, "page": page})

    def sorted_by(self, sort: str) -> str:
        """The URL of this list sorted otherwise."""
        return "?" + urlencode({"show": self.show, "q": self.query, "sort": sort})

    def hurts(self, row: IssueRow) -> str:
        """How much it hurts the client in the middle."""
        return hurt_sign(row.sums.severity)

    def reach(self, row: IssueRow) -> str:
        """How many of all clients likely have it."""
        return reach_words(row)

    def reach_doubt(self, row: IssueRow) -> str:
        """What stands beneath that number where nobody has looked."""
        return reach_doubt(row)

    def in_top(self, row: IssueRow) -> str:
        """How sure it is that it is among the five widest."""
        return in_top_words(row)


_TABS = (
    ("recurring", "More than one client"),
    ("alone", "One client only"),
    ("aside", "Not now, watching, done, changed"),
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
    sort = "value" if request.args.get("sort") == "value" else "clients"
    if sort == "value":
        found.sort(key=lambda row: row.ranked.by_value)
    number = page_number()
    return Rendered(
        "breadth/_issues.html",
        IssuesShown(
            rows=tuple(found[(number - 1) * _LISTED : number * _LISTED]),
            found=len(found),
            show=show,
            tabs=tuple(
                (words, f"?show={key}&sort={sort}", key == show, len(sorted_out[key])) for key, words in _TABS
            ),
            query=query,
            page=number,
            more=len(found) > number * _LISTED,
            total=len(rows),
            sort=sort,
        ),
    )


def _belongs(row: IssueRow) -> str:
    """Which list it stands in; what nobody has said since it was changed is put aside too."""
    if (row.state and not row.came_back) or not row.sums.comments:
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
