"""Decisions for pages: frozen rows out, with the figures of their day beside those of now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import Audit, User
from voc.core import clock
from voc.decisions.deciding import figures_now
from voc.decisions.models import Decision
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import family_of
from voc.reports.parts import Marked
from voc.web.words import date_words

CHOICE_WORDS = {
    "change": "we change it",
    "keep": "we keep it",
    "look_further": "we look further first",
    "not_now": "not now",
}
CHOICE_LABELS = {
    "change": "Change it",
    "keep": "Keep it as it is",
    "look_further": "Look further first",
    "not_now": "Not now",
}
_ACTS = {
    "decision.decide": "Decided",
    "decision.done": "Said that it is done",
    "decision.done_back": "Said that it is not done after all",
    "decision.look_again": "Looked again at the figures",
    "decision.look_back": "Took back that we looked again",
    "decision.undo": "Undone",
}
_LISTED = 200


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision in a list."""

    public_id: str
    issue: str
    issue_public_id: str
    choice: str
    words: str
    message: str | None
    owner: str
    decided_by: str
    decided_at: datetime
    due_on: date
    look_again_on: date
    done_at: datetime | None
    looked_again_at: datetime | None
    told_at: datetime | None
    undone_at: datetime | None

    @property
    def choice_words(self) -> str:
        """What was decided, in words."""
        return CHOICE_WORDS[self.choice]

    def is_late(self, today: date) -> bool:
        """Whether it was due before today and nobody said that it is done."""
        return self.done_at is None and self.undone_at is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of the day of the decision, and now."""

    words: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """One decision with what came of it."""

    row: DecisionRow
    changes: tuple[Change, ...]
    value_before: int
    value_now: int
    history: tuple[tuple[datetime, str, str], ...]


def _rows(
    session: Session, *conditions: ColumnElement[bool], limit: int = _LISTED
) -> tuple[DecisionRow, ...]:
    owner, decider = aliased(User), aliased(User)
    query: Select[Decision, str, str, str, str] = (
        select(Decision, Issue.name, Issue.public_id, owner.name, decider.name)
        .join(Issue, Issue.id == Decision.issue_id)
        .join(owner, owner.id == Decision.owner_id)
        .join(decider, decider.id == Decision.decided_by_id)
        .where(*conditions)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    return tuple(_row(*row) for row in session.execute(query))


def _row(one: Decision, issue: str, issue_public_id: str, owner: str, decider: str) -> DecisionRow:
    return DecisionRow(
        one.public_id, issue, issue_public_id, one.choice, one.words, one.message, owner, decider, one.decided_at,
        one.due_on, one.look_again_on, one.done_at, one.looked_again_at, one.told_at, one.undone_at,
    )  # fmt: skip


def decisions(session: Session) -> tuple[DecisionRow, ...]:
    """All decisions, the newest first; undone ones stay in the list."""
    return _rows(session)


def decisions_about(session: Session, issue: Issue) -> tuple[DecisionRow, ...]:
    """The decisions about one issue and those merged into it, the newest first."""
    return _rows(session, Decision.issue_id.in_(family_of(issue.id, merged_into(session))))


def newest_decisions(session: Session, number: int) -> tuple[DecisionRow, ...]:
    """The newest decisions that stand."""
    return _rows(session, Decision.undone_at.is_(None), limit=number)


def look_again_due(today: date) -> ColumnElement[bool]:
    """What makes a decision owed a second look."""
    return (
        Decision.undone_at.is_(None) & Decision.looked_again_at.is_(None) & (Decision.look_again_on <= today)
    )


def due_for_a_look(session: Session, today: date, limit: int = _LISTED) -> tuple[DecisionRow, ...]:
    """Decisions whose look-again day has come."""
    return _rows(session, look_again_due(today), limit=limit)


def decision_shown(session: Session, decision: Decision) -> DecisionShown:
    """One decision, its figures then and now, and who did what with it."""
    issue = session.get_one(Issue, decision.issue_id)
    return _shown(
        session,
        decision,
        _rows(session, Decision.id == decision.id)[0],
        figures_now(session, [issue])[issue.id],
    )


def shown_of(session: Session, rows: Sequence[DecisionRow]) -> tuple[DecisionShown, ...]:
    """As `decision_shown`, for decisions of a list: the ranking is read once."""
    found = session.execute(
        select(Decision, Issue)
        .join(Issue, Issue.id == Decision.issue_id)
        .where(Decision.public_id.in_([row.public_id for row in rows]))
    ).all()
    now = figures_now(session, [issue for _, issue in found]) if found else {}
    by_key = {decision.public_id: decision for decision, _ in found}
    return tuple(
        _shown(session, by_key[row.public_id], row, now[by_key[row.public_id].issue_id]) for row in rows
    )


def _shown(session: Session, decision: Decision, row: DecisionRow, now: dict[str, int]) -> DecisionShown:
    then = {name: value if isinstance(value := decision.before.get(name), int) else 0 for name in now}
    return DecisionShown(
        row=row,
        changes=changes(then, now),
        value_before=then["value_cents"],
        value_now=now["value_cents"],
        history=_history(session, decision),
    )


_CHANGES = (
    ("has_it", "clients have it"),
    ("told", "told us"),
    ("said_yes", "said yes when asked"),
    ("reported", "not confirmed yet"),
    ("has_not", "do not have it"),
    ("comments", "comments"),
)


def changes(then: dict[str, int], now: dict[str, int]) -> tuple[Change, ...]:
    """The figures of both days side by side, none added to another."""
    return tuple(Change(words, then[name], now[name]) for name, words in _CHANGES)


def _history(session: Session, decision: Decision) -> tuple[tuple[datetime, str, str], ...]:
    rows = session.execute(
        select(Audit.at, Audit.act, User.name)
        .join(User, User.id == Audit.user_id)
        .where(Audit.thing == f"decision {decision.public_id}", Audit.act.in_(_ACTS))
        .order_by(Audit.id.desc())
    )
    return tuple((at, _ACTS[act], by) for at, act, by in rows)


def decided_already(session: Session, issue_ids: Sequence[int]) -> dict[int, str]:
    """The newest standing decision about each issue that nobody has looked at again since."""
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.owner_id)
        .where(Decision.issue_id.in_(list(issue_ids)))
        .where(Decision.undone_at.is_(None), Decision.looked_again_at.is_(None))
        .order_by(Decision.id)
    )
    return {one.issue_id: _said_briefly(one, owner) for one, owner in rows}


def _said_briefly(one: Decision, owner: str) -> str:
    today = clock.now().date()
    done = (
        f"done on {date_words(one.done_at, today)}" if one.done_at else f"by {date_words(one.due_on, today)}"
    )
    return f"Decided: {CHOICE_WORDS[one.choice]}. {owner}, {done}."


def decision_marks(session: Session, issue_ids: Sequence[int], since: datetime) -> list[Marked]:
    """Decisions and their doing, to be marked on the issues' trends."""
    rows = session.scalars(
        select(Decision).where(
            Decision.issue_id.in_(list(issue_ids)), Decision.undone_at.is_(None), Decision.decided_at >= since
        )
    )
    found = []
    for one in rows:
        found.append(Marked(one.issue_id, one.decided_at, f"decided: {CHOICE_WORDS[one.choice]}"))
        if one.done_at is not None:
            found.append(Marked(one.issue_id, one.done_at, "done"))
    return found
