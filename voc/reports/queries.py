"""The leadership page's facts: frozen rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book, Group, open_book
from voc.accounts.models import Contact
from voc.accounts.rules import week_of
from voc.breadth.deciding import Known, Verdict, held_against, judge
from voc.breadth.limits import current_limits
from voc.breadth.queries import IssueRow, issue_rows, likely_spans, states_of, wall_order
from voc.breadth.rules import HAS, CellState, Limits
from voc.checks.who_else import Headline, headline
from voc.core.policy import DEFAULT
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Match
from voc.issues.pages import BEHIND_WORDS
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of
from voc.reports import quotes
from voc.reports.asked import Asked, newest_asked
from voc.reports.owed import Owed, owed_a_person
from voc.reports.parts import Marked, acts_of, decided_about
from voc.reports.quotes import Quote, Reference
from voc.reports.rules import Proposal, Waiting, choose_call, propose

_LINES = 5
_ANSWERED = HAS | {CellState.HAS_NOT, CellState.SOLVED, CellState.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Act:
    """Something our people did, `week` counted from the first of the trend."""

    week: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One issue of the page with all that its decision rests on."""

    row: IssueRow
    states: tuple[CellState, ...]
    known: Known
    likely: tuple[int, int] | None  # said with a doubt where nobody looked, and decides nothing then
    unconfirmed_cents: int
    verdict: Verdict
    proposal: Proposal
    gap: str | None
    weeks: tuple[int, ...]
    acts: tuple[Act, ...]
    quotes: tuple[Quote, ...]
    asked: Asked | None
    decided: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """The one client to call, what it has and waits for, and whom to ask for there."""

    client: str
    client_public_id: str
    issues: tuple[str, ...]
    value_cents: int | None
    owed: Owed | None
    person: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class OwedShown:
    """Who is owed a person, with the words as they may be read."""

    one: Owed
    quote: Quote


@dataclass(frozen=True, slots=True)
class Week:
    """The leadership page."""

    until: datetime
    clients: int
    owed: tuple[OwedShown, ...]
    call: Call | None
    lines: tuple[Line, ...]
    issues: int
    limits: Limits
    headline: Headline


def this_week(session: Session, *, zone: str = "UTC") -> Week:
    """Who is owed a person, then at most five issues, the widest first."""
    until = window_end(session)
    book = open_book(session, until.date())
    rows = [row for row in issue_rows(session) if row.state is None or row.came_back]
    wide = [row for row in rows if row.sums.clients >= DEFAULT.recurring_groups][:_LINES]
    limits = current_limits(session)
    states = states_of(session, [row.id for row in wide], book)
    owed = owed_a_person(session, book, until)
    references = quotes.of_issues(session, [row.id for row in wide])
    shown = quotes.show(session, [*_all(references.values()), *(one.reference for one in owed)])
    waits = tuple(OwedShown(one, shown[one.reference]) for one in owed)
    return Week(
        until=until,
        clients=len(book.groups),
        owed=waits,
        call=_call(session, book, wide, states, waits),
        lines=_lines(session, wide, _Ground(book, until, limits, states, references, shown)),
        issues=len(rows),
        limits=limits,
        headline=headline(session, zone=zone),
    )


def line_of(session: Session, row: IssueRow) -> Line:
    """One issue as the page would show it, wherever it ranks."""
    until = window_end(session)
    book = open_book(session, until.date())
    references = quotes.of_issues(session, [row.id])
    ground = _Ground(
        book, until, current_limits(session), states_of(session, [row.id], book), references,
        quotes.show(session, _all(references.values())),
    )  # fmt: skip
    return _lines(session, [row], ground)[0]


@dataclass(frozen=True, slots=True)
class _Ground:
    book: Book
    until: datetime
    limits: Limits
    states: Mapping[int, Mapping[int, CellState]]
    references: Mapping[int, tuple[Reference, ...]]
    shown: Mapping[Reference, Quote]


