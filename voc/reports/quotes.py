"""Clients' words on leadership's pages: kept as references to a comment's span, masked only when shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.breadth.models import Cell, Evidence
from voc.breadth.rules import CellState
from voc.core.names import Names
from voc.core.text import mask
from voc.intake.models import Comment

_LONGEST = 160  # code points: two of them still fit a printed line
_LEAST = 12
_EACH = 2
_LOOKED_AT = 6  # candidates of an issue
_SPEAK = (CellState.HAS_PROBLEM, CellState.HAS_MANAGES, CellState.REPORTED)


@dataclass(frozen=True, slots=True)
class Reference:
    """A span of one comment, half-open, in code points of the stored text."""

    account_id: int
    comment_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A reference as a page shows it; `words` is None when the comment was erased."""

    reference: Reference
    words: str | None
    client: str | None
    comment_public_id: str | None


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str


def first_sentence(text: str) -> tuple[int, int]:
    """The span of what a comment begins with: whole sentences where they fit, else whole words."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if end - start <= _LONGEST:
        return start, end
    part = text[start : start + _LONGEST]
    stop = max(part.rfind(sign) for sign in (". ", "! ", "? ", ".\n"))
    if stop >= _LEAST:
        return start, start + stop + 1
    blank = part.rfind(" ")
    return start, start + (blank if blank >= _LEAST else _LONGEST)


def cut(
    text: str,
    masks: Iterable[Sequence[object]],
    span: tuple[int, int],
    names: Names,
    spare: Sequence[str] = (),
) -> str:
    """The words of `span` with what a reading found, and the names, masked; masks are [start, end, kind].

    Names of the people in `spare` stay where only their name, and no reading, would mask them.
    """
    start, end = span
    inside = [
        _Span(max(int(str(one[0])) - start, 0), min(int(str(one[1])), end) - start, str(one[2]))
        for one in masks
        if int(str(one[0])) < end and int(str(one[1])) > start
    ]
    return mask(text[start:end], inside, names, spare=spare)


def show(session: Session, references: Sequence[Reference]) -> dict[Reference, Quote]:
    """Each reference with its words as they may be read today; an erased one without."""
    keys = {(one.account_id, one.comment_id) for one in references}
    rows = session.execute(
        select(Comment, Reading.masks, Account.name, Contact.name)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .where(tuple_(Comment.account_id, Comment.id).in_(list(keys)))
    ).all()
    found = {
        (comment.account_id, comment.id): (comment, masks, client, writer)
        for comment, masks, client, writer in rows
    }
    names = known_names(session)
    shown = {}
    for one in references:
        if (one.account_id, one.comment_id) not in found:
            shown[one] = Quote(one, None, None, None)
            continue
        comment, masks, client, writer = found[one.account_id, one.comment_id]
        spare = [writer] if writer and _is_for_leaders(comment) else []
        words = cut(comment.text, masks or [], (one.start, one.end), names, spare)
        shown[one] = Quote(one, words, client, comment.public_id)
    return shown


def _is_for_leaders(comment: Comment) -> bool:
    """Whether leadership may know who wrote it: somebody who asks for someone senior, or gives notice."""
    return comment.wants_senior or comment.kind in {"escalation", "termination"}


def of_issues(session: Session, issue_ids: Sequence[int]) -> dict[int, tuple[Reference, ...]]:
    """At most two references an issue, of different clients, the surest first."""
    cells = session.execute(
        select(Cell.issue_id, Cell.account_id, Cell.state, Cell.evidence_id)
        .join(Evidence, (Evidence.account_id == Cell.account_id) & (Evidence.id == Cell.evidence_id))
        .where(Cell.issue_id.in_(list(issue_ids)), Cell.state.in_(_SPEAK), Evidence.comment_id.is_not(None))
        .order_by(Cell.observed_at.desc(), Cell.account_id)
    ).all()
    candidates: dict[int, list[int]] = {}
    for issue, _, _, evidence in sorted(cells, key=lambda row: _SPEAK.index(CellState(row.state))):
        chosen = candidates.setdefault(issue, [])
        if len(chosen) < _LOOKED_AT and evidence is not None:
            chosen.append(evidence)
    texts = _texts(session, [one for chosen in candidates.values() for one in chosen])
    return {
        issue: tuple(texts[one] for one in chosen if one in texts)[:_EACH]
        for issue, chosen in candidates.items()
    }


def _texts(session: Session, evidence_ids: Sequence[int]) -> dict[int, Reference]:
    rows = session.execute(
        select(Evidence.id, Comment.account_id, Comment.id, Comment.text)
        .join(Comment, (Comment.account_id == Evidence.account_id) & (Comment.id == Evidence.comment_id))
        .where(Evidence.id.in_(list(evidence_ids)))
    )
    return {
        evidence: Reference(account, comment, *first_sentence(text))
        for evidence, account, comment, text in rows
        if len(text.strip()) >= _LEAST
    }
