"""What the issue pages show of matches, history and neighbours: frozen rows out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.models import Account, Service
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.core.names import Names
from voc.intake.models import Comment
from voc.issues.models import Act, Issue, IssueService, Match
from voc.issues.queries import masked_words, merged_into
from voc.issues.rules import family_of, root_of

BEHIND_WORDS = {
    "changed_unasked": "we changed it without asking",
    "did_not_know": "we did not know it mattered",
    "promised_otherwise": "we promised otherwise",
    "did_not_answer": "we did not answer",
    "other": "something else",
}
STATE_WORDS = {"not_now": "not now", "watching": "watching", "done": "done"}
_SAYS = {
    "name": "Named it “{name}”",
    "confirm": "Confirmed {number} said by clients",
    "refuse": "Took {number} out",
    "move": "Moved {number} to another issue",
    "split": "Made a new issue of {number}",
    "found": "Made it of {number} that stood in no issue",
    "merge": "Merged it into another issue",
    "services": "Said which services it touches",
    "behind": "Said what is behind it",
    "state": "Set where it stands",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One comment that stands in an issue."""

    public_id: str
    client: str
    client_public_id: str
    words: str
    said_at: datetime
    state: str
    score: float | None
    reasons: tuple[str, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """One act in an issue's history."""

    public_id: str
    words: str
    by: str
    at: datetime
    can_undo: bool


def comments_in(
    session: Session, issue: Issue, *, state: str, limit: int, offset: int = 0
) -> tuple[Said, ...]:
    """Comments of the issue in one match state, the surest first; personal details masked."""
    rows = session.execute(
        select(Match, Comment, Account, Reading.masks, User.name)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .join(Account, Account.id == Match.account_id)
        .outerjoin(
            Reading, (Reading.account_id == Match.account_id) & (Reading.comment_id == Match.comment_id)
        )
        .outerjoin(User, User.id == Match.by_id)
        .where(_stands_in(session, issue, state))
        .order_by(Match.score.desc(), Comment.id)
        .limit(limit)
        .offset(offset)
    )
    names = known_names(session)
    return tuple(_said(*row, names) for row in rows)


def _stands_in(session: Session, issue: Issue, state: str) -> ColumnElement[bool]:
    family = family_of(issue.id, merged_into(session))
    return Match.issue_id.in_(family) & (Match.state == state)


def _said(
    match: Match,
    comment: Comment,
    account: Account,
    masks: list[list[object]] | None,
    by: str | None,
    names: Names,
) -> Said:
    return Said(
        comment.public_id,
        account.name,
        account.public_id,
        masked_words(comment.text, masks or [], names),
        comment.said_at,
        match.state,
        match.score,
        tuple(names.hide(reason) for reason in match.reasons),
        by,
    )


def count_in(session: Session, issue: Issue) -> dict[str, int]:
    """How many comments of the issue stand in each match state."""
    family = family_of(issue.id, merged_into(session))
    rows = session.execute(
        select(Match.state, func.count()).where(Match.issue_id.in_(family)).group_by(Match.state)
    )
    return {"machine": 0, "confirmed": 0, "refused": 0} | dict(rows.all())


def history(session: Session, issue: Issue) -> tuple[Done, ...]:
    """What people did with the issue, newest first."""
    rows = session.execute(
        select(Act, User.name)
        .join(User, User.id == Act.by_id)
        .where(Act.issue_id.in_(family_of(issue.id, merged_into(session))))
        .order_by(Act.id.desc())
        .limit(50)
    )
    return tuple(
        Done(act.public_id, _act_words(act), by, act.at, can_undo=act.undone_at is None) for act, by in rows
    )


def _act_words(act: Act) -> str:
    matches = act.after.get("matches")
    number = len({(one["account"], one["comment"]) for one in matches}) if isinstance(matches, list) else 0
    words = _SAYS[act.verb].format(name=act.after.get("name"), number=_comments(number))
    return f"{words} (undone)" if act.undone_at else words


def _comments(number: int) -> str:
    return "one comment" if number == 1 else f"{number} comments"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from a list."""

    public_id: str
    name: str
    is_chosen: bool = False


def other_issues(session: Session, issue: Issue | None) -> tuple[Choice, ...]:
    """The issues a comment or an issue can go to, those that share most words with `issue` first."""
    mine = set(issue.words) if issue else set()
    rows = session.scalars(select(Issue).where(Issue.merged_into_id.is_(None)))
    others = [row for row in rows if issue is None or row.id != issue.id]
    others.sort(key=lambda row: (-len(mine & set(row.words)), row.name.casefold()))
    return tuple(Choice(row.public_id, row.name) for row in others)


def similar_issues(session: Session, issue: Issue) -> tuple[tuple[Choice, tuple[str, ...]], ...]:
    """Up to five issues that share at least two marking words with this one, and those words."""
    rows = session.scalars(select(Issue).where(Issue.merged_into_id.is_(None), Issue.id != issue.id))
    found = [(row, [word for word in issue.words if word in set(row.words)]) for row in rows]
    near = sorted((pair for pair in found if len(pair[1]) > 1), key=lambda pair: -len(pair[1]))
    return tuple((Choice(row.public_id, row.name), tuple(words)) for row, words in near[:5])


def service_choices(session: Session, issue: Issue) -> tuple[Choice, ...]:
    """Every service, ticked where the issue can touch it."""
    touched = set(session.scalars(select(IssueService.service_id).where(IssueService.issue_id == issue.id)))
    rows = session.scalars(select(Service).order_by(Service.name))
    return tuple(Choice(row.public_id, row.name, row.id in touched) for row in rows)


def issues_of(session: Session, comment: Comment) -> tuple[tuple[Choice, Match], ...]:
    """The issues one comment stands in, with the match."""
    merged = merged_into(session)
    rows = session.scalars(
        select(Match).where(
            Match.account_id == comment.account_id, Match.comment_id == comment.id, Match.state != "refused"
        )
    ).all()
    return tuple((_choice_of(session, match, merged), match) for match in rows)


def _choice_of(session: Session, match: Match, merged: dict[int, int]) -> Choice:
    issue = session.get_one(Issue, root_of(match.issue_id, merged))
    return Choice(issue.public_id, issue.name)


def machine_matches(session: Session) -> int:
    """How many matches no person has looked at."""
    query = select(func.count()).select_from(Match).where(Match.state == "machine")
    return session.scalar(query) or 0
