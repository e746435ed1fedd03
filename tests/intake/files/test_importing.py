"""Comments from files, on both databases."""

import csv
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from voc.accounts.models import Account
from voc.core import clock
from voc.core.errors import Invalid
from voc.core.principal import SYSTEM, Role
from voc.core.tables.outcome import Outcome
from voc.db import work
from voc.db.session import Database
from voc.intake.files import importing
from voc.intake.files.importing import import_comments
from voc.intake.models import Comment, ImportRun, Thread
from voc.jobs import QuietDoorbell

_seconds = itertools.count(1)  # two runs never begin at one moment
MAPPING = {"text": "said", "account": "client", "received_at": "when"}


def a_file(folder: Path, *lines: str, header: str = "said,client,when", name: str = "said.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def bring(database: Database, path: Path, mapping: dict[str, str] | None = None, **how: Any) -> Outcome:
    with clock.frozen(clock.now() + timedelta(seconds=next(_seconds))):
        return import_comments(database, path, mapping or MAPPING, time_zone="Europe/Amsterdam", **how)


def stored(database: Database) -> list[Comment]:
    with database.reading(SYSTEM) as session:
        found = list(session.scalars(select(Comment).order_by(Comment.id)))
        session.expunge_all()
        return found


def test_each_row_becomes_a_comment_that_waits_for_a_reader(database: Database, tmp_path: Path) -> None:
    bell = QuietDoorbell()
    outcome = bring(
        database, a_file(tmp_path, "Late again,Acme,2026-03-01", "Wrong bill,Birch,2026-03-02"), doorbell=bell
    )
    assert (outcome.rows, outcome.new, outcome.known, outcome.refused) == (2, 2, 0, 0)
    assert [comment.text for comment in stored(database)] == ["Late again", "Wrong bill"]
    assert {comment.channel for comment in stored(database)} == {"import"}
    assert bell.rung == ["read"]
    with database.reading(SYSTEM) as session:
        assert work.waiting(session) == {"read": 2}


def test_nothing_is_promised(database: Database, tmp_path: Path) -> None:
    bring(database, a_file(tmp_path, "Late again,Acme,2026-03-01"))
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Thread.next_word_by)).all() == [None]


def test_the_same_file_twice_adds_nothing(database: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path, "Late again,Acme,2026-03-01", "Wrong bill,Birch,2026-03-02")
    bring(database, path)
    outcome = bring(database, path)
    assert (outcome.new, outcome.known) == (0, 2)
    assert len(stored(database)) == 2


def test_equal_rows_of_different_people_all_stay(database: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path, *["Late again,Acme,2026-03-01"] * 3)
    assert bring(database, path, batch=2).new == 3
    assert bring(database, path, batch=2).known == 3


def test_an_unknown_client_is_added_and_marked(database: Database, tmp_path: Path) -> None:
    bring(database, a_file(tmp_path, "Late,Acme,2026-03-01", "Late too,ACME,2026-03-02"))
    with database.reading(SYSTEM) as session:
        assert session.execute(select(Account.name, Account.is_listed)).all() == [("Acme", False)]


