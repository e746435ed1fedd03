"""One child process: its words are kept, and it goes when told."""

from pathlib import Path

from tests.run.standins import PATIENCE_SECONDS
from voc.run import child as children
from voc.run.child import start


def test_its_words_are_added_to_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "web.log"
    for word in ("first", "second"):
        start("web", ["sh", "-c", f"echo {word}; echo {word} >&2"], log=log).process.wait(PATIENCE_SECONDS)
    assert log.read_text().split() == ["first", "first", "second", "second"]


def test_a_log_that_grew_too_big_begins_anew(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("wb") as file:
        file.truncate(children._LOG_LIMIT_BYTES + 1)
    start("web", ["echo", "new"], log=log).process.wait(PATIENCE_SECONDS)
    assert log.read_text() == "new\n"


def test_one_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    child = start("web", ["sh", "-c", 'trap "" TERM; echo up; sleep 600'], log=tmp_path / "log")
    child.ask_to_stop()
    child.end(within_seconds=0.05)
    assert not child.is_alive


def test_asking_one_that_is_gone_does_nothing(tmp_path: Path) -> None:
    child = start("web", ["true"], log=tmp_path / "log")
    child.end()
    child.ask_to_stop()
    assert child.process.returncode == 0


def test_it_gets_the_environment_it_is_given(tmp_path: Path) -> None:
    child = start("web", ["/bin/sh", "-c", "echo $VOC_PORT"], log=tmp_path / "log", env={"VOC_PORT": "8400"})
    child.process.wait(PATIENCE_SECONDS)
    assert child.log.read_text() == "8400\n"
