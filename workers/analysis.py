"""The read worker: drains waiting comments through the pipeline."""

import time
from collections.abc import Sequence

import structlog

from nlp.pipeline import Reader, ThemeSpec, load
from nlp.reading import Reading, Signal
from voc.analysis import queries, service
from voc.analysis.service import ReadComment, SeenSignal, SeenTheme
from voc.core.principal import SYSTEM
from voc.db import work
from voc.db.session import Database
from voc.intake.queries import texts_of
from voc.jobs import GROUP, READ
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

BATCH = 256
_BATCH_ACCURATE = 32  # MiniLM reads some 200 sentences a second, and a worker that is silent for 30 s is replaced
_CHUNK = 64  # results per transaction on SQLite: near 20 ms each, so that the web's writers hardly wait
_CHUNK_BESIDE = 256  # on PostgreSQL, where writers do not wait for each other
_DRAIN_SECONDS = 60
_loaded: dict[str, Reader] = {}


def drain() -> int:
    """Reads what waits, for up to a minute; gives the number read.

    Rung by intake after each commit and by the sweeper. Safe to run twice: each comment is claimed by
    lease and stored only under its claim. Returns at once when nothing waits.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{READ}")
    return drain_with(here, reader(here.database))


def reader(database: Database) -> Reader:
    """The pipeline with today's themes, loaded once in a process and again when the themes change."""
    with database.reading(SYSTEM) as session:
        themes = queries.theme_choices(session)
    specs = [ThemeSpec(theme.key, theme.name, theme.description, theme.examples) for theme in themes]
    stamp = repr(specs)
    if stamp not in _loaded:
        _loaded.clear()
        _loaded[stamp] = load(specs)
    return _loaded[stamp]


def drain_with(here: Scope, reading_by: Reader) -> int:
    """As `drain`, with the scope and pipeline given."""
    done, started = 0, time.monotonic()
    limit = BATCH if here.settings.encoder == "static" else _BATCH_ACCURATE
    while time.monotonic() - started < _DRAIN_SECONDS:
        with here.database.writing(SYSTEM) as session:
            held = work.claim(session, READ, limit=limit)
        if held is None:
            return done
        done += _read_held(here, reading_by, held)
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
    stored = [_as_stored(key, found) for key, found in zip(held.keys, readings, strict=True)]
    chunk = _CHUNK if here.database.engine.dialect.name == "sqlite" else _CHUNK_BESIDE
    return sum(_store(here, held, stored[place : place + chunk]) for place in range(0, len(stored), chunk))


def _store(here: Scope, held: work.Claim, chunk: Sequence[ReadComment]) -> int:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        number = service.store_readings(session, held, chunk)
    here.doorbell.ring(GROUP)
    return number


def _as_stored(key: tuple[int, int], found: Reading) -> ReadComment:
    return ReadComment(
        account_id=key[0],
        comment_id=key[1],
        version=found.version,
        language=found.language,
        read_by_machine=found.read_by_machine,
        note=found.note,
        unsure=found.unsure,
        themes=tuple(
            SeenTheme(
                theme.key,
                theme.score,
                theme.span.start if theme.span else None,
                theme.span.end if theme.span else None,
                theme.reason,
            )
            for theme in found.themes
        ),
        severity=_signal(found.severity),
        sentiment=found.sentiment,
        escalation=_signal(found.escalation),
        departure=_signal(found.departure),
        masks=tuple((mask.start, mask.end, mask.kind) for mask in found.masks),
        vector=found.vector.astype("<f2").tobytes() if found.vector is not None else None,
    )


def _signal(found: Signal | None) -> SeenSignal | None:
    if found is None:
        return None
    span = found.span
    return SeenSignal(
        found.level, found.score, span.start if span else None, span.end if span else None, found.reason
    )
