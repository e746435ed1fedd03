"""The training worker: each theme learns from what people said of it, seconds after they said it.

A theme that has few sentences also learns from the installation's newest comments (nlp.archive): again when any
theme is worded anew, when people speak of it, and at each doubling of the archive. What it learned is stored as a
head like any other, so that the reading worker fits nothing.
"""

from collections.abc import Sequence

import numpy as np
import structlog
from sqlalchemy.orm import Session

from nlp.archive import Archive, is_enough, learned_bank, learns_from_archive, sentences_of
from nlp.heads import ThemeSpec, pack
from nlp.pipeline import background, pipeline_version, starter_bank
from nlp.theme_bank import ThemeBank, shots_of
from nlp.train import UNSPOKEN, Slate, Taught, column_of, opined, slate_of, teach_head
from voc.analysis.teaching import archive, heads, lessons, rereading, sets
from voc.analysis.teaching.heads import Figures
from voc.analysis.teaching.lessons import Board, Lesson
from voc.analysis.teaching.rules import Stamp
from voc.analysis.themes.newest import spec_rows
from voc.analysis.themes.state import SpecRow
from voc.core.principal import SYSTEM
from voc.db import lease
from voc.jobs import READ, TRAIN
from workers.alone import alone
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

LEASE = "training"


def drain() -> int:
    """Learns what people taught since the last time; gives the number of themes that learned.

    Rung by each correction, by the read worker when themes are read by other words, and by the sweeper.
    Safe to run twice: one worker at a time holds the lease, a head is stored only under it, and a theme
    whose labels did not change has nothing to learn. A worker that dies leaves the rest due.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{TRAIN}")
    with alone(here, LEASE) as token:
        return 0 if token is None else drain_with(here, token)


def drain_with(here: Scope, token: int) -> int:
    """As `drain`, holding the lease already."""
    here.beat()
    pipeline = pipeline_version()
    with here.database.reading(SYSTEM) as session:
        seen, stage = lessons.labels_now(session), archive.stage(session)
        board = lessons.board(session)
        specs = spec_rows(session)
        marks = marks_of(session, specs)
        due = heads.due(specs, heads.newest(session), board.stamps, pipeline, marks)
        known = archive_of(session) if marks.keys() & {spec.key for spec in due} else Archive()
    done = 0
    if due:
        bank = begun(here, specs, known)
        slate = slate_from(board, specs, bank)
        for spec in due:
            here.beat()
            taught, mark = teach(spec, bank, slate, board.lessons), marks.get(spec.key, "")
            if taught is None and mark:
                taught = Taught(column_of(bank, as_spec(spec)), None), 0
            stamp = board.stamps.get(spec.key, Stamp())
            done += _keep(here, token, spec, taught, stamp, pipeline, mark)
    with here.database.writing(SYSTEM) as session:
        if lease.keep(session, LEASE, token):
            lessons.keep_look(session, seen)
            archive.keep_stage(session, stage)
    return done


def marks_of(session: Session, specs: Sequence[SpecRow]) -> dict[str, str]:
    """The themes that learn from the archive, with its mark; none while it is small for so many themes."""
    helped = {spec.key for spec in learns_from_archive([as_spec(spec) for spec in specs])}
    scarce = [spec.key for spec in specs if spec.is_read and spec.key in helped]
    if not scarce or not is_enough(archive.size(session), len(specs)):
        return {}
    return dict.fromkeys(scarce, archive.mark(specs, archive.stage(session)))


def archive_of(session: Session) -> Archive:
    """The newest comments as the sentences that themes learn from."""
    said = archive.words(session)
    return sentences_of(Archive(tuple(text for _, text in said), tuple(account for account, _ in said)))


def begun(here: Scope, specs: Sequence[SpecRow], known: Archive) -> ThemeBank:
    """What themes know before anybody corrected them; of an empty archive nothing is learned."""
    said = [as_spec(spec) for spec in specs]
    here.beat()
    return learned_bank(said, known) if known.texts else starter_bank(said)


def as_spec(row: SpecRow) -> ThemeSpec:
    """A theme as the pipeline takes it."""
    return ThemeSpec(row.key, row.name, row.description, row.examples, row.called)


def slate_from(board: Board, specs: Sequence[SpecRow], bank: ThemeBank) -> Slate:
    """The lessons as features; nobody spoke of what themes began with, nor of the newest other comments."""
    begun = shots_of([as_spec(spec) for spec in specs], background())
    texts, accounts = [one.text for one in board.lessons], [one.account_id for one in board.lessons]
    return opined(slate_of(texts, accounts, [*begun.texts, *board.unspoken]), bank)


def teach(spec: SpecRow, bank: ThemeBank, slate: Slate, board: Sequence[Lesson]) -> tuple[Taught, int] | None:
    """What the theme learned, and of how many comments people spoke; None when nobody speaks of it any more."""
    spoken = np.array([spec.key in one.stance.spoken for one in board], dtype=bool)
    if not spoken.any():
        return None
    holds = np.array([_holds(one, spec.key) for one in board], dtype=bool)
    weights = np.where(spoken, 1.0, UNSPOKEN)
    return teach_head(column_of(bank, as_spec(spec)), slate, holds, weights), int(spoken.sum())


def _holds(lesson: Lesson, key: str) -> bool:
    return lesson.stance.spoken.get(key, key in lesson.stance.left)


def _keep(
    here: Scope,
    token: int,
    spec: SpecRow,
    taught: tuple[Taught, int] | None,
    stamp: Stamp,
    pipeline: str,
    mark: str,
) -> int:
    """Stores one theme's head under the lease, raises the model set's number, has the window read again."""
    with here.database.writing(SYSTEM) as session:
        if not lease.keep(session, LEASE, token):
            return 0
        arrays, figures = (pack(taught[0].head), _figures(*taught)) if taught else (b"", Figures(0))
        version = heads.keep(session, spec, arrays, figures, stamp, pipeline, mark=mark)
        sets.raise_number(session, pipeline)
        rereading.want(session)
    here.doorbell.ring(READ)
    log.info("learned", theme=spec.key, version=version, corrections=figures.learned_from)
    return int(version is not None)


def _figures(taught: Taught, spoken: int) -> Figures:
    held = taught.held
    if held is None:
        return Figures(spoken)
    return Figures(spoken, held.called, held.right, held.were, held.seen)
