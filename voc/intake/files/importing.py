"""Brings in comments from a file, in small transactions that can be cut off anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from voc.accounts.files.importing import refused_path
from voc.core import clock
from voc.core.errors import Conflict
from voc.core.principal import SYSTEM, Principal
from voc.core.tables.outcome import Outcome, Progress
from voc.core.tables.reading import Problem, rows
from voc.core.tables.refused import RefusedRows
from voc.db.session import Database
from voc.intake.files import runs
from voc.intake.files.drafts import Draft, Drafter, Unreadable
from voc.intake.files.looking import CommentFile, look_at_comments
from voc.intake.files.people import Known, People
from voc.intake.service import Received, receive_many
from voc.jobs import READ, Doorbell, ring_after_commit

BATCH = 500
BATCH_POSTGRESQL = 2000  # nobody waits for another's rows there, and each statement costs the same for more


@dataclass(slots=True)
class _Counts:
    seen: int = 0
    new: int = 0
    known: int = 0
    problems: list[tuple[Draft, Problem]] = field(default_factory=list)


def import_comments(
    database: Database,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    time_zone: str,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dry_run: bool = False,
    errors_path: Path | None = None,
    on_progress: Progress | None = None,
    doorbell: Doorbell | None = None,
    batch: int | None = None,
    principal: Principal = SYSTEM,
) -> Outcome:
    """Stores each row as a comment, once however often the file is brought in. Nothing is sent or promised.

    A run that was cut off goes on where it stopped. Rows that cannot be taken go to `errors_path`
    (beside the file when None). Raises Invalid for a file, mapping or date column that cannot be read.
    A dry run reads and checks every row and stores none.
    """
    file = look_at_comments(path, mapping, date_format=date_format, encoding=encoding, separator=separator)
    with RefusedRows(None if dry_run else errors_path or refused_path(path), file.shape.header) as refused:
        bringing = None if dry_run else _Bringing(database, file, refused, doorbell, principal)
        counts = _Counts()
        for drafts, seen in _batches(file, refused, time_zone, batch or _batch_for(database)):
            counts.seen = seen
            if bringing:
                bringing.store(drafts, counts)
            if on_progress:
                on_progress(seen, file.rows)
        if bringing:
            bringing.end()
        return Outcome(
            rows=counts.seen,
            new=counts.new,
            known=counts.known,
            refused=refused.count,
            errors_path=refused.written_to,
        )


def _batch_for(database: Database) -> int:
    return BATCH if database.engine.dialect.name == "sqlite" else BATCH_POSTGRESQL


def _batches(file: CommentFile, refused: RefusedRows, time_zone: str, batch: int) -> Iterator[tuple[list[Draft], int]]:  # fmt: skip
    """Good rows in batches, each with the number of rows read so far; refused ones are written down."""
    drafter = Drafter(file.cells, file.shape.header, file.dates, ZoneInfo(time_zone), clock.now())
    drafts: list[Draft] = []
    seen = 0
    for row in rows(file.path, file.shape):
        seen += 1
        try:
            drafts.append(drafter.draft(row))
        except Unreadable as error:
            refused.add(row.line, row.values, error.problem)
        if len(drafts) == batch:
            yield drafts, seen
            drafts = []
    yield drafts, seen


class _Bringing:
    """Stores the batches of one run, and keeps how far it came in the same transactions."""

    def __init__(
        self,
        database: Database,
        file: CommentFile,
        refused: RefusedRows,
        doorbell: Doorbell | None,
        principal: Principal,
    ) -> None:
        self._database = database
        self._principal = principal
        self._refused = refused
        self._doorbell = doorbell
        with database.writing(principal) as session:
            self._run = runs.begin_or_go_on(session, file.path, file.mapping)
            self._people = People(session)

    def store(self, drafts: list[Draft], counts: _Counts) -> None:
        """Stores one batch, unless the run that was cut off had stored it."""
        if counts.seen <= self._run.rows_seen:
            counts.new, counts.known = self._run.rows_new, self._run.rows_known
            return
        known, refused = self._look_up(drafts)
        with self._database.writing(self._principal) as session:
            answers = receive_many(session, known.incoming)
            for draft, answer in zip(known.drafts, answers, strict=True):
                if isinstance(answer, Received):
                    counts.new += answer.is_new
                    counts.known += not answer.is_new
                else:
                    refused.append((draft, _reused(draft, answer)))
            runs.note(
                session, self._run, counts.seen, counts.new, counts.known, self._refused.count + len(refused)
            )
            if self._doorbell and known.drafts:
                ring_after_commit(session, self._doorbell, READ)
        for draft, problem in refused:
            self._refused.add(draft.row.line, draft.row.values, problem)

    def _look_up(self, drafts: list[Draft]) -> tuple[Known, list[tuple[Draft, Problem]]]:
        """Looks before anything is locked, so that others write meanwhile; only a client nobody knows is added first."""
        with self._database.reading(self._principal) as session:
            if self._people.knows_accounts(session, drafts):
                return self._people.look_up(session, drafts)
        with self._database.writing(self._principal) as session:
            return self._people.look_up(session, drafts)

    def end(self) -> None:
        """Says that the run is done."""
        with self._database.writing(self._principal) as session:
            runs.end(session, self._run, refused=self._refused.count)


def _reused(draft: Draft, _answer: Conflict) -> Problem:
    return Problem("", draft.sender_key.removeprefix("id:"), "This row came in before and said something else.", "Give it an id of its own, or leave it: the first one is kept.")  # fmt: skip
