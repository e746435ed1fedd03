"""The other comments of issues, by the words of each, to tell what ties a comment to them."""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voc.analysis.models import Reading
from voc.intake.models import Comment
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.issues.ties.rules import Elsewhere, Others, Tie, tie
from voc.issues.ties.words import Said, blanked, said_in, uses

_MOST = (
    200  # comments of one issue that are looked at, the newest: enough to tell, a page stays quick (policy)
)
_MOST_EACH = 40  # where a page asks about several issues (policy)
_FIELD = 300  # comments of any issue or none that show how often a word is said at all (policy)
_LOOKED_AT = 4000  # characters of each of them (policy)


@dataclass(frozen=True, slots=True)
class _Issue:
    said: Mapping[int, Said]
    others: Others


@dataclass(frozen=True, slots=True)
class Ground:
    """What the comments of some issues say that the asker sees, beside those of the whole field."""

    issues: Mapping[int, _Issue]

    def tie(self, issue_id: int, comment_id: int, blank: str, *, is_in: bool = True) -> Tie:
        """What ties a comment, given as it is shown and without what is hidden, to the others of an issue.

        `is_in`: it stands in the issue; else it could.
        """
        found = self.issues[issue_id]
        others = replace(found.others, is_in=is_in)
        if comment_id in found.said:
            own = frozenset().union(*found.said[comment_id])
            said = tuple(one for key, one in found.said.items() if key != comment_id)
            less = {one: others.used[one] - 1 for one in own}
            others = replace(others, said=said, used=ChainMap(less, dict(others.used)))
        return tie(blank, others)


def ground_of(session: Session, issue_ids: Collection[int]) -> Ground:
    """What the newest comments of these issues say, merged ones with theirs; ids of issues that count."""
    if not issue_ids:
        return Ground({})
    most = _MOST if len(issue_ids) == 1 else _MOST_EACH
    merged = merged_into(session)
    family = {issue: issue for issue in issue_ids}
    family |= {child: root_of(child, merged) for child in merged if root_of(child, merged) in family}
    said: dict[int, dict[int, Said]] = {issue: {} for issue in issue_ids}
    for row in _newest_in(session, family, most):
        said[family[row.issue_id]][row.comment_id] = _said(row.text, row.masks)
    field, marking = _field(session), _marking(session, issue_ids)
    used = uses(field.values())
    found = {}
    for issue, one in said.items():
        inside = [words for key, words in field.items() if key in one]
        elsewhere = Elsewhere(used, uses(inside), len(field) - len(inside))
        found[issue] = _issue(one, elsewhere, marking.get(issue, ""), most)
    return Ground(found)


def _issue(said: Mapping[int, Said], elsewhere: Elsewhere, marking: str, most: int) -> _Issue:
    """`said` holds the newest first, one more than `most` where there are more."""
    newest = dict(islice(said.items(), most))
    stems = frozenset().union(*said_in(marking))
    words = tuple(newest.values())
    return _Issue(newest, Others(words, uses(words), elsewhere, len(said) > most, stems))


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


def _field(session: Session) -> dict[int, Said]:
    rows = session.execute(
        select(Comment.id, _beginning(), Reading.masks)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .order_by(Comment.id.desc())
        .limit(_FIELD)
    )
    return {row.id: _said(row.text, row.masks) for row in rows}


def _beginning() -> ColumnElement[str]:
    return func.substr(Comment.text, 1, _LOOKED_AT).label("text")


def _said(text: str, masks: Sequence[Sequence[Any]] | None) -> Said:
    return said_in(blanked(text, [(int(start), int(end)) for start, end, _ in masks or ()]))
