"""Joins of a backlog: the older comments of an archive, two hundred thousand at a time, written issue by issue."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

import structlog

from voc.core.principal import SYSTEM
from voc.db import work
from voc.issues import queries, service, ungrouped
from voc.issues.rules import BACKLOG, WINDOW, Placement
from workers.joining import Block, look_where
from workers.memory import Memory, remember
from workers.scope import Scope

log = structlog.get_logger(__name__)

STAGE = "match"
BLOCK = BACKLOG
HEAP = 2 * WINDOW  # 50 MB of where they go; the more at once, the less often an issue's grid is summed up
TOGETHER = 500  # comments that join in one transaction
_TOGETHER_POSTGRESQL = 8000  # each part of an issue sums all of it up, and few wait for a row there
LINES = 2  # on PostgreSQL: while one waits for the database the other has the core
Keep = Callable[[], bool]


def place_backlog(here: Scope, memory: Memory, keep: Keep) -> int:
    """Places up to two hundred thousand of those in line where more wait than are claimed at once; else 0.

    Blocks are compared with what is known, as if each comment came alone; what joins an issue is known to
    the blocks after it. Nothing is claimed: a comment leaves the line in the transaction that stores where
    it goes, so whatever ends a backlog halfway loses nothing, and places nothing twice. Where a block fails,
    its comments are claimed from then on as few always are. `keep` says whether we may still write.
    """
    if memory.is_careful:
        return 0
    with here.database.reading(SYSTEM) as session:
        keys = work.first_waiting(session, STAGE, limit=HEAP)
    if len(keys) <= BACKLOG:
        return 0
    remember(here, memory)
    done, joined = 0, list[Placement]()
    for start in range(0, len(keys), BLOCK):
        here.beat()
        try:
            block = look_where(here, memory, keys[start : start + BLOCK])
        except Exception:  # the edge: one bad comment must not stop the others
            log.exception("joining_failed", comments=BLOCK)
            memory.is_careful = True
            break
        if not keep():
            return done
        done += _leave(here, block)
        joined += block.joined
        memory.add(block.known())
    return done + _write(here, joined, keep)


def _write(here: Scope, joined: Sequence[Placement], keep: Keep) -> int:
    """Stores where they go; on PostgreSQL in lines beside each other, none with an issue of another's."""
    is_alone = here.database.engine.dialect.name == "sqlite"
    together, number = (TOGETHER, 1) if is_alone else (_TOGETHER_POSTGRESQL, LINES)
    lines: list[list[Placement]] = [[] for _ in range(number)]
    for group in _groups(joined):
        min(lines, key=len).extend(group)
    if number == 1:
        return _write_line(here, keep, together, lines[0])
    with ThreadPoolExecutor(number, thread_name_prefix="join") as beside:
        return sum(beside.map(partial(_write_line, here, keep, together), lines))


def _groups(joined: Sequence[Placement]) -> Iterator[list[Placement]]:
    """Comments of one issue, and of one client within it, together."""
    ranked = sorted(joined, key=lambda one: (one.issue_id or 0, one.account_id, one.comment_id))
    for _, group in groupby(ranked, key=lambda one: one.issue_id):
        yield list(group)


def _write_line(here: Scope, keep: Keep, together: int, joined: Sequence[Placement]) -> int:
    done = 0
    for some in _by_issue(joined, together):
        here.beat()
        if not keep():
            break
        done += _join(here, some)
    return done


def _leave(here: Scope, block: Block) -> int:
    """Takes what joins nothing out of the line, and keeps why."""
    with here.database.deriving(SYSTEM) as session:
        mine = work.drop(session, STAGE, [(one.account_id, one.comment_id) for one in block.nowhere])
        ungrouped.keep_why(session, [one for one in block.loose if (one.account_id, one.comment_id) in mine])
    return len(mine)


def _by_issue(joined: Sequence[Placement], together: int) -> Iterator[list[Placement]]:
    """Comments of one issue together, and of one client within it: each grid is summed up once for many."""
    waits: list[Placement] = []
    for members in _groups(joined):
        if waits and len(waits) + len(members) > together:
            yield waits
            waits = []
        for start in range(0, len(members), together):
            if len(waits) + len(members[start : start + together]) > together:
                yield waits
                waits = []
            waits += members[start : start + together]
    if waits:
        yield waits


def _join(here: Scope, some: Sequence[Placement]) -> int:
    """Stores where comments go, unless people put them elsewhere, or refused it, while others were looked at."""
    keys = [(one.account_id, one.comment_id) for one in some]
    with here.database.deriving(SYSTEM) as session:
        mine = work.drop(session, STAGE, keys)
        free = queries.still_free(session, list(mine))
        refused = service.refused_pairs(session, list(free))
        service.join(
            session,
            [
                one
                for one in some
                if (one.account_id, one.comment_id) in free
                and (one.account_id, one.comment_id, one.issue_id) not in refused
            ],
        )
    return len(mine)
