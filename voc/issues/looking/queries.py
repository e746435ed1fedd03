"""What a lead needs to see of an issue to say what it is: figures, and the most telling comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.alike.queries import sign_words, signs
from voc.analysis.evidence import Evidence
from voc.analysis.models import Reading, Vector
from voc.analysis.raised import severity_of
from voc.core.names import Names
from voc.intake.models import Comment
from voc.issues.looking.rules import Candidate, most_telling
from voc.issues.models import Act, Issue, Match
from voc.issues.proposals.rules import most_typical, numbers_of
from voc.issues.queries import masked_words, merged_into
from voc.issues.rules import family_of
from voc.issues.ties.queries import Ground, ground_of
from voc.issues.ties.showing import about, marked
from voc.issues.ties.words import blanked

_LOOKED_AT = 40  # the newest comments, of which the most telling are shown: a page stays quick (policy)
_MOST_WORDS = 260  # characters of a comment, as proposals show them
_WORDS = 3  # words that a heading names


@dataclass(frozen=True, slots=True)
class Sides:
    """How many comments of how many clients stand in an issue, from when to when, and how bad the worst is."""

    comments: int
    clients: int
    oldest: datetime | None
    newest: datetime | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One comment with what ties it to the others marked; `sign` is what makes it pressing, or empty."""

    public_id: str
    client: str
    words: str
    said_at: datetime
    sign: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Looked:
    """An issue as a lead looks at it: `told` are read and confirmed."""

    public_id: str
    name: str
    about: str
    sides: Sides
    words: tuple[str, ...]
    told: tuple[Said, ...]


def looked(session: Session, issue: Issue) -> Looked:
    """What the page of one issue shows; words masked, comments hidden from this principal not among them."""
    rows = _newest(session, issue)
    ground = ground_of(session, [issue.id]) if rows else Ground({})
    names = known_names(session)
    order = most_typical([numbers_of(row.numbers) for row in rows])
    found = [_candidate(rows[row], ground, issue, place, names) for place, row in enumerate(order)]
    shown = tuple(_said(rows[order[at]], ground, issue, names) for at in most_telling(found))
    return Looked(
        issue.public_id, issue.name, about(issue.public_id), _sides(session, issue), _words(issue, shown, names), shown
    )  # fmt: skip


def _stands(session: Session, issue: Issue) -> Any:  # a condition on Match
    return Match.issue_id.in_(family_of(issue.id, merged_into(session))) & (Match.state != "refused")


def _sides(session: Session, issue: Issue) -> Sides:
    row = session.execute(
        select(
            func.count(Comment.id.distinct()), func.count(Account.group_id.distinct()), func.min(Comment.said_at),
            func.max(Comment.said_at), func.max(severity_of(Match.account_id, Match.comment_id)),
        )
        .select_from(Match)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .join(Account, Account.id == Match.account_id)
        .outerjoin(Reading, (Reading.account_id == Match.account_id) & (Reading.comment_id == Match.comment_id))
        .where(_stands(session, issue))
    ).one()  # fmt: skip
    return Sides(*row)


def _newest(session: Session, issue: Issue) -> Sequence[Row[*tuple[Any, ...]]]:
    """Comment, client, group, reading, vector and what presses of the newest; one that stands twice is there once."""
    rows = session.execute(
        select(Comment, Account.name, Account.group_id, Reading, Vector.numbers, *signs())
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(Vector, (Vector.account_id == Comment.account_id) & (Vector.comment_id == Comment.id))
        .where(_stands(session, issue))
        .order_by(Comment.id.desc())
        .limit(_LOOKED_AT)
    )
    once: Mapping[int, Row[*tuple[Any, ...]]] = {row[0].id: row for row in rows}
    return list(once.values())


def _candidate(
    row: Row[*tuple[Any, ...]], ground: Ground, issue: Issue, place: int, names: Names
) -> Candidate:
    comment, _, group, reading, _, _, level, _ = row
    words = masked_words(comment.text, reading.masks if reading else [], names)
    tie = ground.tie(issue.id, comment.id, blanked(words))
    return Candidate(place, group, tie.is_weak or not tie.spans, level or 0)


def _said(row: Row[*tuple[Any, ...]], ground: Ground, issue: Issue, names: Names) -> Said:
    comment, client, _, reading, _, *pressing = row
    words = " ".join(masked_words(comment.text, reading.masks if reading else [], names).split())
    known = {issue.id: issue.public_id}
    shown, evidence = marked(ground, known, comment.id, words, is_in=True, most=_MOST_WORDS)
    return Said(comment.public_id, client, shown, comment.said_at, sign_words(*pressing), evidence)


def _words(issue: Issue, told: Sequence[Said], names: Names) -> tuple[str, ...]:
    """The words that mark the issue, as far as they stand in what is shown, and are no names."""
    seen = [" ".join(one.words.casefold().split()) for one in told]
    fits = [word for word in issue.words if not names.find(word) and any(word in text for text in seen)]
    return tuple(fits[:_WORDS])


def dissolved(session: Session) -> tuple[frozenset[int], ...]:
    """The comments, by id, of each issue that a person said is not one matter: no machine founds it of them again."""
    acts = session.scalars(select(Act).where(Act.verb == "dissolve", Act.undone_at.is_(None)))
    matches = (act.after.get("matches") for act in acts)
    return tuple(frozenset(one["comment"] for one in rows) for rows in matches if isinstance(rows, list))
