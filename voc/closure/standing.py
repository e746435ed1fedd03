"""Where each of a client's points stands, for its own pages: many at once, in a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from voc.analysis.models import Label
from voc.checks.models import Check
from voc.closure.models import SignOff, TakenOut, Told, Update
from voc.closure.rules import Facts, Message, Stand, stand
from voc.core.principal import Principal
from voc.decisions.models import Decision
from voc.intake.models import Comment, Thread
from voc.issues.models import Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of

_HIDES = frozenset({"draft", "stopped"})


@dataclass
class Line:
    """One thread with all that its step and its story follow from; `issues` are roots, never shown."""

    thread: Thread
    issues: set[int] = field(default_factory=set)
    read_at: datetime | None = None
    looking_at: datetime | None = None
    told: list[tuple[Told, Update]] = field(default_factory=list)
    signs: list[SignOff] = field(default_factory=list)
    taken_out_at: datetime | None = None

    def belongs(self, told: Told, root: int | None) -> bool:
        """Whether a message stands in this thread: it was told here, or to its speaker about the same matter."""
        if told.thread_id == self.thread.id:
            return True
        same = root in self.issues and told.contact_id == self.thread.contact_id
        return same and told.shown_at is not None and told.shown_at >= self.thread.opened_at


def stands_of(session: Session, principal: Principal, thread_ids: Sequence[int]) -> dict[int, Stand]:
    """The step of each of these threads, by its id."""
    return {key: stand_of(line) for key, line in lines_of(session, principal, thread_ids).items()}


def stand_of(line: Line) -> Stand:
    """The step of one thread from all that is known of it."""
    messages = tuple(
        Message(update.kind, update.status, told.shown_at) for told, update in line.told if told.shown_at
    )
    said = [(sign.says, sign.said_at) for sign in line.signs if sign.says and sign.said_at]
    return stand(
        Facts(
            opened_at=line.thread.opened_at,
            read_at=line.read_at,
            looking_at=line.looking_at,
            messages=messages,
            says=max(said, key=lambda one: one[1], default=None),
            taken_out_at=line.taken_out_at,
        )
    )


def lines_of(session: Session, principal: Principal, thread_ids: Sequence[int]) -> dict[int, Line]:
    """All that these threads' pages show, each thread by its id; only what the asker may see."""
    threads = session.scalars(select(Thread).where(Thread.id.in_(list(thread_ids)))).all()
    lines = {thread.id: Line(thread) for thread in threads}
    if not lines:
        return {}
    merged = merged_into(session)
    _add_links(session, lines, merged)
    _add_labels(session, lines)
    _add_looking(session, lines, merged)
    _add_told(session, principal, lines, merged)
    _add_taken_out(session, lines)
    return lines


def _add_links(session: Session, lines: Mapping[int, Line], merged: Mapping[int, int]) -> None:
    rows = session.execute(
        select(Comment.thread_id, Match.issue_id, Match.at)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(Comment.thread_id.in_(list(lines)), Match.state == "confirmed")
    )
    for thread_id, issue_id, at in rows:
        line = lines[thread_id]
        line.issues.add(root_of(issue_id, merged))
        line.read_at = min(line.read_at or at, at)


def _add_labels(session: Session, lines: Mapping[int, Line]) -> None:
    rows = session.execute(
        select(Comment.thread_id, func.min(Label.at))
        .join(Label, (Label.account_id == Comment.account_id) & (Label.comment_id == Comment.id))
        .where(Comment.thread_id.in_(list(lines)))
        .group_by(Comment.thread_id)
    )
    for thread_id, at in rows:
        lines[thread_id].read_at = min(lines[thread_id].read_at or at, at)


def _add_looking(session: Session, lines: Mapping[int, Line], merged: dict[int, int]) -> None:
    """We look into a matter from its first question or decision on; who was asked is nobody's to know."""
    roots = {root for line in lines.values() for root in line.issues}
    families = sorted({member for root in roots for member in family_of(root, merged)})
    if not families:
        return
    asked = session.execute(
        select(Check.issue_id, func.min(Check.opened_at))
        .where(Check.issue_id.in_(families), Check.opened_at.is_not(None), Check.state.not_in(sorted(_HIDES)))
        .group_by(Check.issue_id)
    ).all()
    decided = session.execute(
        select(Decision.issue_id, func.min(Decision.decided_at))
        .where(Decision.issue_id.in_(families), Decision.undone_at.is_(None))
        .group_by(Decision.issue_id)
    ).all()
    for issue_id, at in [(issue_id, at) for issue_id, at in [*asked, *decided] if at is not None]:
        root = root_of(issue_id, merged)
        for line in lines.values():
            if root in line.issues:
                line.looking_at = min(line.looking_at or at, at)


def _add_told(
    session: Session, principal: Principal, lines: Mapping[int, Line], merged: Mapping[int, int]
) -> None:
    accounts = sorted({line.thread.account_id for line in lines.values()})
    people = sorted({line.thread.contact_id for line in lines.values() if line.thread.contact_id})
    query = (
        select(Told, Update)
        .join(Update, Update.id == Told.update_id)
        .where(Told.account_id.in_(accounts), Told.shown_at.is_not(None))
        .where(or_(Told.thread_id.in_(list(lines)), Told.contact_id.in_(people)))
        .order_by(Told.shown_at)
    )
    if principal.own_threads_only:
        query = query.where(Told.contact_id.in_(sorted(principal.contact_ids)))
    rows = session.execute(query).all()
    signs = _signs(session, accounts, [update.id for _, update in rows if update.kind == "solved"])
    for told, update in rows:
        root = root_of(update.issue_id, merged) if update.issue_id is not None else None
        for line in lines.values():
            if line.thread.account_id == told.account_id and line.belongs(told, root):
                line.told.append((told, update))
                sign = signs.get((update.id, told.account_id, told.contact_id))
                if sign is not None:
                    line.signs.append(sign)


def _signs(
    session: Session, accounts: Sequence[int], updates: Sequence[int]
) -> dict[tuple[int, int, int], SignOff]:
    if not updates:
        return {}
    rows = session.scalars(
        select(SignOff).where(SignOff.account_id.in_(list(accounts)), SignOff.update_id.in_(list(updates)))
    )
    return {(row.update_id, row.account_id, row.contact_id): row for row in rows}


def _add_taken_out(session: Session, lines: Mapping[int, Line]) -> None:
    rows = session.execute(
        select(TakenOut.thread_id, func.max(TakenOut.at))
        .where(TakenOut.thread_id.in_(list(lines)), TakenOut.undone_at.is_(None))
        .group_by(TakenOut.thread_id)
    )
    for thread_id, at in rows:
        lines[thread_id].taken_out_at = at
