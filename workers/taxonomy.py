"""The training worker's other job: what a wished change of the themes would do to the newest comments."""

from collections.abc import Iterator, Mapping, Sequence

import structlog

from nlp.pipeline import HeadArrays, Reader, ThemeSpec, load
from nlp.reading import ThemeReading
from voc.analysis.rules import Merged, ThemeShown, themes_shown
from voc.analysis.themes import drafts
from voc.analysis.themes.comparing import Evidence, ReadTwice, compare
from voc.analysis.themes.drafts import Look
from voc.analysis.themes.newest import Newest, merged_as, newest, spec_rows
from voc.analysis.themes.state import SpecRow
from voc.core.principal import SYSTEM
from voc.db import lease
from voc.jobs import PREVIEW
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

BATCH = 256
_LEASE = "theme look"


def drain() -> int:
    """Looks what each wished change of themes would do; gives the number of looks.

    Rung when a change is wished, when the themes were changed meanwhile, and by the sweeper. Safe to run
    twice: one worker at a time holds the lease, and a look is stored only while its very wish and version
    stand. Returns at once when none waits.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{PREVIEW}")
    return drain_with(here)


def drain_with(here: Scope) -> int:
    """As `drain`, with the scope given."""
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, _LEASE)
    if token is None:
        return 0
    done = 0
    try:
        while (look := _next(here, token)) is not None:
            done += _look(here, look, token)
    finally:
        with here.database.writing(SYSTEM) as session:
            lease.give_back(session, _LEASE, token)
    return done


def _next(here: Scope, token: int) -> Look | None:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        return drafts.claim(session) if lease.keep(session, _LEASE, token) else None


def _look(here: Scope, look: Look, token: int) -> int:
    try:
        found = compare(list(_read_twice(here, look, token)), look.today, look.wished)
    except _Overtaken:
        return 0
    except Exception:  # the edge: one wish must not stop the others; after three tries it is set aside
        log.exception("theme_look_failed", draft=look.draft_id)
        return 0
    with here.database.writing(SYSTEM) as session:
        return int(drafts.keep(session, look, found))


class _Overtaken(Exception):
    """Another wish or version took this one's place."""


def _read_twice(here: Scope, look: Look, token: int) -> Iterator[ReadTwice]:
    with here.database.reading(SYSTEM) as session:
        comments = newest(session)
        today, wished = spec_rows(session, look.today), spec_rows(session, look.wished)
        merged = merged_as(session, look.today), merged_as(session, look.wished)
    readers = reader_of(today, heads_for(today)), reader_of(wished, heads_for(wished))
    for place in range(0, len(comments), BATCH):
        here.beat()
        with here.database.writing(SYSTEM) as session:
            stands = drafts.tell(session, look, looked=place, of=len(comments))
            if not stands or not lease.keep(session, _LEASE, token):
                raise _Overtaken
        batch = comments[place : place + BATCH]
        yield from _batch(batch, readers, merged)


def _batch(
    batch: Sequence[Newest], readers: tuple[Reader, Reader], merged: tuple[Merged, Merged]
) -> Iterator[ReadTwice]:
    texts = [one.text for one in batch]
    for one, today, wished in zip(batch, readers[0].read(texts), readers[1].read(texts), strict=True):
        yield ReadTwice(
            one.public_id,
            _held(today.themes, one, merged[0]),
            _held(wished.themes, one, merged[1]),
            bool(one.labels),
        )


def _held(seen: Sequence[ThemeReading], one: Newest, merged: Merged) -> Mapping[str, Evidence]:
    """The themes that hold for a comment: people's words first, as on every page."""
    machine = [
        ThemeShown(
            theme.key, theme.key, theme.score, theme.span.start if theme.span else None,
            theme.span.end if theme.span else None, theme.reason, by_person=False,
        )
        for theme in seen
    ]  # fmt: skip
    shown = themes_shown(machine, one.labels, merged)
    return {theme.key: Evidence(theme.starts_at, theme.ends_at, theme.reason) for theme in shown}


def heads_for(rows: Sequence[SpecRow]) -> Sequence[HeadArrays]:
    """What was learned of these themes from corrections."""
    del rows
    return ()


def reader_of(rows: Sequence[SpecRow], heads: Sequence[HeadArrays]) -> Reader:
    """A pipeline for these themes."""
    return load(
        [ThemeSpec(row.key, row.name, row.description, row.examples, row.called) for row in rows], heads
    )
