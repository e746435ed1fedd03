"""Keeps an uploaded file until somebody has looked at it and said go."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.errors import Invalid, NotFound
from voc.core.tables.outcome import Outcome
from voc.intake.models import ImportRun

WHAT = {"comments": "What clients said", "accounts": "The client list", "usage": "Usage of services"}
_SUFFIXES = {".csv", ".tsv", ".txt", ".jsonl", ".ndjson"}


def keep(session: Session, folder: Path, what: str, file_name: str, stream: IO[bytes]) -> ImportRun:
    """Stores the upload in `folder` under a name of our own; it waits for a person's go."""
    if what not in WHAT:
        raise Invalid("Say what the file holds.", fields={"what": "Choose one of the three."})
    if not file_name:
        raise Invalid("Choose a file first.", fields={"file": "Choose a file."})
    public_id = ids.new_public_id()
    suffix = Path(file_name).suffix.lower()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{public_id}{suffix if suffix in _SUFFIXES else '.csv'}"
    with path.open("wb") as file:
        while chunk := stream.read(1 << 20):
            file.write(chunk)
    run = ImportRun(
        id=ids.new_id(),
        public_id=public_id,
        what=what,
        file_name=_plain_name(file_name),
        file_hash=_hash(path),
        mapping={},
        state="waiting",
        started_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def _plain_name(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff/\\]", "_", name)[:200]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find(session: Session, public_id: str) -> ImportRun:
    """One import; NotFound when there is none."""
    run = session.scalar(select(ImportRun).where(ImportRun.public_id == public_id))
    if run is None:
        raise NotFound
    return run


def path_of(folder: Path, run: ImportRun) -> Path:
    """Where the upload lies; NotFound when it is no longer kept."""
    for path in folder.glob(f"{run.public_id}.*"):
        if ".refused" not in path.name:
            return path
    raise NotFound


def refused_of(folder: Path, run: ImportRun) -> Path:
    """Where the refused rows of an upload go."""
    return folder / f"{run.public_id}.refused.csv"


def start(session: Session, run_id: int, mapping: Mapping[str, str]) -> None:
    """Says that the import goes now: a run that waits or runs, never one that is done."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.state.in_(("waiting", "running", "stopped")))
        .values(state="running", mapping=dict(mapping))
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, run_id: int, outcome: Outcome) -> None:
    """Keeps what the import did."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(
            state="done",
            ended_at=clock.now(),
            rows_seen=outcome.rows,
            rows_new=outcome.new,
            rows_known=outcome.known + outcome.updated,
            rows_refused=outcome.refused,
        )
        .execution_options(synchronize_session=False)
    )


def latest(session: Session, *, limit: int = 20) -> tuple[ImportRun, ...]:
    """The newest imports first."""
    return tuple(session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)))
