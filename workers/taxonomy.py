"""The training worker's other job: what a wished change of the themes would do to the newest comments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.orm import Session

from nlp.archive import Archive
from nlp.pipeline import HeadArrays, Reader, load, pipeline_version
from nlp.reading import ThemeReading
from nlp.train import column_of
from voc.analysis.rules import Merged, ThemeShown, themes_shown
from voc.analysis.teaching import heads, lessons
from voc.analysis.teaching.heads import Learned
from voc.analysis.teaching.lessons import Board
from voc.analysis.themes import drafts
from voc.analysis.themes.comparing import Evidence, ReadTwice, compare
from voc.analysis.themes.drafts import Look
from voc.analysis.themes.newest import Newest, merged_as, newest, spec_rows
from voc.analysis.themes.state import SpecRow, Themes
from voc.core.principal import SYSTEM
from voc.db import lease
from voc.jobs import PREVIEW
from workers.alive import alive
from workers.analysis import arrays_of
from workers.scope import Scope, scope
from workers.training import archive_of, as_spec, begun, marks_of, slate_from, teach

log = structlog.get_logger(__name__)

BATCH = 100  # so that the page tells of each tenth of the way
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
        with alive(partial(_tell, here, look, token)):
            found = compare(list(_read_twice(here, look, token)), look.today, look.wished)
    except _Overtaken:
        return 0
    except Exception:  # the edge: one wish must not stop the others; after three tries it is set aside
        log.exception("theme_look_failed", draft=look.draft_id)
        return 0
    with here.database.writing(SYSTEM) as session:
        return int(drafts.keep(session, look, found))


def _tell(here: Scope, look: Look, token: int) -> None:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        drafts.beat(session, look)
        lease.keep(session, _LEASE, token)


class _Overtaken(Exception):
    """Another wish or version took this one's place."""


def _read_twice(here: Scope, look: Look, token: int) -> Iterator[ReadTwice]:
    with here.database.reading(SYSTEM) as session:
        comments = newest(session)
        ways = _way(session, look.today), _way(session, look.wished)
    _go_on(here, look, token, 0, len(comments))
    readers = _reader(here, ways[0]), _reader(here, ways[1])
    for place in range(0, len(comments), BATCH):
        _go_on(here, look, token, place, len(comments))
        yield from _batch(comments[place : place + BATCH], readers, ways)


def _go_on(here: Scope, look: Look, token: int, looked: int, of: int) -> None:
    """Says how far it is; raises _Overtaken when it may stop."""
    here.beat()
    with here.database.writing(SYSTEM) as session:
        if not drafts.tell(session, look, looked=looked, of=of) or not lease.keep(session, _LEASE, token):
            raise _Overtaken


@dataclass(frozen=True, slots=True)
class _Way:
    """All that one way of reading rests on: the themes, what is learned of them, and what is still to learn."""

    specs: tuple[SpecRow, ...]
    merged: Merged
    heads: tuple[Learned, ...]
    due: tuple[SpecRow, ...]
    by_archive: frozenset[str]
    archive: Archive
    board: Board


def _way(session: Session, themes: Themes) -> _Way:
    pipeline = pipeline_version()
    specs, merged = spec_rows(session, themes), merged_as(session, themes)
    board = lessons.board(session, merged)
    known = heads.newest(session)
    marks = marks_of(session, specs)
    due = heads.due(specs, known, board.stamps, pipeline, marks)
    learning = {spec.key for spec in due}
    by_archive = frozenset(marks.keys() & learning)
    return _Way(
        specs, merged, heads.in_force(session, {spec.key for spec in specs} - learning, pipeline), due,
        by_archive, archive_of(session) if by_archive else Archive(), board,
    )  # fmt: skip


def _reader(here: Scope, way: _Way) -> Reader:
    """A pipeline that reads this way, with what the training worker would learn for it."""
    specs = [as_spec(row) for row in way.specs]
    return load(specs, [*arrays_of(way.heads), *_learned(here, way)])


def _learned(here: Scope, way: _Way) -> list[HeadArrays]:
    if not way.due or not (way.board.lessons or way.by_archive):
        return []
    bank = begun(here, way.specs, way.archive)
    slate = slate_from(way.board, way.specs, bank)
    found = []
    for spec in way.due:
        here.beat()
        taught = teach(spec, bank, slate, way.board.lessons)
        if taught:
            found.append(taught[0].head)
        elif spec.key in way.by_archive:
            found.append(column_of(bank, as_spec(spec)))
    return found


def _batch(
    batch: Sequence[Newest], readers: tuple[Reader, Reader], ways: tuple[_Way, _Way]
) -> Iterator[ReadTwice]:
    texts = [one.text for one in batch]
    for one, today, wished in zip(batch, readers[0].read(texts), readers[1].read(texts), strict=True):
        yield ReadTwice(
            one.public_id,
            _held(today.themes, one, ways[0]),
            _held(wished.themes, one, ways[1]),
            bool(one.labels),
        )


def _held(seen: Sequence[ThemeReading], one: Newest, way: _Way) -> Mapping[str, Evidence]:
    """The themes that hold for a comment: people's words first, as on every page."""
    unread = {spec.key for spec in way.specs if not spec.is_read}
    machine = [
        ThemeShown(
            theme.key, theme.key, theme.score, theme.span.start if theme.span else None,
            theme.span.end if theme.span else None, theme.reason, by_person=False,
        )
        for theme in seen
        if theme.key not in unread
    ]  # fmt: skip
    shown = themes_shown(machine, one.labels, way.merged)
    return {theme.key: Evidence(theme.starts_at, theme.ends_at, theme.reason) for theme in shown}
