"""The group worker: puts each read comment with an issue, and looks for new ones."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import structlog
from numpy.typing import NDArray

from nlp.issue_heads import IssueHeads, learn
from nlp.joining import FOUNDING, Joined, JoinIndex
from nlp.lean import give_back
from nlp.leftovers import MOST as LEFT_OVER
from voc.core.principal import SYSTEM
from voc.db import lease, work
from voc.issues import queries, service, ungrouped
from voc.issues.queries import Placed
from voc.issues.rules import LEAST_COMMENTS, WINDOW, Placement, why_here
from voc.issues.seen import newest_standing
from voc.issues.ungrouped import Standing
from voc.jobs import ESTIMATE, GROUP, LEADS
from workers.ahead import Ahead, get_ahead
from workers.alive import alive
from workers.linked import held_issues
from workers.middles import Middles
from workers.regroup import CHUNK, gather_loose, regroup, talk_among
from workers.scope import Scope, scope
from workers.taught import DIMENSIONS, halves, heads_of, unpacked

log = structlog.get_logger(__name__)

LEASE = queries.LEASE
STAGE = "match"
BATCH = 1000
_DRAIN_SECONDS = 60
_LAST_SECONDS = 10.0
_BATCH_SECONDS = 0.6  # a batch of 256 takes 0.2 s where reading has a core (2026-11-22)
_UNTAUGHT = (
    0.5  # how near the middle of confirmed comments counts more than neighbours in an issue nobody taught
)
_NOWHERE = np.zeros(DIMENSIONS, dtype=np.float32)
Floats = NDArray[np.float32]
Refused = frozenset[tuple[int, int, int]]


@dataclass
class Memory:
    """What this process knows of the window: an index, which issue each comment id has, what people taught."""

    index: JoinIndex = field(default_factory=JoinIndex)
    issues: dict[int, int] = field(default_factory=dict)
    heads: IssueHeads = field(default_factory=lambda: learn({}, _NOWHERE))
    middles: Middles = field(default_factory=lambda: Middles((), _NOWHERE[None], _NOWHERE))
    stamp: tuple[int, int] = (-1, -1)
    taken_out: int = 0  # comments that people took out, in no issue when they were last compared
    ahead: Ahead = field(default_factory=Ahead)  # made ready for a look that is near


_memory = Memory()


def drain() -> int:
    """Places what waits, then looks for new issues; gives the number placed.

    Rung by analysis after each batch and by the sweeper. Holds a lease, so that two workers never
    found the same issue twice; when another holds it, this run ends at once. Safe to run twice.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{GROUP}")
    if _is_look_awaited(here):  # rung after each batch of an archive: a lease makes its readers wait
        get_ahead(here, _memory.ahead, STAGE)
        return 0
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


def _is_look_awaited(here: Scope) -> bool:
    """Whether a look comes as soon as all is read: until then there is nothing to do."""
    with here.database.reading(SYSTEM) as session:
        return queries.is_look_near_now(session) and not queries.is_look_due_now(session)


def drain_with(here: Scope, memory: Memory, token: int) -> int:
    """As `drain`, holding the lease already."""
    done, started, has_looked = 0, time.monotonic(), False
    while time.monotonic() - started < _DRAIN_SECONDS and _keep_lease(here, token):
        with here.database.reading(SYSTEM) as session:
            is_look_near = queries.is_look_near_now(session)
            is_look_due = is_look_near and queries.is_look_due_now(session)
        if is_look_due and not has_looked:
            has_looked = True
            _read_to_the_end(here, memory.ahead)
            done += _leave_to_look(here)
            regroup(here, memory.ahead)
            give_back()  # what a look held is not needed for what follows
            here.doorbell.ring(ESTIMATE)  # estimates wait for the end of a look
            continue
        if (
            is_look_near
        ):  # they stay in line for the look, which places them better, in a fraction of the time
            return done
        with here.database.deriving(SYSTEM) as session:
            held = work.claim(session, STAGE, limit=BATCH)
        if held is None:
            gather_if_due(here, memory)
            here.doorbell.ring(LEADS)  # what leads are asked waits for the end of all that moves comments
            return done
        _remember(here, memory)
        done += _place_held(here, memory, held)
    here.doorbell.ring(GROUP)
    return done


