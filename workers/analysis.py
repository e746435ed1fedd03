"""The read worker: drains waiting comments through the pipeline."""

import time
from collections.abc import Sequence

import structlog

from nlp.heads import unpack
from nlp.pipeline import HeadArrays, Reader, ThemeSpec, load, pipeline_version
from voc.analysis import service
from voc.analysis.service import ReadComment
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
_BATCH_ACCURATE = (
    32  # MiniLM reads some 200 sentences a second, and a worker that is silent for 30 s is replaced
)
_CHUNK = 64  # results per transaction on SQLite: near 20 ms each, so that the web's writers hardly wait
_CHUNK_BESIDE = 256  # on PostgreSQL, where writers do not wait for each other
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
    done, started = 0, time.monotonic()
    limit = BATCH if here.settings.encoder == "static" else _BATCH_ACCURATE
    while time.monotonic() - started < _DRAIN_SECONDS:
        with here.database.writing(SYSTEM) as session:
            held = work.claim(session, READ, limit=limit)
        if held is not None:
            done += _read_held(here, reading_by, held)
        elif not read_some(here, reading_by):
            return done
    here.doorbell.ring(READ)
    return done


def _read_held(here: Scope, reading_by: Reader, held: work.Claim) -> int:
    here.beat()
    try:
        with here.database.reading(SYSTEM) as session:
            texts = texts_of(session, held.keys)
        readings = reading_by.read([texts[key] for key in held.keys])
    except Exception as error:  # the edge: one bad comment must not stop the others
        log.exception("reading_failed", comments=len(held.keys))
        with here.database.writing(SYSTEM) as session:
            work.give_back(session, held, f"{type(error).__name__}: {error}")
        return 0
    stored = [as_stored(key, found) for key, found in zip(held.keys, readings, strict=True)]
    chunk = _CHUNK if here.database.engine.dialect.name == "sqlite" else _CHUNK_BESIDE
    return sum(_store(here, held, stored[place : place + chunk]) for place in range(0, len(stored), chunk))


def _store(here: Scope, held: work.Claim, chunk: Sequence[ReadComment]) -> int:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        number = service.store_readings(session, held, chunk)
    here.doorbell.ring(GROUP)
    return number
