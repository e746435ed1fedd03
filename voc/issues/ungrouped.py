"""What stands in no issue yet, and why, in words: never hidden, each a choice away from an issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.evidence import Evidence
from voc.analysis.models import Reading, Vector
from voc.core import clock
from voc.db.upsert import insert_or_replace
from voc.intake.models import Comment
from voc.issues.models import Issue, Match, NoProblem, Ungrouped
from voc.issues.pages import Choice
from voc.issues.proposals.rules import alike_words
from voc.issues.queries import masked_words, merged_into
from voc.issues.rules import root_of
from voc.issues.ties.queries import ground_of
from voc.issues.ties.showing import about, marked
from voc.web.words import date_words

WHY_WORDS = {
    "small_talk": ("thanks, greetings and the like", "It reads like a greeting, thanks or a note that names no matter."),
    "nothing_near": ("no two others say the same yet", "No two others say the same yet. With three it becomes an issue."),
    "few": ("too few say it", "A few comments say something like it; with three or more it becomes an issue."),
    "one_client": ("only one client says it", "Only this client says it so far. It becomes an issue when others say it too."),
    "no_concern": ("others say the like, nobody says it hurts", "Others say the like, but hardly anyone says that it hurts."),
    "taken_out": ("taken out by a colleague", "A colleague took it, or comments like it, out of the issue it would go to."),
    "": ("not looked at yet", "It was read and waits for the next look over all comments."),
}  # fmt: skip
NOT_READ = "No machine could read it, perhaps because of its language. It waits for a person to put it with an issue."
NO_PROBLEM = "no_problem"
"""The reason that a person gave; those that wait for one are all the others."""
SAID_WORDS = WHY_WORDS | {
    NO_PROBLEM: (
        "said to be no problem",
        "A colleague said that it is no problem. No machine puts it with an issue.",
    )
}
_MOST_WORDS = 280  # characters of a comment in the list
_Refused = aliased(Match)
_Read = aliased(Reading)


@dataclass(frozen=True, slots=True)
class Standing:
    """Why one comment stands in no issue; `near` holds up to three (issue, similarity), the nearest first."""

    account_id: int
    comment_id: int
    why: str
    near: tuple[tuple[int, float], ...]


def keep_why(session: Session, rows: Sequence[Standing]) -> None:
    """Remembers why comments stand in no issue; what was said of them before is replaced."""
    insert_or_replace(
        session,
        Ungrouped,
        [
            {
                "account_id": one.account_id, "comment_id": one.comment_id, "why": one.why,
                "near": [list(pair) for pair in one.near], "at": clock.now(),
            }
            for one in rows
        ],
        keys=("account_id", "comment_id"),
        values=("why", "near", "at"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggested:
    """An issue that a comment could go to, and how alike they are."""

    issue: Choice
    similarity: float
    alike: str

    @property
    def percent(self) -> int:
        """The similarity in whole hundredths."""
        return round(100 * self.similarity)

    @property
    def about(self) -> str:
        """Where the evidence of the comment's words keeps what it shares with this issue."""
        return about(self.issue.public_id)


@dataclass(frozen=True, slots=True)
class Loose:
    """One comment that stands in no issue; `evidence` marks what it shares with the issues it is nearest to."""

    public_id: str
    client: str
    words: str
    said_at: datetime
    why: str
    suggested: tuple[Suggested, ...]
    evidence: Evidence


