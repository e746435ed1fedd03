"""The group worker compares what waits for a person with each other, so that leads settle alike ones together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.alike import find_alike
from nlp.grouping import centred, describe
from nlp.proposing import bare, is_plain
from nlp.titles import title
from voc.analysis.alike import keeping
from voc.analysis.alike.keeping import Heap
from voc.analysis.queries import Key
from voc.analysis.waiting import unsure
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.issues import queries, ungrouped
from voc.issues.queries import Placed
from voc.issues.titles import nameless
from workers.scope import Scope
from workers.taught import unpacked

log = structlog.get_logger(__name__)

MOST = 5_000  # the newest of each queue are compared; nobody clears more before the next time
CHUNK = 500
_FRESH = 20  # so many that were not compared yet wait before all are compared again (policy)
_GROWN = 0.02  # or so large a share of those that were: 10,000 take 4 s of one core (2026-11-22)
_FIELD = 50  # comments that show where all lie (as nlp/joining.py)
_KNOWN = 5_000  # so many of the newest comments are asked for their themes
_VOTERS = 15  # of those that have one so many are asked: of 9 kinds of the demo where half and more agree 8 are right (2026-11-22)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, with its vectors; where all comments lie; and what has a theme."""

    comments: Sequence[Placed]
    vectors: Floats
    middle: Floats
    themed: Sequence[tuple[bytes, int]]  # vector and theme of what has one


def compare_if_due(here: Scope, *, has_looked: bool) -> bool:
    """Compares what waits when enough of it is new, after a look when any is; gives whether it did.

    Safe to run twice: what was compared before is only said anew. Reads and compares outside any transaction that
    writes; should it end halfway, what is stored orders what waits a little less well.
    """
    with here.database.reading(SYSTEM) as session:
        least = 1 if has_looked else max(_FRESH, int(_GROWN * keeping.number_compared(session)))
        waiting = (unsure(session), ungrouped.waiting_keys())
        if keeping.number_not_compared(session, waiting, within=MOST, most=least) < least:
            return False
        found = _waiting(session, here.settings.encoder)
    if found is not None:
        compare(here, found)
    return True


def _waiting(session: Session, encoder: str) -> Waiting | None:
    keys = {*keeping.unsure_keys(session, limit=MOST), *ungrouped.loose_keys(session, limit=MOST)}
    some = {one.comment_id: one for one in queries.placed(session, sorted(keys), encoder=encoder)}
    if not some:
        return None
    comments = [some[number] for number in sorted(some, reverse=True)]
    themed = keeping.themed(session, limit=_KNOWN)
    known = queries.vectors_stored(session, sorted({key for key, _ in themed}), encoder=encoder)
    pairs = [(known[key], theme) for key, theme in themed if key in known]
    vectors, lie = unpacked([one.numbers for one in comments]), unpacked([numbers for numbers, _ in pairs])
    field = np.vstack([vectors, lie])
    # Of few comments nothing is known of the field: were they all alike, their mean would hide it.
    middle = field.mean(axis=0) if len(field) >= _FIELD else np.zeros(field.shape[1], dtype=np.float32)
    return Waiting(comments, vectors, middle, pairs)


def compare(here: Scope, waiting: Waiting) -> int:
    """Stores which of these are alike, the newest first; gives how many kinds they are."""
    here.beat()
    texts, at = [bare(one.words) for one in waiting.comments], clock.now()
    heaps = find_alike(waiting.vectors, texts, waiting.middle, here.beat)
    marked = np.full(len(texts), -1)
    for label, heap in enumerate(heaps):
        marked[heap] = label
    words = describe(texts, marked.tolist()) if heaps else {}
    here.beat()
    near = _near_themes(waiting, heaps)
    found = []
    for label, heap in enumerate(heaps):
        here.beat()
        keys = tuple(_key(waiting.comments[row]) for row in heap)
        plain = tuple(word for word in words.get(label, ()) if is_plain(word))
        found.append(Heap(keys, plain, title([texts[row] for row in heap]), near[label]))
    _store(here, found, [_key(waiting.comments[row]) for row in np.flatnonzero(marked < 0).tolist()])
    log.info("compared", comments=len(texts), kinds=len(heaps), since=at.isoformat())
    return len(heaps)


def _key(one: Placed) -> Key:
    return one.account_id, one.comment_id


def _near_themes(waiting: Waiting, heaps: Sequence[Sequence[int]]) -> list[tuple[tuple[int, float], ...]]:
    """Up to three (theme, share of the votes) for each heap: those of the comments with a theme that are most like it."""
    if not waiting.themed or not heaps:
        return [() for _ in heaps]
    known = centred(unpacked([numbers for numbers, _ in waiting.themed]), waiting.middle)
    rows = centred(waiting.vectors, waiting.middle)
    near = np.array([rows[heap].mean(axis=0) for heap in heaps]) @ known.T
    most = np.argsort(-near, axis=1, kind="stable")[:, :_VOTERS].tolist()
    return [
        _voted([(waiting.themed[at][1], float(line[at])) for at in places])
        for line, places in zip(near, most, strict=True)
    ]


def _voted(votes: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    weights: dict[int, float] = {}
    for theme, alike in votes:
        weights[theme] = weights.get(theme, 0.0) + max(alike, 0.0) ** 2
    total = sum(weights.values()) or 1.0
    first = sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:3]
    return tuple((theme, round(weight / total, 4)) for theme, weight in first)


def _store(here: Scope, heaps: Sequence[Heap], alone: Sequence[Key]) -> None:
    """In chunks: whoever writes in the web waits only for one; what was said before goes last."""
    at = clock.now()
    for start in range(0, len(heaps), CHUNK // 4):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            chunk = [_without_names(session, one) for one in heaps[start : start + CHUNK // 4]]
            keeping.keep_heaps(session, chunk, at)
    for start in range(0, len(alone), CHUNK):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            keeping.keep_alone(session, alone[start : start + CHUNK], at)
    with here.database.deriving(SYSTEM) as session:
        keeping.forget_before(session, at)


def _without_names(session: Session, one: Heap) -> Heap:
    name, words = nameless(session, one.name, one.words)
    return Heap(one.members, tuple(words), name, one.near)
