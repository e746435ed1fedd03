"""Gathers what the estimator needs of one issue: one place for each client, in plain lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book, Group, open_book
from voc.breadth.models import Cell, Evidence
from voc.breadth.rules import HAS, CellState, Says, Source
from voc.breadth.since import newest_changes
from voc.core.policy import DEFAULT
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into, services_of
from voc.issues.rules import family_of

NOT_ASKED, NO_RESPONSE, NO, YES, NOT_SURE = -2, -1, 0, 1, 2  # as voc/breadth/estimating/facts.py has them
_NO_RESPONSE = frozenset({CellState.NO_ANSWER, CellState.PREFERS_NOT})
_ANSWERED = {
    Says.HAS_PROBLEM: YES, Says.HAS_MANAGES: YES, Says.HAS_NOT: NO, Says.UNSURE: NOT_SURE, Says.SOLVED: NO,
}  # fmt: skip
_KNOWN = frozenset({*HAS, CellState.HAS_NOT, CellState.SOLVED})
_CLIENTS = frozenset({Source.ANSWER, Source.SIGN_OFF})


@dataclass(frozen=True, slots=True)
class Ground:
    """What all issues share: the client list, the window, how much each client says."""

    book: Book
    since: datetime
    until: datetime
    said: Mapping[int, int]  # unasked comments of each group in the window
    segments: Mapping[str | None, int]
    merged: Mapping[int, int]
    weeks: float  # how long clients were listened to: the window, or less where history is shorter
    services: Mapping[int, frozenset[int]]  # what each issue touches
    changes: Mapping[int, datetime]  # when each issue was last changed
    is_past: bool = False
    seats: dict[frozenset[int], "_Seats"] = field(default_factory=dict, compare=False)  # by services

    def seats_of(self, services: frozenset[int]) -> "_Seats":
        """The clients an issue of these services applies to; issues that touch the same share them."""
        if services not in self.seats:
            found = self.book.to_whom(services).values()
            self.seats[services] = _seated(found, self.segments, self.said)
        return self.seats[services]


@dataclass(frozen=True, slots=True)
class _Seats:
    """Clients in a fixed order, with what is the same of them for every issue."""

    groups: tuple[int, ...]
    place: Mapping[int, int]
    segments: list[int]
    values: list[float]
    said: list[int]  # unasked comments in the window

    def without(self, out: Collection[int]) -> "_Seats":
        """The same with these clients left out."""
        keep = [place for place, group in enumerate(self.groups) if group not in out]
        groups = tuple(self.groups[place] for place in keep)
        return _Seats(
            groups,
            {group: place for place, group in enumerate(groups)},
            [self.segments[place] for place in keep],
            [self.values[place] for place in keep],
            [self.said[place] for place in keep],
        )


def _seated(found: Iterable[Group], segments: Mapping[str | None, int], said: Mapping[int, int]) -> _Seats:
    clients = sorted(found, key=lambda group: group.id)
    return _Seats(
        tuple(group.id for group in clients),
        {group.id: place for place, group in enumerate(clients)},
        [segments.get(group.segment, 0) for group in clients],
        [(group.value_cents or 0) / 100 for group in clients],
        [said.get(group.id, 0) for group in clients],
    )


@dataclass(frozen=True, slots=True)
class Gathered:
    """One issue, its N clients in a fixed order; every list has N places (see estimating/facts.py)."""

    issue_id: int
    groups: tuple[int, ...]
    weeks_mentioned: list[int]
    mentions: list[int]
    others: list[int]
    segments: list[int]
    answers: list[int]
    staff: list[int]
    owners: list[int]
    settled: list[int]
    is_unknown: list[bool]  # as the wall has it: neither has it, nor does not, nor had it solved
    values: list[float]
    window_weeks: float
    audit: tuple[tuple[bool, int], ...]  # one outcome a client: rightly tagged, how many mentions


@dataclass(slots=True)
class _Told:
    weeks: set[int] = field(default_factory=set)
    mentions: int = 0
    right: int = 0
    wrong: int = 0


@dataclass(slots=True)
class _Known:
    asked: list[datetime] = field(default_factory=list)
    answer: tuple[datetime, int] | None = None
    staff: int = 0
    owner: int = 0


def ground(session: Session, *, as_of: datetime | None = None) -> Ground:
    """What the estimates of all issues stand on, read once.

    `as_of` gives the picture of a past day from clients' own words alone: nothing that was asked,
    settled or looked at since.
    """
    until = as_of or window_end(session)
    since = until - timedelta(weeks=DEFAULT.window_weeks)
    first = session.scalar(select(func.min(Comment.said_at)).where(Comment.said_at >= since)) or since
    weeks = max((until - first) / timedelta(weeks=1), 1.0)
    book = open_book(session, until.date())
    kinds = sorted({group.segment or "" for group in book.groups.values()})
    return Ground(
        book, since, until, _said(session, book, since, until), {kind or None: place for place, kind in enumerate(kinds)},
        merged_into(session), weeks, services_of(session, list(session.scalars(select(Issue.id)))),
        newest_changes(session, until=as_of), is_past=as_of is not None,
    )  # fmt: skip


def _said(session: Session, book: Book, since: datetime, until: datetime) -> dict[int, int]:
    rows = session.execute(
        select(Comment.account_id, func.count())
        .where(Comment.said_at >= since, Comment.said_at <= until, _is_unasked())
        .group_by(Comment.account_id)
    )
    said: dict[int, int] = defaultdict(int)
    for account, number in rows:
        said[book.group_of.get(account, account)] += number
    return dict(said)


def _is_unasked() -> ColumnElement[bool]:
    return (Comment.source == "unasked") & Comment.sender_confirmed & (Comment.kind != "praise")


def gather(session: Session, issue_id: int, here: Ground) -> Gathered:
    """The facts of one issue, each client once; mentions in the weeks after it was asked are left out."""
    family = family_of(issue_id, dict(here.merged))
    cells = {} if here.is_past else _cells(session, issue_id)
    here, changes = _since_change(session, issue_id, family, here)
    seats = here.seats_of(here.services.get(issue_id, frozenset()))
    out = {group for group, cell in cells.items() if cell.state == CellState.NOT_APPLICABLE}
    if out:
        seats = seats.without(out)
    known = {} if here.is_past else _known(session, family, here, changes)
    told = _told(session, family, here, known, changes)
    return _as_gathered(issue_id, seats, here, cells, known, told)


def _since_change(
    session: Session, issue_id: int, family: frozenset[int], here: Ground
) -> tuple[Ground, dict[int, datetime]]:
    """The ground from the issue's last change on, and the changes of the issues merged into it."""
    changes = {issue: here.changes[issue] for issue in family if issue in here.changes}
    changed_at = changes.get(issue_id)
    if changed_at is None or changed_at <= here.since:
        return here, changes
    said = _said(session, here.book, changed_at, here.until)
    weeks = min(here.weeks, max((here.until - changed_at) / timedelta(weeks=1), 1.0))
    return replace(here, since=changed_at, said=said, weeks=weeks, seats={}), changes


