"""The grid and the ranking for pages: frozen rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.book import Book, Group, open_book
from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.breadth.estimates import Likely, likely_of
from voc.breadth.models import Cell, Evidence, IssueSum
from voc.breadth.ranking import Ranked, Standing, rank
from voc.breadth.rules import HAS, CellState, Fact, Says, Source, not_withdrawn
from voc.breadth.seen import is_seen
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.names import Names
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Issue
from voc.issues.queries import masked_words, merged_into, services_of
from voc.issues.rules import family_of

ORDER = (
    CellState.HAS_PROBLEM, CellState.HAS_MANAGES, CellState.REPORTED, CellState.UNCLEAR, CellState.HAS_NOT,
    CellState.SOLVED, CellState.WAITING, CellState.NO_ANSWER, CellState.PREFERS_NOT, CellState.NOT_ASKED,
    CellState.NOT_APPLICABLE,
)  # fmt: skip
SHORT_ID = 10  # letters of a public id that a wall's square carries
_PLACE = {state: place for place, state in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Best:
    """The best evidence of one cell; `words` are a client's own, masked where they would cross accounts."""

    source: str
    words: str | None
    by: str | None
    comment_public_id: str | None
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class GridRow:
    """One client group in the grid of one issue."""

    account_id: int
    public_id: str
    name: str
    segment: str | None
    value_cents: int | None
    sites: int
    state: CellState
    reach: str | None
    mentions: int
    best: Best | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Every client for one issue: rows in the wall's order, and those it cannot concern.

    `left_out` counts all that it does not apply to; `outside` are those of them that do not buy what it touches.
    """

    rows: tuple[GridRow, ...]
    applies: int
    left_out: int
    until: datetime
    outside: tuple[GridRow, ...] = ()

    def count(self, *states: CellState) -> int:
        """How many clients stand in one of `states`."""
        return sum(row.state in states for row in self.rows)


def grid(session: Session, issue: Issue, *, with_words: bool = True) -> Grid:
    """The grid of `issue`: every active group, known or not, sorted by state, then yearly value."""
    until = window_end(session)
    book = open_book(session, until.date())
    to_whom = book.to_whom(services_of(session, [issue.id]).get(issue.id, frozenset()))
    cells = {cell.account_id: cell for cell in session.scalars(select(Cell).where(Cell.issue_id == issue.id))}
    best = (
        _best(session, [cell.evidence_id for cell in cells.values() if cell.evidence_id])
        if with_words
        else {}
    )
    rows = [_row(group, cells.get(group.id), best) for group in to_whom.values()]
    rows.sort(key=lambda row: (_PLACE[row.state], -(row.value_cents or 0), row.name))
    applies = sum(row.state is not CellState.NOT_APPLICABLE for row in rows)
    outside = [_outside(group) for group in book.groups.values() if group.id not in to_whom]
    outside.sort(key=lambda row: row.name)
    return Grid(tuple(rows), applies, len(book.groups) - applies, until, tuple(outside))


def _outside(group: Group) -> GridRow:
    return replace(_row(group, None, {}), state=CellState.NOT_APPLICABLE)


def _row(group: Group, cell: Cell | None, best: Mapping[int, Best]) -> GridRow:
    return GridRow(
        account_id=group.id,
        public_id=group.public_id,
        name=group.name,
        segment=group.segment,
        value_cents=group.value_cents,
        sites=len(group.members) - 1,
        state=CellState(cell.state) if cell else CellState.NOT_ASKED,
        reach=cell.reach if cell else None,
        mentions=cell.mentions if cell else 0,
        best=best.get(cell.evidence_id) if cell and cell.evidence_id else None,
    )


def _best(session: Session, ids: Sequence[int]) -> dict[int, Best]:
    rows = session.execute(
        select(Evidence, Comment.text, Comment.public_id, Reading.masks, User.name)
        .outerjoin(Comment, (Comment.account_id == Evidence.account_id) & (Comment.id == Evidence.comment_id))
        .outerjoin(
            Reading, (Reading.account_id == Evidence.account_id) & (Reading.comment_id == Evidence.comment_id)
        )
        .outerjoin(User, User.id == Evidence.user_id)
        .where(Evidence.id.in_(ids))
    )
    names = known_names(session)
    return {
        row.id: Best(row.source, _words(row, text, masks, names), by, public_id, row.observed_at)
        for row, text, public_id, masks, by in rows
    }


def _words(row: Evidence, text: str | None, masks: list[list[object]] | None, names: Names) -> str | None:
    if text is None:
        return names.hide(row.note) if row.note else None
    return masked_words(text, masks or [], names)


@dataclass(frozen=True, slots=True)
class Heard:
    """How many clients have one issue, of whom we do not know, and to how many it applies."""

    has: int
    unknown: int
    applies: int


def heard_of(session: Session, issue: Issue) -> Heard:
    """As the sums have it; counted from the grid where nothing was summed yet."""
    row = session.get(IssueSum, issue.id)
    if row is None:
        found = grid(session, issue, with_words=False)
        known = found.count(*HAS, CellState.HAS_NOT, CellState.SOLVED)
        return Heard(found.count(*HAS), found.applies - known, found.applies)
    solved = select(func.count()).where(Cell.issue_id == issue.id, Cell.state == CellState.SOLVED)
    known = row.has_it + row.has_not + (session.scalar(solved) or 0)
    return Heard(row.has_it, max(row.applies - known, 0), row.applies)


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of one issue; told, said yes, seen and reported are never added up on a page."""

    has_it: int
    told: int
    said_yes: int
    seen: int
    reported: int
    has_not: int
    unclear: int
    applies: int
    comments: int
    segments: int
    value_cents: int
    loudest_account_id: int | None
    loudest_share: float | None
    severity: int | None
    escalations: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def clients(self) -> int:
        """Groups that have it or reported it: what issues are ranked by."""
        return self.has_it + self.reported


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue in a list, with its sums and its places in the rankings."""

    id: int
    public_id: str
    name: str
    is_named: bool
    state: str | None
    behind: str | None
    sums: Sums
    ranked: Ranked
    loudest: str | None
    came_back: bool  # said again by a client after it was done
    likely: Likely | None = None  # empty while it is not estimated

    @property
    def is_seen(self) -> bool:
        """Whether somebody looked at it."""
        return is_seen(is_named=self.is_named, has_it=self.sums.has_it)


_NAMES = tuple(Sums.__dataclass_fields__)


def issue_rows(session: Session) -> tuple[IssueRow, ...]:
    """Every issue that was not merged away, the widest first."""
    found = session.execute(
        select(Issue, IssueSum)
        .join(IssueSum, IssueSum.issue_id == Issue.id)
        .where(Issue.merged_into_id.is_(None), (IssueSum.comments > 0) | IssueSum.first_at.is_not(None))
    ).all()
    sums = {issue.id: Sums(**{name: getattr(row, name) for name in _NAMES}) for issue, row in found}
    likely = likely_of(session, list(sums))
    ranked = rank([_standing(issue, one, likely.get(issue)) for issue, one in sums.items()])
    names = _account_names(
        session, [one.loudest_account_id for one in sums.values() if one.loudest_account_id]
    )
    rows = [
        IssueRow(
            issue.id, issue.public_id, issue.name, issue.is_named, issue.set_state, issue.behind,
            sums[issue.id], ranked[issue.id], names.get(sums[issue.id].loudest_account_id or 0),
            came_back=_came_back(issue, sums[issue.id]),
            likely=likely.get(issue.id),
        )
        for issue, _ in found
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.ranked.by_clients))


def _came_back(issue: Issue, sums: Sums) -> bool:
    since = issue.set_at if issue.set_state == "done" else None
    return since is not None and sums.last_at is not None and sums.last_at > since


def severities(session: Session) -> dict[int, int]:
    """How much each issue that counts hurts: 1, 2, 4 or 8, and 1 where that is not known."""
    rows = session.execute(
        select(IssueSum.issue_id, IssueSum.severity)
        .join(Issue, Issue.id == IssueSum.issue_id)
        .where(Issue.merged_into_id.is_(None))
    )
    return {issue: severity or 1 for issue, severity in rows}


def issues_some_have(session: Session) -> frozenset[int]:
    """Issues that at least one client is known to have; of the others the machine alone says so."""
    return frozenset(session.scalars(select(IssueSum.issue_id).where(IssueSum.has_it > 0)))


def cells_of(session: Session, group_id: int) -> tuple[Cell, ...]:
    """The cells of one client group, of issues that were not merged away."""
    rows = session.scalars(
        select(Cell)
        .join(Issue, Issue.id == Cell.issue_id)
        .where(Cell.account_id == group_id, Issue.merged_into_id.is_(None))
    )
    return tuple(rows)


def is_old(until: datetime) -> bool:
    """Whether the window ends in the past because nothing newer came in."""
    return until < clock.now() - timedelta(days=1)


def _standing(issue: int, sums: Sums, likely: Likely | None) -> Standing:
    loudest = round((sums.loudest_share or 0.0) * sums.comments)
    return Standing(
        issue, sums.clients, sums.comments, loudest, sums.value_cents, sums.severity,
        *_expected(sums, likely), is_known=sums.has_it > 0,
    )  # fmt: skip


def _expected(sums: Sums, likely: Likely | None) -> tuple[float | None, int | None]:
    """How many have it and their yearly value; where too little is known, no less than surely have it."""
    if likely is None:
        return None, None
    if likely.may_be_said:
        return likely.count_mean, likely.value_mean_cents
    return max(sums.clients, likely.count_low), max(sums.value_cents, likely.value_low_cents)


def _account_names(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(list(account_ids))))
    return dict(rows.all())


def mini_grids(session: Session, issue_ids: Sequence[int], book: Book) -> dict[int, tuple[CellState, ...]]:
    """The states of each issue's wall in its order, for miniatures."""
    states = states_of(session, issue_ids, book)
    return {issue: wall_order(states[issue].values()) for issue in issue_ids}


