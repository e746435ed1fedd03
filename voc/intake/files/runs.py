"""Keeps how far each import came, so that one that was cut off can go on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.intake.models import ImportRun


@dataclass(frozen=True, slots=True)
class Run:
    """A run and how far it had come when it began or went on."""

    id: int
    public_id: str
    rows_seen: int
    rows_new: int
    rows_known: int


def begin_or_go_on(session: Session, path: Path, mapping: Mapping[str, str]) -> Run:
    """The run of this very file and mapping that was cut off, else a new one."""
    with path.open("rb") as file:
        file_hash = hashlib.file_digest(file, "sha256").hexdigest()
    query = select(ImportRun).where(
        ImportRun.what == "comments", ImportRun.file_hash == file_hash, ImportRun.state == "running"
    )
    for run in session.scalars(query.order_by(ImportRun.id.desc())):
        if run.mapping == dict(mapping):
            return Run(run.id, run.public_id, run.rows_seen, run.rows_new, run.rows_known)
    run = ImportRun(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        what="comments",
        file_name=path.name,
        file_hash=file_hash,
        mapping=dict(mapping),
        started_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return Run(run.id, run.public_id, 0, 0, 0)


def note(session: Session, run: Run, seen: int, new: int, known: int, refused: int) -> None:
    """Keeps how far the run came, in the transaction that stored the rows."""
    _set(session, run, rows_seen=seen, rows_new=new, rows_known=known, rows_refused=refused)


def end(session: Session, run: Run, *, refused: int) -> None:
    """Says that every row of the file was read."""
    _set(session, run, state="done", ended_at=clock.now(), rows_refused=refused)


def _set(session: Session, run: Run, **values: object) -> None:
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
