"""Time is true, unless a practice installation runs ahead of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voc.core import clock
from voc.core.config import Settings

WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    """Instead of the frozen clock: here the true time is what is tested."""
    yield
    clock.follow(None)


def _is_ahead_by(by: timedelta) -> bool:
    return abs(clock.now() - datetime.now(UTC) - by) < timedelta(seconds=5)


def test_nobody_runs_ahead_without_a_file(tmp_path: Path) -> None:
    clock.follow(tmp_path / "practice-clock")
    assert _is_ahead_by(timedelta())


def test_a_week_passes_in_a_process_that_runs_already(tmp_path: Path) -> None:
    path = tmp_path / "practice-clock"
    clock.follow(path)
    clock.run_ahead(path, WEEK)
    assert _is_ahead_by(WEEK)
    clock.run_ahead(path, 2 * WEEK)
    assert _is_ahead_by(2 * WEEK)


def test_time_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "practice-clock"
    clock.follow(path)
    clock.run_ahead(path, WEEK)
    clock.run_ahead(path, timedelta())
    assert _is_ahead_by(WEEK)


def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "practice-clock"
    path.write_text("next Tuesday", encoding="utf-8")
    clock.follow(path)
    assert _is_ahead_by(timedelta())


def test_only_an_embedded_installation_without_a_mail_server_may_run_ahead(settings: Settings) -> None:
    assert settings.practice_clock == settings.data_dir / "practice-clock"
    assert replace(settings, smtp_url="smtp://mail.example").practice_clock is None
    assert replace(settings, imap_url="imap://mail.example").practice_clock is None
    assert replace(settings, database_url="postgresql://db/voc").practice_clock is None
