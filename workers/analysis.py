"""The read worker: drains waiting comments through the pipeline."""

import time
from collections.abc import Iterator, Sequence

import structlog

from nlp.heads import unpack
from nlp.pipeline import HeadArrays, Reader, ThemeSpec, load, pipeline_version
from nlp.reading import Reading
from voc.analysis import service
from voc.analysis.queries import given_theme_ids
from voc.analysis.teaching import sets
from voc.analysis.teaching.heads import Learned
from voc.core.principal import SYSTEM
from voc.db import work
from voc.db.session import Database, ring_later
from voc.intake.queries import texts_of
from voc.jobs import GROUP, READ, TRAIN
from workers.rereading import read_some
from workers.scope import Scope, scope
from workers.stored import as_stored

log = structlog.get_logger(__name__)

BATCH = 256
_BATCH_POSTGRESQL = 512  # nobody waits for another's rows there, and each statement costs the same for more
_BATCH_ACCURATE = (
    32  # MiniLM reads some 200 sentences a second, and a worker that is silent for 30 s is replaced
)
_DRAIN_SECONDS = 60
_loaded: dict[str, Reader] = {}


def drain() -> int:
    """Reads what waits, then again what was read before, for up to a minute; gives the number of fresh ones.

    Rung by intake after each commit, by what was learned, and by the sweeper. Safe to run twice: each comment is claimed by
    lease and stored only under its claim. Returns at once when nothing waits.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{READ}")
    return drain_with(here, reader(here.database))


def reader(database: Database) -> Reader:
    """The pipeline with today's themes and what they learned, loaded again when either changed.

    Each state of them has a number, which its readings carry; where themes are read by other words than
    before, the training worker is rung: what it learned may begin with others.
    """
    pipeline = pipeline_version()
    with database.reading(SYSTEM) as session:
        known = sets.known_now(session, pipeline)
    if known.number is None:
        with database.writing(SYSTEM) as session:
            sets.raise_number(session, pipeline)
            known = sets.known_now(session, pipeline)
            ring_later(session, TRAIN)
    if known.fingerprint not in _loaded:
        _loaded.clear()
        specs = [
            ThemeSpec(one.key, one.name, one.description, one.examples, one.called) for one in known.specs
        ]
        _loaded[known.fingerprint] = load(specs, arrays_of(known.heads), model_set=known.number)
    return _loaded[known.fingerprint]


def arrays_of(learned: Sequence[Learned]) -> list[HeadArrays]:
    """Heads as the pipeline takes them."""
    return [unpack(one.key, str(one.version), one.arrays, n=one.learned_from) for one in learned]


def drain_with(here: Scope, reading_by: Reader) -> int:
    """As `drain`, with the scope and pipeline given; comments that were read before come when no fresh one waits."""
    done, end = 0, time.monotonic() + _DRAIN_SECONDS
    limit = _limit(here)
    held = _claim(here, limit)
    while True:
        is_over = time.monotonic() >= end
        if held is not None:
            stored, held = _read_held(here, reading_by, held, then=0 if is_over else limit)
            done += stored
        elif is_over:
            here.doorbell.ring(READ)
            return done
        elif read_some(here, reading_by):
            held = _claim(here, limit)
        else:
            return done


def _limit(here: Scope) -> int:
    """How many are claimed at once."""
    if here.settings.encoder != "static":
        return _BATCH_ACCURATE
    return BATCH if here.database.engine.dialect.name == "sqlite" else _BATCH_POSTGRESQL


def _claim(here: Scope, limit: int) -> work.Claim | None:
    with here.database.deriving(SYSTEM) as session:
        return work.claim(session, READ, limit=limit)


def _readings(here: Scope, reading_by: Reader, texts: Sequence[str]) -> Iterator[Reading]:
    """What is read, some at a time: long texts take seconds, and a silent worker is replaced."""
    for start in range(0, len(texts), BATCH):
        here.beat()
        yield from reading_by.read(texts[start : start + BATCH])


def _read_held(
    here: Scope, reading_by: Reader, held: work.Claim, *, then: int
) -> tuple[int, work.Claim | None]:
    """Reads a claim and stores it; gives how many were stored, and the next claim of up to `then` (0: none).

    Both are one transaction: each makes whoever writes in the web wait, so there are few and they are short
    (256 comments: some 20 ms on SQLite), with the time of reading between them.
    """
    try:
        with here.database.reading(SYSTEM) as session:
            texts, themes = texts_of(session, held.keys), given_theme_ids(session)
        readings = list(_readings(here, reading_by, [texts[key] for key in held.keys]))
    except Exception as error:  # the edge: one bad comment must not stop the others
        log.exception("reading_failed", comments=len(held.keys))
        with here.database.writing(SYSTEM) as session:
            work.give_back(session, held, f"{type(error).__name__}: {error}")
        return 0, _claim(here, then) if then else None
    stored = [as_stored(key, found) for key, found in zip(held.keys, readings, strict=True)]
    here.beat()
    with here.database.deriving(SYSTEM) as session:
        number = service.store_readings(session, held, stored, themes=themes)
        following = work.claim(session, READ, limit=then) if then else None
    here.doorbell.ring(GROUP)
    return number, following