def _read_to_the_end(here: Scope, ahead: Ahead) -> None:
    """Waits for the last few that are being read, as long as reading gets on: then the look places them too.

    One by one they take longer, and need an index of all others in memory.
    """
    left, give_up_at = WINDOW, time.monotonic() + _LAST_SECONDS
    while time.monotonic() < give_up_at:
        get_ahead(here, ahead, STAGE)
        with here.database.reading(SYSTEM) as session:
            reading = work.number_waiting(session, "read", most=WINDOW)
        if not reading or reading >= left:
            return
        left = reading
        time.sleep(_BATCH_SECONDS)


def _leave_to_look(here: Scope) -> int:
    """Takes out of the line what the look that begins now sees; older comments join afterwards. Gives its number.

    Should the look be cut off, it is still due, and the sweeper rings for it.
    """
    done = 0
    with here.database.reading(SYSTEM) as session:
        seen = queries.waits_among_newest(session, limit=WINDOW)
    while True:
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            gone = work.drop(session, STAGE, limit=BATCH, only=seen)
        if not gone:
            return done
        done += gone


def _keep_lease(here: Scope, token: int) -> bool:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        return lease.keep(session, LEASE, token)


def _remember(here: Scope, memory: Memory) -> None:
    """Fills the index anew, and learns anew, when people or a run have moved comments since."""
    with here.database.reading(SYSTEM) as session:
        stamp = queries.last_change(session)
        if stamp == memory.stamp:
            return
        memory.index, memory.issues, numbers = JoinIndex(), {}, bytearray()
        stands = list(newest_standing(session, numbers, limit=WINDOW, encoder=here.settings.encoder))
        vectors, issues = halves(numbers).astype(np.float32), [issue for _, issue in stands]
        numbers.clear()
        centre = vectors.mean(axis=0) if stands else _NOWHERE
        memory.heads = heads_of(session, centre, encoder=here.settings.encoder)
    memory.stamp, memory.middles = stamp, Middles.of(vectors, issues, centre)
    memory.index.add([comment for comment, _ in stands], vectors, issues)
    memory.issues = dict(stands)


def _add(memory: Memory, known: Sequence[Placed]) -> None:
    if known:
        memory.index.add(
            [one.comment_id for one in known],
            unpacked([one.numbers for one in known]),
            [one.issue_id or -1 for one in known],
        )
        memory.issues.update((one.comment_id, one.issue_id or -1) for one in known)


def _place_held(here: Scope, memory: Memory, held: work.Claim) -> int:
    with here.database.reading(SYSTEM) as session:
        found = queries.placed(session, held.keys, encoder=here.settings.encoder)
        comments = {(one.account_id, one.comment_id): one for one in found}
        refused = service.refused_pairs(session, held.keys)
    fresh = list(comments.values())
    vectors = unpacked([one.numbers for one in fresh])
    joined = [join(memory, one, vector, refused) for one, vector in zip(fresh, vectors, strict=True)]
    gone = [
        (Placement(account, comment, None), "")
        for account, comment in held.keys
        if (account, comment) not in comments
    ]
    _store(here, held, [*joined, *gone], _standings(memory, fresh, vectors, [why for _, why in joined]))
    issue_of = {one.comment_id: one.issue_id for one, _ in joined}
    _add(
        memory, [replace(one, issue_id=issue_of[one.comment_id]) for one in fresh if issue_of[one.comment_id]]
    )
    return len(joined) + len(gone)


def _store(
    here: Scope, held: work.Claim, placed: Sequence[tuple[Placement, str]], said: Sequence[Standing]
) -> None:
    why = {one.comment_id: one for one in said}
    for start in range(0, len(placed), CHUNK):
        here.beat()
        chunk = [placement for placement, _ in placed[start : start + CHUNK]]
        with here.database.deriving(SYSTEM) as session:
            service.place(session, held, chunk)
            ungrouped.keep_why(session, [why[one.comment_id] for one in chunk if one.comment_id in why])