@pytest.mark.parametrize(
    "line",
    ["Late,Acme,31/02/2024", "Late,,2026-03-01", "  ,Acme,2026-03-01", "Late,Acme,2031-01-01", "Late,Acme,",
     "a\x00b,Acme,2026-03-01", f"{'x' * 100_001},Acme,2026-03-01", f"{'x' * 200_000},Acme,2026-03-01", "Late,Acme"],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_is_written_down_and_the_rest_goes_in(
    database: Database, tmp_path: Path, line: str
) -> None:
    outcome = bring(database, a_file(tmp_path, "Good,Acme,2026-03-01", line, "Fine,Acme,2026-03-02"))
    assert (outcome.new, outcome.refused) == (2, 1)
    assert outcome.errors_path == tmp_path / "said.refused.csv"
    with outcome.errors_path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(1_000_000)
        assert [row["refused line"] for row in csv.DictReader(file)] == ["3"]


def test_refused_rows_can_be_corrected_in_their_file_and_brought_in(
    database: Database, tmp_path: Path
) -> None:
    first = bring(database, a_file(tmp_path, "=1+1 is what it says,Acme,soon"))
    assert first.errors_path
    path = tmp_path / "again.csv"
    path.write_text(first.errors_path.read_text(encoding="utf-8-sig").replace("soon,", "soon ,").replace(",soon\n", ",2026-03-01\n"), encoding="utf-8")  # fmt: skip
    assert bring(database, path).new == 1
    assert stored(database)[0].text == "=1+1 is what it says"


def test_a_column_of_dates_that_fits_two_orders_is_refused(database: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path, "Late,Acme,03/04/2024", "Late,Acme,05/06/2024")
    with pytest.raises(Invalid, match="--date-format"):
        bring(database, path)
    assert bring(database, path, date_format="d/m/y").new == 2
    assert stored(database)[0].said_at == datetime(2024, 4, 2, 22, tzinfo=UTC)


def test_a_dry_run_stores_nothing(database: Database, tmp_path: Path) -> None:
    outcome = bring(database, a_file(tmp_path, "Late,Acme,2026-03-01", "Late,Acme,never"), dry_run=True)
    assert (outcome.rows, outcome.refused, outcome.errors_path) == (2, 1, None)
    assert stored(database) == []


def test_the_clients_first_and_last_words_follow_old_and_new_rows(database: Database, tmp_path: Path) -> None:
    bring(database, a_file(tmp_path, "New,Acme,2026-03-02T10:00:00Z", "Old,Acme,2024-03-02T10:00:00Z"))
    bring(database, a_file(tmp_path, "Older,Acme,2023-03-02T10:00:00Z", name="older.csv"))
    with database.reading(SYSTEM) as session:
        row = session.execute(select(Account.first_said_at, Account.last_said_at)).one()
    assert tuple(row) == (datetime(2023, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC))


def test_what_a_site_says_its_group_has_said(database: Database, tmp_path: Path) -> None:
    with database.writing(SYSTEM) as session:
        group = factories.account(session, name="Acme Group")
        factories.account(session, name="Acme North", group=group)
    bring(database, a_file(tmp_path, "New,Acme North,2026-03-02T10:00:00Z"))
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).where(Account.first_said_at.is_(None))) == 0


def test_a_colleague_who_must_not_see_it_has_to_be_known(database: Database, tmp_path: Path) -> None:
    with database.writing(SYSTEM) as session:
        anna = factories.user(session, Role.AGENT, name="Anna Berg")
    path = a_file(
        tmp_path, "She shouted,Acme,anna berg", "He shouted,Acme,Nobody Known", header="said,client,hide"
    )
    outcome = bring(database, path, {"text": "said", "account": "client", "not_seen_by": "hide"})
    assert (outcome.new, outcome.refused) == (1, 1)
    assert stored(database)[0].hidden_from_id == anna.id


def test_the_senders_own_id_is_the_key(database: Database, tmp_path: Path) -> None:
    mapping = {"text": "said", "account": "client", "source_id": "no"}
    path = a_file(tmp_path, "Late,Acme,7", "Late,Acme,8", "Something else,Acme,7", header="said,client,no")
    outcome = bring(database, path, mapping)
    assert (outcome.new, outcome.known, outcome.refused) == (2, 0, 1)


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_a_run_that_was_killed_goes_on_and_stores_each_row_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    path = a_file(tmp_path, *[f"Late {n % 4},Acme,2026-03-01" for n in range(9)], "x,Acme,never")
    real, calls = importing.receive_many, []

    def dying(session: Any, incoming: Any) -> Any:
        calls.append(1)
        if len(calls) == killed_at:
            raise KeyboardInterrupt
        return real(session, incoming)

    monkeypatch.setattr(importing, "receive_many", dying)
    with pytest.raises(KeyboardInterrupt):
        bring(database, path, batch=3)
    monkeypatch.setattr(importing, "receive_many", real)
    outcome = bring(database, path, batch=3)
    assert (outcome.rows, outcome.new, outcome.refused) == (10, 9, 1)
    assert len(stored(database)) == 9
    with database.reading(SYSTEM) as session:
        assert [(run.state, run.rows_new) for run in session.scalars(select(ImportRun))] == [("done", 9)]


def test_a_header_without_rows_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no rows"):
        bring(database, a_file(tmp_path))


def test_a_missing_column_is_named_with_those_there_are(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="“said”, “client”, “when”"):
        bring(database, a_file(tmp_path, "Late,Acme,2026-03-01"), {"text": "words", "account": "client"})