def _loose(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:  # whatever columns it selects
    """Read comments that no issue holds."""
    stands = (Match.account_id == Vector.account_id) & (Match.comment_id == Vector.comment_id)
    said = (Ungrouped.account_id == Vector.account_id) & (Ungrouped.comment_id == Vector.comment_id)
    return (
        query.select_from(Vector)
        .join(Comment, (Vector.account_id == Comment.account_id) & (Vector.comment_id == Comment.id))
        .outerjoin(Match, stands & (Match.state != "refused"))
        .outerjoin(Ungrouped, said)
        .where(Match.comment_id.is_(None))
    )


def _why() -> ColumnElement[str | None]:
    """A person's word first: what somebody took out is loose for that reason."""
    waits = (Ungrouped.why == "small_talk") & _hurts()
    said = (is_no_problem(), NO_PROBLEM), (_is_taken_out(), "taken_out")
    return case(*said, (waits, "nothing_near"), else_=Ungrouped.why)


def is_no_problem() -> ColumnElement[bool]:
    """Whether a person said of a comment that it is no problem."""
    return exists().where(NoProblem.account_id == Comment.account_id, NoProblem.comment_id == Comment.id)


def _hurts() -> ColumnElement[bool]:
    """Whether the client ticked that it hurts, or the machine reads harm or a risk in it: never small talk."""
    reads = exists(
        select(_Read.comment_id).where(
            _Read.account_id == Comment.account_id,
            _Read.comment_id == Comment.id,
            or_(_Read.severity.is_not(None), _Read.escalation.is_not(None), _Read.departure.is_not(None)),
        )
    )
    ticked = or_(
        Comment.hurt.is_not(None), Comment.wants_senior, Comment.kind.in_(("escalation", "termination"))
    )
    return or_(ticked, reads)


def _is_taken_out() -> ColumnElement[bool]:
    return exists(
        select(_Refused.comment_id).where(
            _Refused.account_id == Comment.account_id,
            _Refused.comment_id == Comment.id,
            _Refused.state == "refused",
        )
    )


def count_by_why(session: Session) -> dict[str, int]:
    """How many comments stand in no issue for each reason; "" where no reason is known yet."""
    told = _loose(select(_why().label("why"), Comment.id)).subquery()
    rows = session.execute(select(told.c.why, func.count()).group_by(told.c.why)).all()
    return {why or "": number for why, number in rows}


def number_taken_out(session: Session) -> int:
    """How many comments that a person took out of an issue stand in none."""
    return session.scalar(_loose(select(func.count(Comment.id))).where(_is_taken_out())) or 0


def waiting_keys() -> Select[int, int]:
    """The keys of all comments that stand in no issue and wait for one."""
    return _loose(select(Comment.account_id, Comment.id.label("comment_id"))).where(~is_no_problem())


def loose_keys(session: Session, *, limit: int) -> list[tuple[int, int]]:
    """The newest comments that stand in no issue and wait for one, oldest first."""
    query = waiting_keys().order_by(Comment.said_at.desc()).limit(limit)
    return [(account, comment) for account, comment in reversed(session.execute(query).all())]


def oldest(session: Session) -> datetime | None:
    """When the oldest comment that waits for an issue was said."""
    return session.execute(_loose(select(func.min(Comment.said_at))).where(~is_no_problem())).scalar()


def loose_comments(
    session: Session,
    *,
    why: str | None,
    oldest_first: bool,
    limit: int,
    offset: int = 0,
    but: ColumnElement[bool] | None = None,
) -> tuple[Loose, ...]:
    """Comments that stand in no issue, for one reason or (None) for any but a person's, with the issues they are nearest to.

    Those where somebody says that it hurts come first; those for which `but` holds are left out.
    """
    query = (
        _loose(select(Comment, Account.name, Reading.masks, _why(), Ungrouped.near))
        .join(Account, Account.id == Comment.account_id)
        .join(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
    )
    query = query.where(~is_no_problem() if why is None else _is_why(why))
    if but is not None:
        query = query.where(~but)
    by_time = Comment.said_at if oldest_first else Comment.said_at.desc()
    rows = session.execute(
        query.order_by(case((_hurts(), 0), else_=1), by_time, Comment.id.desc()).limit(limit).offset(offset)
    ).all()
    issues = _issues_near(session, [near or [] for _, _, _, _, near in rows])
    outs = _taken_out_by(session, [(row[0].account_id, row[0].id) for row in rows])
    found, names = [], known_names(session)
    ground = ground_of(session, {issue.id for issue in issues.values()})
    for comment, client, masks, reason, near in rows:
        words = masked_words(comment.text, masks, names)
        near_ids = {issues[int(one)].id: issues[int(one)].public_id for one, _ in near or [] if one in issues}
        shown, evidence = marked(ground, near_ids, comment.id, words, is_in=False, most=_MOST_WORDS)
        why_here = _out(outs, comment, reason) or SAID_WORDS[reason or ""][1]
        suggested = _suggestions(near or [], issues)
        found.append(Loose(comment.public_id, client, shown, comment.said_at, why_here, suggested, evidence))
    return tuple(found)


def _out(outs: Mapping[tuple[int, int], str], comment: Comment, reason: str | None) -> str | None:
    return None if reason == NO_PROBLEM else outs.get((comment.account_id, comment.id))


def _taken_out_by(session: Session, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Who took these comments out of which issue, and when, in a sentence; the last where several did."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.at, User.name, Issue.name)
        .join(User, User.id == Match.by_id)
        .join(Issue, Issue.id == Match.issue_id)
        .where(Match.state == "refused", tuple_(Match.account_id, Match.comment_id).in_(list(keys)))
        .order_by(Match.at)
    )
    return {
        (account, comment): f"{by} took it out of “{issue}” on {date_words(at, clock.now().date())}."
        for account, comment, at, by, issue in rows
    }


def _is_why(why: str) -> ColumnElement[bool]:
    return _why() == why if why else _why().is_(None)


def why_of(session: Session, comment: Comment) -> tuple[str, tuple[Suggested, ...]]:
    """The sentence why this comment stands in no issue, and the issues it is nearest to."""
    row = session.execute(
        select(_why(), Ungrouped.near, Reading.read_by_machine)
        .select_from(Comment)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(
            Ungrouped, (Ungrouped.account_id == Comment.account_id) & (Ungrouped.comment_id == Comment.id)
        )
        .where(Comment.account_id == comment.account_id, Comment.id == comment.id)
    ).one()
    why, near, was_read = row
    key = (comment.account_id, comment.id)
    said = _out(_taken_out_by(session, [key]), comment, why) or (
        NOT_READ if was_read is False and why != NO_PROBLEM else SAID_WORDS[why or ""][1]
    )
    return said, _suggestions(near or [], _issues_near(session, [near or []]))


def nearest_of(session: Session, kinds: Sequence[Sequence[str]]) -> list[tuple[Choice, float] | None]:
    """For each list of comments, by public id, the issue that is nearest to all of them and how near; None for none."""
    wanted = [public_id for kind in kinds for public_id in kind]
    own = (Comment.account_id == Ungrouped.account_id) & (Comment.id == Ungrouped.comment_id)
    rows = session.execute(
        select(Comment.public_id, Ungrouped.near).join(Ungrouped, own).where(Comment.public_id.in_(wanted))
    ).all()
    near = dict(rows)
    issues = _issues_near(session, list(near.values()))
    return [_nearest([near.get(one, []) for one in kind], issues) for kind in kinds]


def _nearest(
    near: Sequence[Sequence[Sequence[float]]], issues: Mapping[int, Issue]
) -> tuple[Choice, float] | None:
    sums: dict[Choice, float] = {}
    for pairs in near:
        for number, similarity in pairs:
            issue = issues.get(int(number))
            if issue is not None:
                choice = Choice(issue.public_id, issue.name)
                sums[choice] = sums.get(choice, 0.0) + similarity / len(near)
    return max(sums.items(), key=lambda one: (one[1], one[0].public_id), default=None)


def _issues_near(session: Session, near: Sequence[Sequence[Sequence[float]]]) -> dict[int, Issue]:
    """The issues named there, each by the id it had then: one that was merged since gives the one that counts."""
    merged = merged_into(session)
    roots = {int(issue): root_of(int(issue), merged) for pairs in near for issue, _ in pairs}
    rows = {row.id: row for row in session.scalars(select(Issue).where(Issue.id.in_(set(roots.values()))))}
    return {issue: rows[root] for issue, root in roots.items() if root in rows}


def _suggestions(near: Sequence[Sequence[float]], issues: Mapping[int, Issue]) -> tuple[Suggested, ...]:
    found: dict[int, Suggested] = {}
    for issue_id, similarity in near:
        issue = issues.get(int(issue_id))
        if issue is not None and issue.id not in found:
            choice = Choice(issue.public_id, issue.name)
            found[issue.id] = Suggested(choice, similarity, alike_words(similarity))
    return tuple(found.values())


def not_read_by_machine(session: Session) -> int:
    """How many comments no machine read, so that none could group them: other languages, nothing but signs."""
    query = select(func.count()).select_from(Reading).where(Reading.read_by_machine.is_(False))
    return session.scalar(query) or 0