def _cells(session: Session, issue_id: int) -> dict[int, Cell]:
    return {cell.account_id: cell for cell in session.scalars(select(Cell).where(Cell.issue_id == issue_id))}


def _known(
    session: Session, family: frozenset[int], here: Ground, changes: Mapping[int, datetime]
) -> dict[int, _Known]:
    rows = session.execute(
        select(
            Evidence.account_id,
            Evidence.source,
            Evidence.says,
            Evidence.observed_at,
            Evidence.comment_id,
            Evidence.issue_id,
        )
        .where(Evidence.issue_id.in_(family), (Evidence.observed_at >= here.since) | _may_prompt(here))
        .where(Evidence.source.in_((*_CLIENTS, Source.STAFF, Source.ASKING)))
        .order_by(Evidence.id)
    )
    found: dict[int, _Known] = defaultdict(_Known)
    for account, source, says, observed_at, comment, issue in rows:
        is_asking = source == Source.ASKING  # a question from before a change still prompts
        if account in here.book.group_of and (is_asking or observed_at >= changes.get(issue, here.since)):
            _note(found[here.book.group_of[account]], Source(source), Says(says), observed_at, comment)
    return found


def _may_prompt(here: Ground) -> ColumnElement[bool]:
    begins = here.since - timedelta(weeks=DEFAULT.prompted_weeks)
    return (Evidence.source == Source.ASKING) & (Evidence.observed_at >= begins)


