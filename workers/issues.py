"""The group worker: puts each read comment with an issue, and finds new issues among the rest."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.grouping import find_groups
from nlp.grouping_words import describe, shared_words
from nlp.joining import JoinIndex
from nlp.titles import title
from voc.core.principal import SYSTEM
from voc.db import work
from voc.issues import lease, queries, service
from voc.issues.queries import Placed
from voc.issues.rules import Member, Placement, assign_groups, is_issue
from voc.jobs import GROUP
from workers.alive import alive
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

LEASE = "grouping"
STAGE = "match"
BATCH = 1000
KEPT = 100_000  # comments the index holds and a look sees: the newest (model.md)
_CHUNK = 200
_DRAIN_SECONDS = 60


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
        with alive(partial(_keep_lease, here, token)):
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
        known = [one for one in newest(here, session) if one.issue_id is not None]
    memory.index, memory.words, memory.stamp = JoinIndex(), {}, stamp
    _add(memory, known)


def newest(here: Scope, session: Session) -> Iterable[Placed]:
    """The window: the newest comments that the encoder of today has read."""
    return queries.newest_placed(session, limit=KEPT, encoder=here.settings.encoder)


def _add(memory: Memory, known: Sequence[Placed]) -> None:
    if known:
        memory.index.add(
            [one.comment_id for one in known], vectors_of(known), [one.issue_id or -1 for one in known]
        )
        memory.words.update((one.comment_id, one.words) for one in known)


def vectors_of(comments: Sequence[Placed]) -> NDArray[np.float32]:
    """Their vectors as one (n, 256) array."""
    raw = b"".join(one.numbers for one in comments)
    return np.frombuffer(raw, dtype="<f2").reshape(len(comments), 256).astype(np.float32)


def _place_held(here: Scope, memory: Memory, held: work.Claim) -> int:
    with here.database.reading(SYSTEM) as session:
        comments = {(one.account_id, one.comment_id): one for one in queries.placed(session, held.keys, encoder=here.settings.encoder)}
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
    """Looks over the whole window when enough has come since the last look; gives whether it did.

    While a file is still being read the look waits, so that it sees the whole file.
    """
    with here.database.reading(SYSTEM) as session:
        if not queries.is_look_due_now(session):
            return False
    regroup(here)
    _remember(here, memory)
    return True


def regroup(here: Scope) -> None:
    """Finds groups among the newest comments anew.

    Issues that people touched only gain comments; untouched ones are formed as today's comments say,
    and keep their ids.
    """
    with here.database.reading(SYSTEM) as session:
        touched = queries.touched_issues(session)
        comments = _one_each(newest(here, session), touched)
    if not comments:
        return
    here.beat()
    found = find_groups(vectors_of(comments), [one.words for one in comments])
    labels = found.labels.tolist()
    groups: dict[int, list[tuple[Placed, float]]] = defaultdict(list)
    for one, label, score in zip(comments, labels, found.score.tolist(), strict=True):
        groups[label].append((one, score))
    loose = groups.pop(-1, [])
    here.beat()
    words = describe([one.words for one in comments], labels)
    issues = assign_groups([[_as_member(one, touched) for one, _ in group] for group in groups.values()])
    founded = 0
    for (label, group), issue in zip(groups.items(), issues, strict=True):
        here.beat()
        founded += _settle(
            here, [pair for pair in group if pair[0].issue_id not in touched], issue, words.get(label, ())
        )
    _loosen(here, [one for one, _ in loose if one.issue_id is not None and one.issue_id not in touched])
    with here.database.writing(SYSTEM) as session:
        left = queries.not_grouped(session)
        service.keep_run(session, comments=len(comments), founded=founded, not_grouped=left)
    log.info("grouped", comments=len(comments), groups=len(groups), founded=founded, left=left)


def _one_each(placed: Iterable[Placed], touched: frozenset[int]) -> list[Placed]:
    """Each comment once: where it stands in several issues, the one that people touched counts."""
    found: dict[int, Placed] = {}
    for one in placed:
        if one.comment_id not in found or one.issue_id in touched:
            found[one.comment_id] = one
    return list(found.values())


def _as_member(one: Placed, touched: frozenset[int]) -> Member:
    return Member(one.issue_id, one.issue_id in touched)


def _settle(
    here: Scope, free: Sequence[tuple[Placed, float]], issue: int | None, words: Sequence[str]
) -> int:
    """Puts a group's free comments with its issue, or founds one; gives the number founded."""
    if issue is None and not is_issue(len(free), sum(one.is_concern for one, _ in free)):
        _loosen(here, [one for one, _ in free if one.issue_id is not None])
        return 0
    name = title([one.words for one, _ in sorted(free, key=lambda pair: -pair[1])]) if free else ""
    with here.database.writing(SYSTEM) as session:
        touched = queries.touched_issues(session)  # people may have acted while we looked
        free = [pair for pair in free if pair[0].issue_id not in touched]
        target = issue if issue is not None else service.found(session, name, words)
        refused = service.refused_pairs(session, [(one.account_id, one.comment_id) for one, _ in free])
        service.move_by_machine(
            session,
            [
                Placement(one.account_id, one.comment_id, target, round(score, 4), (_reason(words),))
                for one, score in free
                if (one.account_id, one.comment_id, target) not in refused
            ],
        )
        if issue is not None and name:
            service.rename_by_machine(session, issue, name, words)
    return int(issue is None)


def _reason(words: Sequence[str]) -> str:
    return (
        f"Stands with comments that speak of {_and(list(words)[:4])}."
        if words
        else "Reads like the others here."
    )


def _loosen(here: Scope, comments: Sequence[Placed]) -> None:
    """Takes comments out of untouched issues that no group holds any more."""
    for start in range(0, len(comments), _CHUNK):
        here.beat()
        with here.database.writing(SYSTEM) as session:
            chunk = comments[start : start + _CHUNK]
            service.move_by_machine(
                session, [Placement(one.account_id, one.comment_id, None) for one in chunk]
            )
