"""The group worker: puts each read comment with an issue, and finds new issues among the rest."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.grouping import find_groups
from nlp.grouping_words import describe, shared_words
from nlp.joining import JoinIndex
from nlp.titles import title
from voc.core.policy import DEFAULT
from voc.core.principal import SYSTEM
from voc.db import work
from voc.intake.queries import window_end
from voc.issues import lease, queries, service
from voc.issues.queries import Placed
from voc.issues.rules import Placement, founds, issue_of_group
from voc.jobs import GROUP
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

LEASE = "grouping"
STAGE = "match"
BATCH = 1000
KEPT = 100_000  # comments the index holds: the newest of the window (model.md)
_CHUNK = 200
_DRAIN_SECONDS = 60
_FEW = 30  # fewer new comments without an issue than this never start a new run
_GROWN = 0.10  # nor fewer than this share of what the last run left without one


@dataclass
class Memory:
    """What this process knows of the window: an index, and whose words each comment id has."""

    index: JoinIndex = field(default_factory=JoinIndex)
    words: dict[int, str] = field(default_factory=dict)
    stamp: tuple[int, int] = (-1, -1)


_memory = Memory()


def drain() -> int:
    """Places what waits, then looks for new issues; gives the number placed.

    Rung by analysis after each batch and by the sweeper. Holds a lease, so that two workers never
    found the same issue twice; when another holds it, this run ends at once. Safe to run twice.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{GROUP}")
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, LEASE)
    if token is None:
        return 0
    try:
        return drain_with(here, _memory, token)
    finally:
        with here.database.writing(SYSTEM) as session:
            lease.give_back(session, LEASE, token)


def drain_with(here: Scope, memory: Memory, token: int) -> int:
    """As `drain`, holding the lease already."""
    _remember(here, memory)
    done, started = 0, time.monotonic()
    while time.monotonic() - started < _DRAIN_SECONDS and _keep_lease(here, token):
        with here.database.writing(SYSTEM) as session:
            held = work.claim(session, STAGE, limit=BATCH)
        if held is None:
            regroup_if_due(here, memory)
            return done
        done += _place_held(here, memory, held)
    here.doorbell.ring(GROUP)
    return done


def _keep_lease(here: Scope, token: int) -> bool:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        return lease.keep(session, LEASE, token)


def _remember(here: Scope, memory: Memory) -> None:
    """Fills the index anew when people or a run have moved comments since."""
    with here.database.reading(SYSTEM) as session:
        stamp = queries.last_change(session)
        if stamp == memory.stamp:
            return
        since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
        known = [one for one in queries.placed_since(session, since, limit=KEPT) if one.issue_id is not None]
    memory.index, memory.words, memory.stamp = JoinIndex(), {}, stamp
    _add(memory, known)


def _add(memory: Memory, known: Sequence[Placed]) -> None:
    if known:
        memory.index.add(
            [one.comment_id for one in known], vectors_of(known), [one.issue_id or -1 for one in known]
        )
        memory.words.update((one.comment_id, one.words) for one in known)


def vectors_of(comments: Sequence[Placed]) -> NDArray[np.float32]:
    """Their vectors as one (n, 256) array."""
    raw = b"".join(one.numbers for one in comments)
    return np.frombuffer(raw, dtype="<f2").reshape(len(comments), -1).astype(np.float32)


def _place_held(here: Scope, memory: Memory, held: work.Claim) -> int:
    with here.database.reading(SYSTEM) as session:
        comments = {(one.account_id, one.comment_id): one for one in queries.placed(session, held.keys)}
        refused = service.refused_pairs(session, held.keys)
    fresh = list(comments.values())
    joined = [
        _join(memory, one, vector, refused) for one, vector in zip(fresh, vectors_of(fresh), strict=True)
    ]
    gone = [
        Placement(account, comment, None)
        for account, comment in held.keys
        if (account, comment) not in comments
    ]
    placements = joined + gone
    for start in range(0, len(placements), _CHUNK):
        here.beat()
        with here.database.writing(SYSTEM) as session:
            service.place(session, held, placements[start : start + _CHUNK])
    issue_of = {one.comment_id: one.issue_id for one in joined}
    _add(
        memory, [replace(one, issue_id=issue_of[one.comment_id]) for one in fresh if issue_of[one.comment_id]]
    )
    return len(placements)


