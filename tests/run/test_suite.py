"""`voc test` leaves out browser tests only where it may, and says so."""

import sys
from pathlib import Path

import pytest

from voc.run import browser, suite
from voc.run.browser import find_chromium
from voc.run.suite import Browsers, find_browsers, pytest_arguments, run_suite

CHROMIUM = Path("/usr/bin/chromium")


def test_the_whole_suite_is_split_over_the_processors() -> None:
    assert pytest_arguments([], Browsers(CHROMIUM))[0] == "-n"


def test_arguments_go_to_pytest_as_they_are() -> None:
    assert pytest_arguments(["tests/run", "-k", "lock"], Browsers(CHROMIUM)) == ["tests/run", "-k", "lock"]


def test_without_a_browser_only_its_tests_are_left_out() -> None:
    assert pytest_arguments(["tests/run"], Browsers(None)) == ["-m", "not browser", "tests/run"]


@pytest.mark.parametrize(("must_have", "word"), [(False, "left out"), (True, "fail")])
def test_a_missing_browser_is_said_in_one_line_and_fails_only_where_it_must(
    monkeypatch: pytest.MonkeyPatch, *, must_have: bool, word: str
) -> None:
    monkeypatch.setattr(suite, "find_chromium", lambda: None)
    monkeypatch.setattr(suite, "get_chromium", lambda _: None)
    said: list[str] = []
    found = find_browsers(said.append, must_have=must_have)
    assert found == Browsers(None, is_failure=must_have)
    assert len(said) == 1
    assert word in said[0]


def test_a_stub_that_does_not_start_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho install the snap; exit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_CACHES", ())
    assert find_chromium() is None


def test_the_browser_that_playwright_keeps_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "chromium-1200" / "chrome-linux64" / "chrome"
    kept.parent.mkdir(parents=True)
    kept.write_text("#!/bin/sh\necho Chromium 150\n")
    kept.chmod(0o755)
    monkeypatch.setattr(browser, "_NAMES", ())
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_chromium() == kept


def test_every_part_runs_and_the_first_failure_gives_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _small_checkout(tmp_path, monkeypatch, checks={"one": "exit(3)", "two": "exit(4)", "three": "exit(0)"})
    said: list[str] = []
    assert run_suite([], say=said.append) == 3
    assert [line.split(" (")[0] for line in said] == ["FAILED  one", "FAILED  two", "passed  three"]
    assert "1 passed" in capfd.readouterr().out.splitlines()[-1]


def test_tests_meet_no_settings_of_an_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _small_checkout(tmp_path, monkeypatch, checks={})
    monkeypatch.setenv("VOC_SECRET_KEY", "not for tests")
    assert run_suite([], say=lambda _: None) == 0
    assert "1 passed" in capfd.readouterr().out


def _small_checkout(folder: Path, monkeypatch: pytest.MonkeyPatch, *, checks: dict[str, str]) -> None:
    (folder / "tests").mkdir()
    (folder / "tests" / "test_one.py").write_text(
        "import os\ndef test_one() -> None:\n    assert 'VOC_SECRET_KEY' not in os.environ\n"
    )
    monkeypatch.setattr(suite, "_ROOT", folder)
    monkeypatch.setattr(suite, "_CHECKS", {name: ("-c", code) for name, code in checks.items()})
    monkeypatch.setattr(suite, "find_chromium", lambda: Path(sys.executable))
    monkeypatch.setattr(suite, "pytest_arguments", lambda *_: [])
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
