"""The leadership page's facts: frozen rows out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.book import Book, open_book
from voc.accounts.models import Account, Contact
from voc.analysis.models import Reading
from voc.breadth.queries import IssueRow, issue_rows, mini_grids
from voc.breadth.rules import CellState
from voc.core.policy import DEFAULT
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.queries import masked_words

_LINES = 5
_OWED = 5


@dataclass(frozen=True, slots=True)
class Owed:
    """A client who asked for someone senior or gave notice, and nobody noted a talk since."""

    client: str
    client_public_id: str
    comment_public_id: str
    person: str | None
    about: str | None
    phone: str | None
    words: str
    said_at: datetime
    leaves: bool
    times: int
    owner: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One issue of the page with its wall in miniature."""

    row: IssueRow
    states: tuple[CellState, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The leadership page."""

    until: datetime
    clients: int
    owed: tuple[Owed, ...]
    more_owed: int
    lines: tuple[Line, ...]
    issues: int


def this_week(session: Session) -> Week:
    """Who is owed a person, then at most five issues, the widest first."""
    until = window_end(session)
    book = open_book(session, until.date())
    rows = [row for row in issue_rows(session) if row.state is None or row.came_back]
    wide = [row for row in rows if row.sums.clients >= DEFAULT.recurring_groups][:_LINES]
    walls = mini_grids(session, [row.id for row in wide], book)
    owed = owed_a_person(session, book, until)
    return Week(
        until=until,
        clients=len(book.groups),
        owed=owed[:_OWED],
        more_owed=max(len(owed) - _OWED, 0),
        lines=tuple(Line(row, walls[row.id]) for row in wide),
        issues=len(rows),
    )


def owed_a_person(session: Session, book: Book, until: datetime) -> tuple[Owed, ...]:
    """One line a client: its newest unanswered escalation or notice; those who may leave first, then the newest."""
    since = until - timedelta(weeks=DEFAULT.window_weeks)
    asked = or_(Comment.wants_senior, Comment.kind.in_(("escalation", "termination")))
    note = aliased(Comment)
    talked = exists().where(
        and_(
            note.account_id == Comment.account_id, note.source == "staff_note", note.said_at > Comment.said_at
        )
    )
    rows = session.execute(
        select(Comment, Account, Contact, Reading.masks, User.name)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(User, User.id == Account.owner_id)
        .where(asked, Comment.said_at >= since, Comment.said_at <= until, ~talked)
        .order_by(Comment.said_at.desc())
    )
    by_group: dict[int, list[Owed]] = {}
    for comment, account, contact, masks, owner in rows:
        if account.id in book.group_of:
            one = _owed(comment, account, contact, masked_words(comment.text, masks or []), owner)
            by_group.setdefault(book.group_of[account.id], []).append(one)
    newest = [_with_times(found) for found in by_group.values()]
    return tuple(sorted(newest, key=lambda one: (not one.leaves, -one.said_at.timestamp())))


def _owed(comment: Comment, account: Account, contact: Contact | None, words: str, owner: str | None) -> Owed:
    return Owed(
        client=account.name,
        client_public_id=account.public_id,
        comment_public_id=comment.public_id,
        person=contact.name if contact else None,
        about=contact.role if contact else None,
        phone=contact.phone if contact else None,
        words=words,
        said_at=comment.said_at,
        leaves=comment.kind == "termination",
        times=1,
        owner=owner,
    )


def _with_times(found: list[Owed]) -> Owed:
    first = next((one for one in found if one.leaves), found[0])
    return replace(first, times=len(found))
