"""The other comments of issues, by the words of each, to tell what ties a comment to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voc.analysis.models import Reading
from voc.intake.models import Comment
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.issues.ties.rules import FEW_ELSEWHERE, Others, Tie, blanked, said_in, shares, tie

_MOST = (
    200  # comments of one issue that are looked at, the newest: enough to tell, a page stays quick (policy)
)
_MOST_EACH = 60  # where a page asks about several issues (policy)
_FIELD = 300  # comments of any issue or none that show how often a word is said at all (policy)
_LOOKED_AT = 4000  # characters of each of them (policy)
_Said = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Issue:
    said: Mapping[int, _Said]
    elsewhere: Mapping[str, float]
    is_newest: bool
    marking: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the comments of some issues say that the asker sees, beside those of the whole field."""

    issues: Mapping[int, _Issue]

    def tie(self, issue_id: int, comment_id: int, blank: str, *, is_in: bool = True) -> Tie:
        """What ties a comment, given as it is shown and without what is hidden, to the others of an issue.

        `is_in`: it stands in the issue; else it could.
        """
        found = self.issues[issue_id]
        others = tuple(said for key, said in found.said.items() if key != comment_id)
        return tie(blank, Others(others, found.elsewhere, found.is_newest, found.marking, is_in))


def ground_of(session: Session, issue_ids: Collection[int]) -> Ground:
    """What the newest comments of these issues say, merged ones with theirs; ids of issues that count."""
    if not issue_ids:
        return Ground({})
    most = _MOST if len(issue_ids) == 1 else _MOST_EACH
    merged = merged_into(session)
    family = {issue: issue for issue in issue_ids}
    family |= {child: root_of(child, merged) for child in merged if root_of(child, merged) in family}
    said: dict[int, dict[int, _Said]] = {issue: {} for issue in issue_ids}
    for row in _newest_in(session, family, most):
        said[family[row.issue_id]][row.comment_id] = _said(row.text, row.masks)
    field, marking = _field(session), _marking(session, issue_ids)
    return Ground({issue: _issue(said[issue], field, marking.get(issue, ""), most) for issue in issue_ids})


def _issue(said: Mapping[int, _Said], field: Mapping[int, _Said], marking: str, most: int) -> _Issue:
    """`said` holds the newest first, one more than `most` where there are more."""
    newest = dict(islice(said.items(), most))
    elsewhere = [one for key, one in field.items() if key not in said]
    stems = frozenset().union(*said_in(marking))
    return _Issue(newest, shares(elsewhere, least=FEW_ELSEWHERE), len(said) > most, stems)


def _marking(session: Session, issue_ids: Collection[int]) -> dict[int, str]:
    """The words that mark these issues, and the names that people gave."""
    rows = session.execute(
        select(Issue.id, Issue.name, Issue.is_named, Issue.words).where(Issue.id.in_(issue_ids))
    )
    return {row.id: "\n".join([row.name if row.is_named else "", *row.words]) for row in rows}


def _newest_in(session: Session, family: Iterable[int], most: int) -> Sequence[Any]:
    """The newest comments of each issue, one more than `most` where there are more."""
    place = (
        func.row_number().over(partition_by=Match.issue_id, order_by=Match.comment_id.desc()).label("place")
    )
    ranked = (
        select(Match.account_id, Match.comment_id, Match.issue_id, place)
        .where(Match.state != "refused", Match.issue_id.in_(list(family)))
        .subquery()
    )
    return session.execute(
        select(ranked.c.comment_id, ranked.c.issue_id, _beginning(), Reading.masks)
        .join(Comment, (Comment.account_id == ranked.c.account_id) & (Comment.id == ranked.c.comment_id))
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(ranked.c.place <= most + 1)
        .order_by(ranked.c.comment_id.desc())
    ).all()


def _field(session: Session) -> dict[int, _Said]:
    rows = session.execute(
        select(Comment.id, _beginning(), Reading.masks)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .order_by(Comment.id.desc())
        .limit(_FIELD)
    )
    return {row.id: _said(row.text, row.masks) for row in rows}


def _beginning() -> ColumnElement[str]:
    return func.substr(Comment.text, 1, _LOOKED_AT).label("text")


def _said(text: str, masks: Sequence[Sequence[Any]] | None) -> _Said:
    return said_in(blanked(text, [(int(start), int(end)) for start, end, _ in masks or ()]))
