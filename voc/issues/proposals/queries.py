"""Proposals for pages: what is open, both sides of one, what was answered last; frozen rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.evidence import Piece
from voc.analysis.models import Reading, Vector
from voc.core.names import Names
from voc.intake.models import Comment
from voc.issues.models import Act, Issue, Match, Proposal
from voc.issues.pages import Choice
from voc.issues.proposals.rules import alike_words, excerpt, marks, most_typical, numbers_of
from voc.issues.queries import masked_words, merged_into
from voc.issues.rules import family_of

_TYPICAL = 3
_LOOKED_AT = 60  # the newest comments, of which the three nearest to the middle of them all are shown
_Issue, _Other = Issue, aliased(Issue)


@dataclass(frozen=True, slots=True)
class Line:
    """One open proposal in a list."""

    public_id: str
    kind: str
    issue: str
    other: str | None
    comments: int
    reason: str
    made_at: datetime

    @property
    def title(self) -> str:
        """What is asked, in one line."""
        if self.kind == "merge":
            return f"“{self.issue}” and “{self.other}”: the same?"
        if self.kind == "split":
            return f"“{self.issue}”: two things?"
        number = "One comment" if self.comments == 1 else f"{self.comments} comments"
        return f"{number} of “{self.issue}”: rather “{self.other}”?"


@dataclass(frozen=True, slots=True)
class Typical:
    """One comment of a side, with the words marked that its side speaks of."""

    public_id: str
    client: str
    said_at: datetime
    words: str
    pieces: tuple[Piece, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """The words it says that both sides speak of, each once."""
        return tuple(dict.fromkeys(piece.why for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a proposal; `issue` is None for a new issue that a split would make."""

    title: str
    issue: str | None
    is_named: bool
    clients: int
    comments: int
    typical: tuple[Typical, ...]

    @property
    def spoken(self) -> tuple[tuple[int, str], ...]:
        """The marked words of its comments, each with its number."""
        return tuple(sorted({(piece.ends[0], piece.why) for one in self.typical for piece in one.pieces}))


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """One proposal with both sides; `back_url` and the later stages' sentences are the page's business."""

    public_id: str
    kind: str
    name: str | None
    sides: tuple[Side, Side]
    similarity: float
    alike: str
    reason: str
    number: int
    made_at: datetime

    @property
    def percent(self) -> int:
        """The similarity in whole hundredths."""
        return round(100 * self.similarity)


@dataclass(frozen=True, slots=True)
class Answered:
    """The proposal this person answered last, which can be undone."""

    public_id: str
    words: str


def open_count(session: Session) -> int:
    """How many proposals wait."""
    return session.scalar(_open(select(func.count(Proposal.id)))) or 0


def open_lines(session: Session, limit: int, *, issue: Issue | None = None) -> tuple[Line, ...]:
    """Open proposals, the surest first; with `issue` only those about it."""
    query = _open(select(Proposal, _Issue.name, _Other.name))
    if issue is not None:
        query = query.where(or_(Proposal.issue_id == issue.id, Proposal.other_id == issue.id))
    rows = session.execute(query.order_by(Proposal.strength.desc(), Proposal.id).limit(limit))
    return tuple(
        Line(row.public_id, row.kind, name, other, len(row.comments), row.reason, row.made_at)
        for row, name, other in rows
    )