def _standings(
    memory: Memory, fresh: Sequence[Placed], vectors: Floats, whys: Sequence[str]
) -> list[Standing]:
    """Why those that joined nothing did not, with the issues they are nearest to."""
    rows = [row for row, why in enumerate(whys) if why]
    near = memory.middles.nearest(vectors[rows])
    return [
        Standing(fresh[row].account_id, fresh[row].comment_id, whys[row], near_one)
        for row, near_one in zip(rows, near, strict=True)
    ]


def join(memory: Memory, one: Placed, vector: Floats, refused: Refused) -> tuple[Placement, str]:
    """Where a comment goes, and why it goes nowhere: "" where it goes somewhere, or nothing is known yet."""
    nowhere = Placement(one.account_id, one.comment_id, None)
    if one.issue_id is not None or not memory.issues:  # a person was quicker, or there is nothing to join
        return nowhere, ""
    if one.is_praise:  # it makes no problem any wider
        return nowhere, "small_talk"
    found = memory.index.join(vector, one.words)
    if not found.neighbours:  # perhaps small talk: it joins nothing at once, the next look decides
        return nowhere, "small_talk" if talk_among([one]) else "nothing_near"
    chosen = _chosen(memory, one, vector, found, refused)
    if chosen is None:
        return nowhere, "taken_out" if found.group is not None else "nothing_near"
    issue, score, learned_from = chosen
    return Placement(
        one.account_id, one.comment_id, issue, score, (_why(memory, found, issue, learned_from),)
    ), ""


def _chosen(
    memory: Memory, one: Placed, vector: Floats, found: Joined, refused: Refused
) -> tuple[int, float, int] | None:
    """Issue, score, and from how many confirmed comments that was learned (0: the neighbours decided)."""
    key, heads = (one.account_id, one.comment_id), memory.heads
    by_votes = next(
        (
            (issue, score)
            for issue, score in _voted(memory, found)
            if (*key, issue) not in refused and not heads.refuses(issue, vector)
        ),
        None,
    )
    claim = heads.claimant(vector)
    if claim is not None and (*key, claim[0]) not in refused:
        issue, near = claim
        known = heads.nearness(by_votes[0], vector) if by_votes else 0.0
        if by_votes is None or (by_votes[0] != issue and near > (_UNTAUGHT if known is None else known)):
            return issue, round(near, 4), heads.confirmed(issue)
    return (*by_votes, 0) if by_votes else None


def _voted(memory: Memory, found: Joined) -> list[tuple[int, float]]:
    """The issues of the nearest comments with their scores: the one that they vote for first."""
    if found.group is None:
        return []
    votes: dict[int, float] = {}
    total = sum(max(0.0, similarity) ** 3 for _, similarity in found.neighbours)
    for key, similarity in found.neighbours:
        if similarity >= FOUNDING and memory.issues.get(key, -1) not in {-1, found.group}:
            issue = memory.issues[key]
            votes[issue] = votes.get(issue, 0.0) + similarity**3
    others = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
    nearest = found.neighbours[0][1]
    return [
        (found.group, found.score),
        *((issue, round(nearest * vote / total, 4)) for issue, vote in others),
    ]


def _why(memory: Memory, found: Joined, issue: int, learned_from: int) -> str:
    """How many of the nearest comments stand there, or from how many confirmed ones that was learned."""
    near = sum(memory.issues.get(key) == issue for key, _ in found.neighbours)
    return why_here(near / len(found.neighbours), learned_from=learned_from)


def gather_if_due(here: Scope, memory: Memory) -> bool:
    """Compares what stands in no issue once more when people took some out since; gives whether it did.

    So what they took out founds an issue of its own, if it is one, without waiting for the next look.
    """
    with here.database.reading(SYSTEM) as session:
        out = ungrouped.number_taken_out(session)
        if out < LEAST_COMMENTS or out <= memory.taken_out:
            memory.taken_out = out
            return False
        keys = ungrouped.loose_keys(session, limit=LEFT_OVER)
        some = queries.placed(session, keys, encoder=here.settings.encoder)
        held = held_issues(session)
    _remember(here, memory)
    found = gather_loose(here, some, held, memory.heads, memory.middles.centre)
    with here.database.reading(SYSTEM) as session:
        memory.taken_out = ungrouped.number_taken_out(session)
    if found:
        memory.stamp = (-1, -1)  # the index does not know the new issues
    return True