def wall_order(states: Iterable[CellState]) -> tuple[CellState, ...]:
    """States as the wall draws them, what is known first."""
    return tuple(sorted(states, key=lambda state: _PLACE[state]))


def states_of(session: Session, issue_ids: Sequence[int], book: Book) -> dict[int, dict[int, CellState]]:
    """For each issue every group it may concern with its state; a group nobody asked is there too."""
    services = services_of(session, issue_ids)
    known: dict[int, dict[int, CellState]] = {issue: {} for issue in issue_ids}
    rows = session.execute(
        select(Cell.issue_id, Cell.account_id, Cell.state).where(Cell.issue_id.in_(list(issue_ids)))
    )
    for issue, account, state in rows:
        known[issue][account] = CellState(state)
    return {
        issue: {
            group: known[issue].get(group, CellState.NOT_ASKED)
            for group in book.to_whom(services.get(issue, frozenset()))
        }
        for issue in issue_ids
    }


def likely_spans(session: Session, issue_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each issue, between how many and how many of those we have not heard from likely have it.

    An issue without an estimate, or with one that says too little, is absent: pages say that we do not know.
    """
    found = likely_of(session, issue_ids)
    return {issue: (one.low, one.high) for issue, one in found.items() if one.may_be_said and one.unheard}


def whole_id(session: Session, begins: str) -> str:
    """The public id of the one client whose public id begins so; raises NotFound."""
    wanted = select(Account.public_id).where(Account.public_id.startswith(begins, autoescape=True)).limit(2)
    found = session.scalars(wanted).all()
    if len(found) != 1 or len(begins) < SHORT_ID:
        raise NotFound
    return found[0]


def evidence_of(session: Session, issue: Issue, group: Group) -> tuple[Best, ...]:
    """All that stands about one client and issue, newest first: what its cell rests on."""
    family = family_of(issue.id, merged_into(session))
    rows = session.scalars(
        select(Evidence).where(Evidence.issue_id.in_(family), Evidence.account_id.in_(group.members))
    )
    standing = not_withdrawn([_as_fact(row) for row in rows])
    standing.sort(key=lambda fact: (fact.observed_at, fact.id), reverse=True)
    found = _best(session, [fact.id for fact in standing])
    return tuple(found[fact.id] for fact in standing)


def _as_fact(row: Evidence) -> Fact:
    return Fact(
        row.id, row.account_id, Source(row.source), Says(row.says), row.observed_at,
        row.comment_id, row.contact_id, issue_id=row.issue_id,
    )  # fmt: skip
