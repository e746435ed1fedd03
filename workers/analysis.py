"""The read worker: drains waiting comments through the pipeline."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

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
    while True:
        held = _claim(here, limit)
        if held is not None:
            done += _Line(here, reading_by, limit, end).read(held)
        if time.monotonic() >= end:
            here.doorbell.ring(READ)
            return done
        if held is None and not read_some(here, reading_by):
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


@dataclass
class _Line:
    """Reads claim after claim until `end` or nothing waits.

    While a whole claim waits behind the one in hand, storing goes on beside reading: where others write too, a
    reader waits half of its time for its turn. What is stored and the next claim are one transaction: each makes
    whoever writes in the web wait, so there are few and they are short (256 comments: some 20 ms on SQLite).
    """

    here: Scope
    reading_by: Reader
    limit: int
    end: float
    done: int = 0
    _claims: deque[work.Claim] = field(default_factory=deque)

    def read(self, held: work.Claim) -> int:
        """Reads `held` and what comes after it; gives how many were stored."""
        self._claims.append(held)
        self._take_second()
        storing: Future[tuple[int, work.Claim | None]] | None = None
        with ThreadPoolExecutor(1, thread_name_prefix="store") as beside:
            while self._claims or storing is not None:
                one = self._claims.popleft() if self._claims else None
                ready = self._read_held(one) if one is not None else None
                if storing is not None:
                    self._note(*storing.result())
                    storing = None
                if one is None or ready is None:
                    continue
                if self._claims:
                    storing = beside.submit(self._store, one, *ready)
                else:
                    self._note(*self._store(one, *ready))
                    self._take_second()
        return self.done

    def _take_second(self) -> None:
        """Takes one more claim behind a whole one that is alone."""
        if len(self._claims) == 1 and len(self._claims[0].keys) == self.limit and self._then:
            self._note(0, _claim(self.here, self.limit))

    @property
    def _then(self) -> int:
        """How many the next claim may take: none when time is over."""
        return 0 if time.monotonic() >= self.end else self.limit

    def _note(self, stored: int, following: work.Claim | None) -> None:
        self.done += stored
        if following is not None:
            self._claims.append(following)

    def _read_held(self, held: work.Claim) -> tuple[Sequence[Reading], Mapping[str, int]] | None:
        """What a claim says, and the ids of the themes given; None when it cannot be read, and is given back."""
        self.here.beat()
        try:
            with self.here.database.reading(SYSTEM) as session:
                texts, themes = texts_of(session, held.keys), given_theme_ids(session)
            return list(_readings(self.here, self.reading_by, [texts[key] for key in held.keys])), themes
        except Exception as error:  # the edge: one bad comment must not stop the others
            log.exception("reading_failed", comments=len(held.keys))
            with self.here.database.writing(SYSTEM) as session:
                work.give_back(session, held, f"{type(error).__name__}: {error}")
            self._note(0, _claim(self.here, self._then) if self._then else None)
            return None

    def _store(
        self, held: work.Claim, readings: Sequence[Reading], themes: Mapping[str, int]
    ) -> tuple[int, work.Claim | None]:
        """Stores a claim; gives how many of it were stored, and the next claim."""
        stored = [as_stored(key, found) for key, found in zip(held.keys, readings, strict=True)]
        self.here.beat()
        with self.here.database.deriving(SYSTEM) as session:
            number = service.store_readings(session, held, stored, themes=themes)
            following = work.claim(session, READ, limit=self._then) if self._then else None
        self.here.doorbell.ring(GROUP)
        return number, following
