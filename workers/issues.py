"""The group worker: puts each read comment with an issue, and looks for new ones."""

import time
from functools import partial

import structlog

from nlp.lean import give_back
from nlp.leftovers import MOST as LEFT_OVER
from voc.core.principal import SYSTEM
from voc.db import work
from voc.issues import queries, service, ungrouped
from voc.issues.rules import BACKLOG, LEAST_COMMENTS, WINDOW
from voc.jobs import ESTIMATE, GROUP, LEADS
from workers.ahead import Ahead, get_ahead
from workers.alone import alone, keep_lease
from workers.backlog import STAGE, place_backlog
from workers.joining import look_where
from workers.linked import held_issues
from workers.memory import Memory, remember
from workers.regroup import CHUNK, gather_loose, regroup
from workers.scope import Scope, scope

__all__ = ["STAGE", "Memory", "drain", "drain_with", "queries", "regroup"]
log = structlog.get_logger(__name__)

LEASE = queries.LEASE
BATCH = BACKLOG
_DRAIN_SECONDS = 60
_LAST_SECONDS = 10.0
_BATCH_SECONDS = 0.6  # a batch of 256 takes 0.2 s where reading has a core (2026-11-22)
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
    with alone(here, LEASE) as token:
        return 0 if token is None else drain_with(here, _memory, token)


def _is_look_awaited(here: Scope) -> bool:
    """Whether a look comes as soon as all is read: until then there is nothing to do."""
    with here.database.reading(SYSTEM) as session:
        return queries.is_look_near_now(session) and not queries.is_look_due_now(session)


def drain_with(here: Scope, memory: Memory, token: int) -> int:
    """As `drain`, holding the lease already."""
    done, started, has_looked = 0, time.monotonic(), False
    while time.monotonic() - started < _DRAIN_SECONDS and keep_lease(here, LEASE, token):
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
        if joined := place_backlog(here, memory, partial(keep_lease, here, LEASE, token)):
            done += joined
            continue
        with here.database.deriving(SYSTEM) as session:
            held = work.claim(session, STAGE, limit=BATCH)
        if held is None:
            gather_if_due(here, memory)
            here.doorbell.ring(LEADS)  # what leads are asked waits for the end of all that moves comments
            return done
        remember(here, memory)
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
        seen = queries.waiting_among_newest(session, limit=WINDOW)
    for start in range(0, len(seen), BATCH):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            done += len(work.drop(session, STAGE, seen[start : start + BATCH]))
    return done


def _place_held(here: Scope, memory: Memory, held: work.Claim) -> int:
    block = look_where(here, memory, held.keys)
    why = {one.comment_id: one for one in block.loose}
    placed = [*block.joined, *block.nowhere]
    for start in range(0, len(placed), CHUNK):
        here.beat()
        chunk = placed[start : start + CHUNK]
        with here.database.deriving(SYSTEM) as session:
            service.place(session, held, chunk)
            ungrouped.keep_why(session, [why[one.comment_id] for one in chunk if one.comment_id in why])
    memory.add(block.known())
    return len(placed)


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
    remember(here, memory)
    found = gather_loose(here, some, held, memory.heads, memory.middles.centre)
    with here.database.reading(SYSTEM) as session:
        memory.taken_out = ungrouped.number_taken_out(session)
    if found:
        memory.stamp = (-1, -1)  # the index does not know the new issues
    return True
