"""Looks up what we know of an issue without asking anybody: what clients said, what they use, what their owners saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.book import Book, Group, open_book
from voc.accounts.models import Service, UsageReading
from voc.accounts.rules import week_of
from voc.breadth.models import Cell, Evidence
from voc.breadth.rules import HAS, CellState, Says, Source
from voc.checks import telling
from voc.core.policy import DEFAULT
from voc.intake.queries import window_end
from voc.issues.models import Issue
from voc.issues.queries import services_of

RECENT_WEEKS = 4
BEFORE_WEEKS = 12
FALLS = 0.2  # usage lower than before by this share is shown (policy)


@dataclass(frozen=True, slots=True)
class Client:
    """One client as step one names it."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Falling:
    """A client that uses a touched service less than before: units a week, lately and in the weeks before."""

    client: Client
    service: str
    lately: float
    before: float

    @property
    def fall_share(self) -> float:
        """How much less, in [0, 1]."""
        return 1 - self.lately / self.before


@dataclass(frozen=True, slots=True)
class OwnerView:
    """What one of our people says of a client they look after: has, has_not or unknown; None: not asked yet."""

    client: Client
    owner: str | None
    owner_public_id: str | None
    says: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class StepOne:
    """What we know unasked. `told` a person confirmed, `reported` a machine only; `applies` is of how many."""

    told: tuple[Client, ...]
    reported: tuple[Client, ...]
    said_not: tuple[Client, ...]
    falling: tuple[Falling, ...]
    usage_known: int  # clients with usage readings of the touched services
    owners: tuple[OwnerView, ...]
    applies: int

    def figures(self) -> dict[str, object]:
        """The counts, to be kept with the plan."""
        said = [view.says for view in self.owners]
        return {
            "told": len(self.told), "reported": len(self.reported), "said_not": len(self.said_not),
            "falling": len({one.client.public_id for one in self.falling}), "usage_known": self.usage_known,
            "owners_has": said.count("has"), "owners_has_not": said.count("has_not"),
            "owners_unknown": said.count("unknown"), "owners_open": said.count(None), "applies": self.applies,
        }  # fmt: skip


_OWNER_WORDS = {
    Says.HAS_PROBLEM: "has",
    Says.HAS_MANAGES: "has",
    Says.HAS_NOT: "has_not",
    Says.UNSURE: "unknown",
}
_KNOWN = frozenset({*HAS, CellState.HAS_NOT, CellState.SOLVED})


def look(session: Session, issue: Issue) -> StepOne:
    """Everything about `issue` that stands in our records today."""
    until = window_end(session)
    book = open_book(session, until.date())
    services = services_of(session, [issue.id]).get(issue.id, frozenset())
    applies = book.to_whom(services)
    cells = {
        group: (CellState(state), reach)
        for group, state, reach in session.execute(
            select(Cell.account_id, Cell.state, Cell.reach).where(Cell.issue_id == issue.id)
        )
        if group in applies
    }
    falling, known = _falling(session, applies, services, until.date())
    return StepOne(
        told=_clients(
            applies, [key for key, (state, reach) in cells.items() if state in HAS and reach != "seen"]
        ),
        reported=_clients(applies, [key for key, (state, _) in cells.items() if state is CellState.REPORTED]),
        said_not=_clients(applies, [key for key, (state, _) in cells.items() if state is CellState.HAS_NOT]),
        falling=falling,
        usage_known=known,
        owners=_owners(session, issue, book, applies, cells),
        applies=len(applies),
    )


def _clients(groups: Mapping[int, Group], keys: Sequence[int]) -> tuple[Client, ...]:
    found = [Client(groups[key].public_id, groups[key].name) for key in keys]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def _falling(
    session: Session, applies: Mapping[int, Group], services: frozenset[int], until: date
) -> tuple[tuple[Falling, ...], int]:
    """Usage of the last four whole weeks against the twelve before; nothing where the issue names no service."""
    if not services:
        return (), 0
    ends = week_of(until)
    recent, first = ends - timedelta(weeks=RECENT_WEEKS), ends - timedelta(weeks=RECENT_WEEKS + BEFORE_WEEKS)
    lately = _usage(session, services, recent, ends)
    before = _usage(session, services, first, recent)
    names = dict(session.execute(select(Service.id, Service.name).where(Service.id.in_(services))).all())
    known = [
        (group, service, *_weekly(group, service, lately, before))
        for group in applies.values()
        for service in sorted(services)
    ]
    seen = [one for one in known if one[3] > 0]
    falls = [
        Falling(Client(group.public_id, group.name), names[service], now, then)
        for group, service, now, then in seen
        if now <= (1 - FALLS) * then
    ]
    return tuple(sorted(falls, key=lambda one: -one.fall_share)), len({group.id for group, *_ in seen})


_Used = Mapping[tuple[int, int], float]  # (account, service) to units


def _weekly(group: Group, service: int, lately: _Used, before: _Used) -> tuple[float, float]:
    return (
        sum(lately.get((member, service), 0.0) for member in group.members) / RECENT_WEEKS,
        sum(before.get((member, service), 0.0) for member in group.members) / BEFORE_WEEKS,
    )


def _usage(session: Session, services: frozenset[int], since: date, until: date) -> _Used:
    rows = session.execute(
        select(UsageReading.account_id, UsageReading.service_id, func.sum(UsageReading.amount))
        .where(
            UsageReading.service_id.in_(services), UsageReading.week_on >= since, UsageReading.week_on < until
        )
        .group_by(UsageReading.account_id, UsageReading.service_id)
    )
    return {(account, service): amount for account, service, amount in rows}


def _owners(
    session: Session,
    issue: Issue,
    book: Book,
    applies: Mapping[int, Group],
    cells: Mapping[int, tuple[CellState, str | None]],
) -> tuple[OwnerView, ...]:
    """What the owners of clients say from whom we have no word of their own; those still to say it first."""
    said = _said(session, issue, book)
    wanted = [
        group
        for key, group in applies.items()
        if key in said or cells.get(key, (CellState.NOT_ASKED, None))[0] not in _KNOWN
    ]
    people = {
        key: (name, public_id)
        for key, name, public_id in session.execute(
            select(User.id, User.name, User.public_id).where(
                User.id.in_({group.owner_id for group in wanted})
            )
        )
    }
    views = [_view(group, people.get(group.owner_id or 0), said.get(group.id)) for group in wanted]
    return tuple(
        sorted(views, key=lambda one: (one.says is not None, one.owner or "", one.client.name.casefold()))
    )


def _view(
    group: Group, owner: tuple[str, str] | None, said: tuple[str | None, str | None] | None
) -> OwnerView:
    name, public_id = owner or (None, None)
    says, note = said or (None, None)
    return OwnerView(Client(group.public_id, group.name), name, public_id, says, note)


def _said(session: Session, issue: Issue, book: Book) -> dict[int, tuple[str | None, str | None]]:
    since = window_end(session) - timedelta(weeks=DEFAULT.evidence_weeks)
    rows = session.execute(
        select(Evidence.account_id, Evidence.says, Evidence.note)
        .where(Evidence.issue_id.in_(telling.family(session, issue.id)), Evidence.source == Source.STAFF)
        .where(Evidence.comment_id.is_(None), Evidence.observed_at >= since)
        .order_by(Evidence.id)
    )
    return {
        book.group_of[account]: (_OWNER_WORDS.get(Says(says)), note)
        for account, says, note in rows
        if account in book.group_of
    }
