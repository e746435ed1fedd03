"""The themes in use, how often each was seen, and who changed them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from voc.access.models import Audit, User
from voc.analysis.models import Label, ReadingTheme, Theme
from voc.core.policy import DEFAULT
from voc.core.text import fingerprint
from voc.intake.models import Comment
from voc.intake.queries import window_end

ACTS = {
    "theme.add": "added", "theme.change": "changed", "theme.retire": "retired",
    "theme.restore": "put back in use", "theme.undo": "change undone",
}  # fmt: skip
_HISTORY = 30


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme with what was seen in the window: by the machine, added by people, taken away by people."""

    public_id: str
    key: str
    name: str
    description: str
    examples: tuple[str, ...]
    by_machine: int
    added: int
    taken_away: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class ThemeAct:
    """One change of the themes."""

    at: datetime
    by: str | None
    theme: str
    words: str


def themes(session: Session) -> tuple[tuple[ThemeRow, ...], datetime]:
    """All themes by name, retired ones too, and the moment the counts begin."""
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    seen, said = _by_machine(session, since), _by_people(session, since)
    rows = tuple(
        ThemeRow(
            row.public_id, row.key, row.name, row.description, tuple(row.examples),
            seen.get(row.id, 0), *said.get(row.key, (0, 0)), row.retired_at,
        )
        for row in session.scalars(select(Theme).order_by(Theme.name))
    )  # fmt: skip
    return rows, since


def _by_machine(session: Session, since: datetime) -> dict[int, int]:
    query = (
        select(ReadingTheme.theme_id, func.count())
        .join(
            Comment, (Comment.account_id == ReadingTheme.account_id) & (Comment.id == ReadingTheme.comment_id)
        )
        .where(Comment.said_at >= since)
        .group_by(ReadingTheme.theme_id)
    )
    return dict(session.execute(query).all())


def _by_people(session: Session, since: datetime) -> dict[str, tuple[int, int]]:
    # The newest label of a comment and theme counts; keys rise with time.
    newest = (
        select(func.max(Label.id))
        .join(Comment, (Comment.account_id == Label.account_id) & (Comment.id == Label.comment_id))
        .where(Label.kind == "theme", Comment.said_at >= since)
        .group_by(Label.account_id, Label.comment_id, Label.value)
    )
    query = (
        select(
            Label.value, func.sum(case((Label.holds, 1), else_=0)), func.sum(case((Label.holds, 0), else_=1))
        )
        .where(Label.id.in_(newest))
        .group_by(Label.value)
    )
    return {key: (int(added), int(away)) for key, added, away in session.execute(query)}


def handle_of(audit_id: int) -> str:
    """The name of a change in a URL."""
    return fingerprint("audit", str(audit_id))


def newest_act(session: Session, public_id: str) -> Audit | None:
    """The newest change of one theme."""
    query = select(Audit).where(Audit.thing == f"theme {public_id}").order_by(Audit.id.desc())
    return session.scalar(query.limit(1))


def history(session: Session) -> tuple[ThemeAct, ...]:
    """The latest changes of themes, newest first."""
    rows = session.execute(
        select(Audit, User.name)
        .outerjoin(User, User.id == Audit.user_id)
        .where(Audit.act.in_(list(ACTS)))
        .order_by(Audit.id.desc())
        .limit(_HISTORY)
    )
    names = dict(session.execute(select(Theme.public_id, Theme.name)).all())
    return tuple(
        ThemeAct(row.at, by, names.get(row.thing.removeprefix("theme "), ""), _words(row)) for row, by in rows
    )


def _words(row: Audit) -> str:
    before, after = row.detail.get("name_before"), row.detail.get("name")
    if row.act == "theme.change" and before != after:
        return f"renamed, was “{before}”"
    return "described anew" if row.act == "theme.change" else ACTS[row.act]
