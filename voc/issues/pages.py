"""What the issue pages show of matches, history and neighbours: frozen rows out."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.models import Account, Service
from voc.accounts.names import known_names
from voc.analysis.evidence import Evidence
from voc.analysis.models import Reading
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues.models import Act, Issue, IssueService, Match
from voc.issues.queries import issues_in, masked_words, merged_into
from voc.issues.rules import family_of, root_of
from voc.issues.ties.queries import Ground, ground_of
from voc.issues.ties.sentences import BY_PERSON, how_sure, word_of_person
from voc.issues.ties.showing import marked

BEHIND_WORDS = {
    "changed_unasked": "we changed it without asking",
    "did_not_know": "we did not know it mattered",
    "promised_otherwise": "we promised otherwise",
    "did_not_answer": "we did not answer",
    "other": "something else",
}
STATE_WORDS = {"not_now": "not now", "watching": "watching", "done": "done"}
_ACTS_SHOWN, _ACTS_READ = 50, 500
_MOST_WORDS = 420  # characters of a comment on an issue's page
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
    "one_matter": "Looked at it: one matter, called “{name}”",
    "dissolve": "Said that it is not one matter: {number} went back to “not grouped yet”",
    "no_problem": "Said that it is no problem: {number} left it",
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a comment stands in an issue: a person's word, what the machine found, and how sure it was."""

    person: str
    machine: tuple[str, ...]
    score: float | None


def why_of_match(session: Session, match: Match, by: str | None) -> Why:
    """A person's word comes first; the machine's reasons stay beside it."""
    names, is_you = known_names(session), match.by_id == principal_of(session).user_id
    word = word_of_person(match.state, by, was_put=BY_PERSON in match.reasons, is_you=is_you)
    said = [how_sure(names.hide(reason)) for reason in match.reasons if not word or reason != BY_PERSON]
    return Why(word, tuple(said), match.score)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment that stands in an issue, or was taken out of it; `evidence` marks what ties it to the others."""

    public_id: str
    client: str
    client_public_id: str
    words: str
    said_at: datetime
    evidence: Evidence
    why: Why
    is_masked: bool


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
    """Comments of the issue in one match state, the surest first; personal details masked.

    `words` are the whole comment, or of a long one the part that says why it stands here.
    """
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
    found = rows.all()
    ground = ground_of(session, [issue.id]) if found else Ground({})
    return tuple(_said(session, row, issue, ground) for row in found)


def _stands_in(session: Session, issue: Issue, state: str) -> ColumnElement[bool]:
    family = family_of(issue.id, merged_into(session))
    return Match.issue_id.in_(family) & (Match.state == state)


def _said(session: Session, row: Row[*tuple[Any, ...]], issue: Issue, ground: Ground) -> Said:
    match, comment, account, masks, by = row
    words = masked_words(comment.text, masks or [], known_names(session))
    is_in, names = match.state != "refused", {issue.id: issue.public_id}
    shown, evidence = marked(ground, names, comment.id, words, is_in=is_in, most=_MOST_WORDS)
    why = why_of_match(session, match, by)
    return Said(
        comment.public_id, account.name, account.public_id, shown, comment.said_at, evidence, why,
        is_masked=words != comment.text,
    )  # fmt: skip


def count_in(session: Session, issue: Issue) -> dict[str, int]:
    """How many comments of the issue stand in each match state."""
    family = family_of(issue.id, merged_into(session))
    rows = session.execute(
        select(Match.state, func.count()).where(Match.issue_id.in_(family)).group_by(Match.state)
    )
    return {"machine": 0, "confirmed": 0, "refused": 0} | dict(rows.all())


def history(session: Session, issue: Issue) -> tuple[Done, ...]:
    """What people did with the issue, newest first; what they moved out of it or to it from another one too."""
    family = family_of(issue.id, merged_into(session))
    rows = session.execute(
        select(Act, User.name)
        .join(User, User.id == Act.by_id)
        .where(Act.issue_id.in_(family) | Act.verb.in_(("move", "split")))
        .order_by(Act.id.desc())
        .limit(_ACTS_READ)
    )
    mine = islice(((act, by) for act, by in rows if issues_in(act) & family), _ACTS_SHOWN)
    return tuple(
        Done(act.public_id, _act_words(act, family), by, act.at, can_undo=act.undone_at is None)
        for act, by in mine
    )


def _act_words(act: Act, family: frozenset[int]) -> str:
    matches = act.after.get("matches")
    whole = matches if isinstance(matches, list) else []
    here = [one for one in whole if one["issue"] in family]
    number = len({(one["account"], one["comment"]) for one in here})
    if act.verb in {"move", "split"} and all(one["state"] == "confirmed" for one in here):
        words = f"Put {_comments(number)} here" + (", out of another issue" if len(here) < len(whole) else "")
        return f"{words} (undone)" if act.undone_at else words
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


def issues_of(session: Session, comment: Comment) -> tuple[tuple[Choice, Match, Why], ...]:
    """The issues one comment stands in, with the match and why."""
    merged = merged_into(session)
    rows = session.execute(
        select(Match, User.name)
        .outerjoin(User, User.id == Match.by_id)
        .where(
            Match.account_id == comment.account_id, Match.comment_id == comment.id, Match.state != "refused"
        )
    ).all()
    return tuple(
        (_choice_of(session, match, merged), match, why_of_match(session, match, by)) for match, by in rows
    )


def _choice_of(session: Session, match: Match, merged: dict[int, int]) -> Choice:
    issue = session.get_one(Issue, root_of(match.issue_id, merged))
    return Choice(issue.public_id, issue.name)


def machine_matches(session: Session) -> int:
    """How many matches no person has looked at."""
    query = select(func.count()).select_from(Match).where(Match.state == "machine")
    return session.scalar(query) or 0