def _join(
    memory: Memory, one: Placed, vector: NDArray[np.float32], refused: frozenset[tuple[int, int, int]]
) -> Placement:
    if one.issue_id is not None:  # a person was quicker
        return Placement(one.account_id, one.comment_id, None)
    found = memory.index.join(vector, one.words)
    if found.group is None or (one.account_id, one.comment_id, found.group) in refused:
        return Placement(one.account_id, one.comment_id, None)
    reasons = _why(one.words, [memory.words[key] for key, _ in found.neighbours[:3] if key in memory.words])
    return Placement(one.account_id, one.comment_id, found.group, found.score, reasons)


def _why(words: str, near: Sequence[str]) -> tuple[str, ...]:
    """Sentences a lead understands: the words it shares with the nearest comments."""
    shared = list(dict.fromkeys(word for other in near for word in shared_words(words, other)))[:4]
    if shared:
        return (f"Speaks of {_and(shared)}, as the comments nearest to it do.",)
    return ("Reads like the comments nearest to it, in other words.",)


def _and(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def regroup_if_due(here: Scope, memory: Memory) -> bool:
    """Looks over the whole window when enough comments without an issue have come since the last look."""
    with here.database.reading(SYSTEM) as session:
        left, before = queries.not_grouped(session), queries.left_by_last_run(session)
    if left - before < max(_FEW, _GROWN * before):
        return False
    regroup(here)
    _remember(here, memory)
    return True


def regroup(here: Scope) -> None:
    """Finds groups among all comments of the window; known issues keep their comments, new groups found issues."""
    with here.database.reading(SYSTEM) as session:
        since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
        comments = list(
            {one.comment_id: one for one in queries.placed_since(session, since, limit=KEPT)}.values()
        )
    here.beat()
    if not comments:
        return
    groups = find_groups(vectors_of(comments), [one.words for one in comments])
    members: dict[int, list[tuple[Placed, float]]] = defaultdict(list)
    for one, label, score in zip(comments, groups.labels.tolist(), groups.score.tolist(), strict=True):
        if label >= 0:
            members[label].append((one, score))
    words = describe([one.words for one in comments], groups.labels.tolist())
    founded = joined = 0
    for label, group in members.items():
        here.beat()
        with here.database.writing(SYSTEM) as session:
            new, number = _settle(session, group, words.get(label, ()))
        founded, joined = founded + new, joined + number
    with here.database.writing(SYSTEM) as session:
        left = queries.not_grouped(session)
        service.keep_run(session, comments=len(comments), founded=founded, joined=joined, not_grouped=left)
    log.info("grouped", comments=len(comments), founded=founded, joined=joined, left=left)


def _settle(session: Session, group: Sequence[tuple[Placed, float]], words: Sequence[str]) -> tuple[int, int]:
    """Makes a group a new issue, or adds its free comments to the issue it is; (founded, joined)."""
    standing = [one.issue_id for one, _ in group]
    free = [(one, score) for one, score in group if one.issue_id is None]
    issue = issue_of_group(standing)
    if issue is None and not founds(standing):
        return 0, 0
    reason = (
        f"Stands with comments that speak of {_and(list(words)[:4])}."
        if words
        else "Reads like the others here."
    )
    refused = service.refused_pairs(session, [(one.account_id, one.comment_id) for one, _ in free])
    placements = [
        Placement(one.account_id, one.comment_id, issue, round(score, 4), (reason,))
        for one, score in free
        if (one.account_id, one.comment_id, issue) not in refused
    ]
    if issue is not None:
        return 0, service.join(session, placements)
    name = title([one.words for one, _ in sorted(free, key=lambda pair: -pair[1])])
    service.found(session, service.Founding(name, tuple(words), tuple(placements)))
    return 1, len(placements)
