"""The group worker asks a lead: which issues that people touched look like one, like two, or hold what fits elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.gist import gist
from nlp.grouping import joint_vectors
from nlp.proposing import (
    APART,
    SURE,
    VOTERS,
    Merge,
    Move,
    Split,
    common_words,
    likely_merges,
    likely_moves,
    likely_splits,
)
from nlp.titles import title
from voc.core.principal import SYSTEM
from voc.issues import queries
from voc.issues.proposals import rules, service
from voc.issues.proposals.rules import Wanted
from voc.issues.queries import Key, Placed
from workers.linked import held_issues
from workers.scope import Scope
from workers.taught import unpacked

log = structlog.get_logger(__name__)

MOST = 60  # the newest comments of each issue are compared: enough to tell, quick with hundreds of issues
_MOST_MOVED = 5  # so many comments in one question
_MOVE_STRENGTH = 0.5  # a merge or a split always comes before a comment


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared: comments that stand in issues, and people's word on them."""

    comments: tuple[Placed, ...]
    held: frozenset[int]
    named: frozenset[int]
    sizes: Mapping[int, int]
    confirmed: Mapping[Key, frozenset[int]]
    refused: Mapping[Key, frozenset[int]]
    acts: frozenset[int]

    def key(self, row: int) -> Key:
        """The comment at `row`."""
        return self.comments[row].account_id, self.comments[row].comment_id

    def size(self, issue: int) -> int:
        """How many comments stand in `issue`."""
        return self.sizes.get(issue, 0)

    def is_confirmed(self, row: int) -> bool:
        """Whether a person said that this comment stands where it does."""
        return self.comments[row].issue_id in self.confirmed.get(self.key(row), frozenset())


def propose(here: Scope, beat: Callable[[], object]) -> int:
    """Renews the proposals; gives how many are new. Safe to run twice: the same found again changes nothing.

    Reads and compares outside any transaction that writes; all proposals are written in one, which asks nothing
    about issues that people changed in between.
    """
    with here.database.reading(SYSTEM) as session:
        field = _field(session, here.settings.encoder)
    beat()
    found = _found(field)
    beat()
    with here.database.writing(SYSTEM) as session:
        chosen = service.renew(session, found, acts=field.acts)
    if chosen.new or chosen.gone:
        log.info("proposed", new=len(chosen.new), gone=len(chosen.gone), kept=len(chosen.kept))
    return len(chosen.new)


def _field(session: Session, encoder: str) -> Field:
    acts = queries.standing_acts(session)  # first: whatever stands by the end of this reading is seen as new
    confirmed: dict[Key, set[int]] = defaultdict(set)
    refused: dict[Key, set[int]] = defaultdict(set)
    for word in queries.words_of_people(session):
        side = confirmed if word.is_confirmed else refused
        side[word.account_id, word.comment_id].add(word.issue_id)
    return Field(
        tuple(queries.newest_in_issues(session, most=MOST, encoder=encoder)),
        held_issues(session),
        queries.named_issues(session),
        queries.issue_sizes(session),
        {key: frozenset(issues) for key, issues in confirmed.items()},
        {key: frozenset(issues) for key, issues in refused.items()},
        acts,
    )


def _found(field: Field) -> list[Wanted]:
    if not field.comments:
        return []
    texts = [one.words for one in field.comments]
    rows = joint_vectors(unpacked([one.numbers for one in field.comments]), [gist(text) for text in texts])
    groups = np.array([one.issue_id or -1 for one in field.comments], dtype=np.int64)
    clients = [one.account_id for one in field.comments]
    apart = rules.told_apart(field.confirmed, field.refused)
    merges = [
        _merge(field, one)
        for one in likely_merges(rows, texts, groups, clients)
        if (pair := frozenset({one.one, one.other})) & field.held and pair not in apart
    ]
    splits = [
        _split(field, texts, one)
        for one in likely_splits(rows, texts, groups, frozenset(groups.tolist()))
        if not _is_settled_by_people(field, one.goes)
    ]
    moves = [
        _move(field, texts, groups, one)
        for one in (_that_may_go(field, one) for one in likely_moves(rows, groups, _movable(field, groups)))
        if one.goes
    ]
    return [*merges, *splits, *moves]


def _merge(field: Field, one: Merge) -> Wanted:
    """The issue that a person named counts for both; of two named ones that with more comments."""
    weight = {issue: (issue in field.named, field.size(issue), -issue) for issue in (one.one, one.other)}
    counts = max(weight, key=lambda issue: weight[issue])
    near, back = (one.one_near, one.one_of), (one.other_near, one.other_of)
    gives, (mine, theirs) = (one.other, (back, near)) if counts == one.one else (one.one, (near, back))
    return Wanted(
        kind="merge",
        issue_id=gives,
        other_id=counts,
        similarity=one.similarity,
        strength=round(0.5 + 0.5 * min(1.0, one.likely / SURE), 4),
        reason=rules.merge_reason(mine, theirs, one.words),
        words=(one.words, one.words),
        sizes=(field.size(gives), field.size(counts)),
    )


def _is_settled_by_people(field: Field, goes: Sequence[int]) -> bool:
    """Whether people confirmed most of these one by one: then they have said that they belong."""
    return 2 * sum(field.is_confirmed(row) for row in goes) > len(goes)


def _split(field: Field, texts: Sequence[str], one: Split) -> Wanted:
    stays = sum(comment.issue_id == one.one for comment in field.comments) - len(one.goes)
    words = (one.goes_words, one.stays_words)
    return Wanted(
        kind="split",
        issue_id=one.one,
        other_id=None,
        comments=tuple(field.key(row) for row in one.goes),
        name=title([texts[row] for row in one.goes]) or None,
        similarity=one.similarity,
        strength=round(1 - one.mixed / (2 * APART), 4),
        reason=rules.split_reason(len(one.goes), stays, words),
        words=words,
        sizes=(len(one.goes), stays),
    )


def _movable(field: Field, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Comments that the machine put with an issue which people touched: there it moves nothing by itself."""
    held = np.isin(groups, sorted(field.held))
    by_machine = [not field.is_confirmed(row) for row in range(len(field.comments))]
    return np.asarray(held & np.array(by_machine, dtype=bool))


def _that_may_go(field: Field, one: Move) -> Move:
    """Without those that a person took out of where they would go; no more than one question holds."""
    goes = [row for row in one.goes if one.other not in field.refused.get(field.key(row), frozenset())]
    return replace(one, goes=tuple(goes[:_MOST_MOVED]))


def _move(field: Field, texts: Sequence[str], groups: NDArray[np.int64], one: Move) -> Wanted:
    there = [texts[row] for row in np.flatnonzero(groups == one.other).tolist()]
    words = common_words([texts[row] for row in one.goes] * 2, there)
    return Wanted(
        kind="move",
        issue_id=one.one,
        other_id=one.other,
        comments=tuple(field.key(row) for row in one.goes),
        similarity=one.similarity,
        strength=round(_MOVE_STRENGTH * one.votes / VOTERS, 4),
        reason=rules.move_reason(len(one.goes), one.votes, VOTERS, words),
        words=(words, words),
        sizes=(field.size(one.one), field.size(one.other)),
    )