def _note(known: _Known, source: Source, says: Says, observed_at: datetime, comment: int | None) -> None:
    if source is Source.ASKING:
        if says is Says.ASKED:
            known.asked.append(observed_at)
    elif source is Source.STAFF:
        opinion = {Says.HAS_PROBLEM: 1, Says.HAS_MANAGES: 1, Says.HAS_NOT: -1}.get(says, 0)
        if comment is None:
            known.owner = opinion
        else:
            known.staff = max(opinion, 0)
    elif says in _ANSWERED:
        known.answer = observed_at, _ANSWERED[says]


def _told(
    session: Session,
    family: frozenset[int],
    here: Ground,
    known: Mapping[int, _Known],
    changes: Mapping[int, datetime],
) -> dict[int, _Told]:
    rows = session.execute(
        select(Match.account_id, Match.state, Comment.said_at, Match.issue_id)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.issue_id.in_(family), _is_unasked())
        .where(Comment.said_at >= here.since, Comment.said_at <= here.until)
    )
    found: dict[int, _Told] = defaultdict(_Told)
    for account, state, said_at, issue in rows:
        group = here.book.group_of.get(account)
        if (
            group is None
            or said_at < changes.get(issue, here.since)
            or _is_prompted(said_at, known.get(group))
        ):
            continue
        told = found[group]
        told.right += state == "confirmed"
        told.wrong += state == "refused"
        if state != "refused":
            told.mentions += 1
            told.weeks.add((here.until - said_at).days // 7)
    return found


def _is_prompted(said_at: datetime, known: _Known | None) -> bool:
    weeks = timedelta(weeks=DEFAULT.prompted_weeks)
    return known is not None and any(moment <= said_at < moment + weeks for moment in known.asked)


def _as_gathered(
    issue_id: int,
    seats: _Seats,
    here: Ground,
    cells: Mapping[int, Cell],
    known: Mapping[int, _Known],
    told: Mapping[int, _Told],
) -> Gathered:
    """One place for each client; only those of whom something is known are looked at one by one."""
    nothing, silent = _Known(), _Told()
    number, touched = len(seats.groups), {*cells, *known, *told} & seats.place.keys()
    weeks, mentions, staff, owners, settled = ([0] * number for _ in range(5))
    others = list(seats.said)
    answers, is_unknown = [NOT_ASKED] * number, [True] * number
    for group in touched:
        at, cell = seats.place[group], cells.get(group)
        one, what = told.get(group, silent), known.get(group, nothing)
        state = CellState(cell.state) if cell else CellState.NOT_ASKED
        weeks[at], mentions[at] = len(one.weeks), one.mentions
        others[at] = max(others[at] - one.mentions, 0)
        answers[at], staff[at], owners[at] = _answer(state, what), what.staff, what.owner
        settled[at] = _settled(state, one, cell)
        is_unknown[at] = state not in _KNOWN
    return Gathered(
        issue_id, seats.groups, weeks, mentions, others, seats.segments, answers, staff, owners, settled,
        is_unknown, seats.values, here.weeks, () if here.is_past else _audit(told, seats),
    )  # fmt: skip


def _audit(told: Mapping[int, _Told], seats: _Seats) -> tuple[tuple[bool, int], ...]:
    """What people said of the machine's tags: one outcome a client."""
    looked = sorted(group for group, one in told.items() if (one.right or one.wrong) and group in seats.place)
    return tuple(
        (one.right >= one.wrong, max(one.mentions + one.wrong, 1))
        for one in (told[group] for group in looked)
    )


def _answer(state: CellState, known: _Known) -> int:
    if state is CellState.UNCLEAR and known.answer:
        return NOT_SURE
    if known.answer:
        return known.answer[1]
    return NO_RESPONSE if state in _NO_RESPONSE else NOT_ASKED


def _settled(state: CellState, told: _Told, cell: Cell | None) -> int:
    """1 or -1 where a person settled it, or confirmed what the client told us; 0 where nobody did."""
    if state in HAS and cell is not None and (told.right or cell.reach == "seen"):
        return 1
    return 0