def _lines(session: Session, rows: Sequence[IssueRow], ground: _Ground) -> tuple[Line, ...]:
    keys = [row.id for row in rows]
    likely, asked = likely_spans(session, keys), newest_asked(session, keys)
    first = week_of(ground.until.date()) - timedelta(weeks=DEFAULT.window_weeks - 1)
    weeks = _weeks(session, keys, first, ground.until)
    acts = acts_of(session, keys, ground.until - timedelta(weeks=DEFAULT.window_weeks))
    decided = decided_about(session, keys)
    return tuple(
        _line(row, ground, likely.get(row.id), _Beside(
            weeks[row.id], _acts(row.id, acts, first), asked.get(row.id), decided.get(row.id)
        ))
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Beside:
    weeks: tuple[int, ...]
    acts: tuple[Act, ...]
    asked: Asked | None
    decided: str | None


def _line(row: IssueRow, ground: _Ground, likely: tuple[int, int] | None, beside: _Beside) -> Line:
    states = ground.states[row.id]
    ask_more = row.likely.ask_more if row.likely and likely else None
    whole = replace(known_of(states, ground.book, likely), ask_more=ask_more)
    known = held_against(whole, is_seen=row.is_seen)
    verdict = judge(known, ground.limits)
    return Line(
        row=row,
        states=wall_order(states.values()),
        known=known,
        likely=likely,
        unconfirmed_cents=_value(states, ground.book, {CellState.REPORTED}),
        verdict=verdict,
        proposal=propose(verdict, is_confirmed=known.have > 0),
        gap=BEHIND_WORDS.get(row.behind or ""),
        weeks=beside.weeks,
        acts=beside.acts,
        quotes=tuple(ground.shown[one] for one in ground.references.get(row.id, ())),
        asked=beside.asked,
        decided=beside.decided,
    )


def known_states() -> frozenset[CellState]:
    """The states in which we know whether a client has an issue."""
    return _ANSWERED


def known_of(states: Mapping[int, CellState], book: Book, likely: tuple[int, int] | None) -> Known:
    """What is known of one issue: who has it by a person's or the client's word, and whom we do not know."""
    unknown = {state for state in CellState if state not in _ANSWERED}
    return Known(
        have=sum(state in HAS for state in states.values()),
        unknown=sum(state in unknown for state in states.values()),
        have_cents=_value(states, book, HAS),
        unknown_cents=_value(states, book, unknown),
        likely=likely,
    )


def _value(states: Mapping[int, CellState], book: Book, wanted: Iterable[CellState]) -> int:
    of = frozenset(wanted)
    return sum(book.groups[group].value_cents or 0 for group, state in states.items() if state in of)


def _weeks(
    session: Session, issue_ids: Sequence[int], first: date, until: datetime
) -> dict[int, tuple[int, ...]]:
    """Comments a week of each issue, oldest first, the weeks without any among them."""
    merged = merged_into(session)
    families = [member for issue in issue_ids for member in family_of(issue, merged)]
    day = func.date(Comment.said_at)
    rows = session.execute(
        select(Match.issue_id, day, func.count())
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.issue_id.in_(families), Match.state != "refused")
        .where(Comment.said_at >= until - timedelta(weeks=DEFAULT.window_weeks), Comment.said_at <= until)
        .group_by(Match.issue_id, day)
    )
    counted = {issue: [0] * DEFAULT.window_weeks for issue in issue_ids}
    for issue, on, number in rows:
        week = (week_of(date.fromisoformat(str(on))) - first).days // 7
        if 0 <= week < DEFAULT.window_weeks:
            counted[root_of(issue, merged)][week] += number
    return {issue: tuple(weeks) for issue, weeks in counted.items()}


def _acts(issue: int, found: Sequence[Marked], first: date) -> tuple[Act, ...]:
    mine = [((week_of(one.at.date()) - first).days // 7, one.words) for one in found if one.issue_id == issue]
    return tuple(Act(week, words) for week, words in mine if 0 <= week < DEFAULT.window_weeks)


def _call(
    session: Session,
    book: Book,
    wide: Sequence[IssueRow],
    states: Mapping[int, Mapping[int, CellState]],
    owed: Sequence[OwedShown],
) -> Call | None:
    """The one client to call, of all that have an issue of the page or wait for a person."""
    touched = HAS | {CellState.REPORTED}
    issues: dict[int, list[str]] = {}
    for row in wide:
        for group, state in states[row.id].items():
            if state in touched:
                issues.setdefault(group, []).append(row.name)
    waits = {shown.one.group_id: shown for shown in owed}
    chosen = choose_call([
        _waiting(book, group, len(issues.get(group, ())), waits.get(group))
        for group in {*issues, *waits}
        if group in book.groups
    ])  # fmt: skip
    if chosen is None:
        return None
    client, shown = book.groups[chosen], waits.get(chosen)
    person, phone = _whom(session, client, shown.one if shown else None)
    return Call(
        client.name, client.public_id, tuple(issues.get(chosen, ())), client.value_cents,
        shown.one if shown else None, person, phone,
    )  # fmt: skip


def _whom(session: Session, group: Group, owed: Owed | None) -> tuple[str | None, str | None]:
    """Who asked, with a number; else a person of the client whose number we know."""
    if owed is not None and owed.phone:
        return owed.person, owed.phone
    found = session.execute(
        select(Contact.name, Contact.phone)
        .where(Contact.account_id.in_(sorted(group.members)), Contact.phone.is_not(None))
        .order_by(Contact.id)
        .limit(1)
    ).first()
    if found is not None:
        return found[0], found[1]
    return owed.person if owed else None, None


def _waiting(book: Book, group: int, issues: int, shown: OwedShown | None) -> Waiting:
    one = shown.one if shown else None
    return Waiting(
        group, one.leaves if one else False, one is not None, one.times if one else 0, issues,
        book.groups[group].value_cents or 0, one.said_at if one else None,
    )  # fmt: skip


def _all(references: Iterable[tuple[Reference, ...]]) -> list[Reference]:
    return [one for some in references for one in some]