def _open(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:  # whatever columns it selects
    """Only those whose sides are still issues of their own: a merge by hand takes the ground away at once."""
    return (
        query.select_from(Proposal)
        .join(_Issue, _Issue.id == Proposal.issue_id)
        .outerjoin(_Other, _Other.id == Proposal.other_id)
        .where(Proposal.state == "open", _Issue.merged_into_id.is_(None), _Other.merged_into_id.is_(None))
    )


def shown(session: Session, proposal: Proposal) -> ProposalShown:
    """Both sides of one proposal."""
    sides = _split_sides(session, proposal) if proposal.kind == "split" else _two_sides(session, proposal)
    return ProposalShown(
        proposal.public_id,
        proposal.kind,
        proposal.name,
        sides,
        proposal.similarity,
        alike_words(proposal.similarity),
        proposal.reason,
        len(proposal.comments),
        proposal.made_at,
    )


def _two_sides(session: Session, proposal: Proposal) -> tuple[Side, Side]:
    """The side that would give way or lose comments first; of a move its comments alone are shown."""
    issue = session.get_one(Issue, proposal.issue_id)
    other = session.get_one(Issue, proposal.other_id)
    only = proposal.comments if proposal.kind == "move" else None
    mine, theirs = _numbered(proposal)
    return _side(session, issue, mine, only=only), _side(session, other, theirs)


def _numbered(proposal: Proposal) -> tuple[dict[str, int], dict[str, int]]:
    """The words of each side in small letters with their numbers; a word of both has one."""
    sides = [[word.lower() for word in words] for words in proposal.words]
    number = {word: at for at, word in enumerate(dict.fromkeys(chain(*sides)), 1)}
    mine, theirs = ({word: number[word] for word in words} for words in sides)
    return mine, theirs


def _split_sides(session: Session, proposal: Proposal) -> tuple[Side, Side]:
    issue = session.get_one(Issue, proposal.issue_id)
    going, staying = _numbered(proposal)
    goes = _side(session, issue, going, only=proposal.comments)
    stays = _side(session, issue, staying, without=proposal.comments)
    return stays, Side(
        proposal.name or "",
        None,
        is_named=False,
        clients=goes.clients,
        comments=goes.comments,
        typical=goes.typical,
    )


def _side(
    session: Session,
    issue: Issue,
    words: Mapping[str, int],
    *,
    only: Sequence[Sequence[int]] | None = None,
    without: Sequence[Sequence[int]] = (),
) -> Side:
    family = family_of(issue.id, merged_into(session))
    stands = [Match.issue_id.in_(family), Match.state != "refused"]
    key = tuple_(Match.account_id, Match.comment_id)
    if only is not None:
        stands.append(key.in_([tuple(one) for one in only]))
    if without:
        stands.append(key.not_in([tuple(one) for one in without]))
    clients, comments = session.execute(
        select(func.count(Account.group_id.distinct()), func.count(Match.comment_id.distinct()))
        .select_from(Match)
        .join(Account, Account.id == Match.account_id)
        .where(*stands)
    ).one()
    rows = session.execute(
        select(Comment, Account.name, Reading.masks, Vector.numbers)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(Vector, (Vector.account_id == Comment.account_id) & (Vector.comment_id == Comment.id))
        .where(*stands)
        .order_by(Comment.id.desc())
        .limit(_LOOKED_AT)
    ).all()
    names = known_names(session)
    order = most_typical([numbers_of(row.numbers) for row in rows])
    found = [_typical(rows[at][0], rows[at][1], rows[at][2], words, names) for at in order]
    best = {one.words: one for one in reversed(found)}  # said in the same words, it is shown once
    shown = tuple(one for one in found if best[one.words] is one)[:_TYPICAL]
    return Side(issue.name, issue.public_id, issue.is_named, clients, comments, shown)


def _typical(
    comment: Comment, client: str, masks: list[list[object]] | None, words: Mapping[str, int], names: Names
) -> Typical:
    said = excerpt(masked_words(comment.text, masks or [], names), words)
    pieces = tuple(Piece(start, end, word, (words[word],)) for start, end, word in marks(said, words))
    return Typical(comment.public_id, client, comment.said_at, said, pieces)


def last_answered(session: Session, user_id: int | None, since: datetime) -> Answered | None:
    """What this person answered last since `since` and can still undo."""
    row = session.execute(
        select(Proposal, _Issue.name, _Other.name)
        .join(_Issue, _Issue.id == Proposal.issue_id)
        .outerjoin(_Other, _Other.id == Proposal.other_id)
        .outerjoin(Act, Act.id == Proposal.act_id)
        .where(
            Proposal.by_id == user_id, Proposal.at >= since, Proposal.state.in_(("accepted", "refused")),
            Act.undone_at.is_(None),
        )
        .order_by(Proposal.at.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    proposal, name, other = row
    return Answered(proposal.public_id, said_words(proposal, name, other))


def said_words(proposal: Proposal, name: str, other: str | None) -> str:
    """What an answer did, as people say it."""
    if proposal.state == "refused":
        return f"“{name}” stays as it is" if other is None else f"“{name}” and “{other}” stay as they are"
    if proposal.kind == "merge":
        return f"“{name}” and “{other}” count as one"
    number = "one comment" if len(proposal.comments) == 1 else f"{len(proposal.comments)} comments"
    if proposal.kind == "move":
        return f"{number} moved from “{name}” to “{other}”"
    return f"{number} of “{name}” stand in an issue of their own"


def merge_beside(session: Session, issue: Issue) -> tuple[Choice, str, str] | None:
    """The issue that this one is proposed to be one with, the reason and the proposal's public id; None for none."""
    row = session.execute(
        _open(select(Proposal, _Issue, _Other))
        .where(Proposal.kind == "merge", or_(Proposal.issue_id == issue.id, Proposal.other_id == issue.id))
        .order_by(Proposal.strength.desc(), Proposal.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    proposal, one, other = row
    beside = other if one.id == issue.id else one
    return Choice(beside.public_id, beside.name), proposal.reason, proposal.public_id
