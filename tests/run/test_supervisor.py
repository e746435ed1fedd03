"""Parts start in order, come back when they die, and leave nobody behind."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.run.conftest import Stage
from tests.run.standins import PATIENCE_SECONDS, is_gone, read_pids, recorder, sleeper, stubborn, wrote
from voc.core.errors import Unavailable
from voc.run.parts import Part
from voc.run.supervisor import AskedToStop


def test_parts_stop_in_reverse_order_of_their_start(stage: Stage, tmp_path: Path) -> None:
    story = tmp_path / "story"
    for count, name in enumerate(("store", "web", "worker"), start=1):
        stage.supervisor.keep(recorder(name, story))
        stage.supervisor.wait_for(wrote(story, count), within_seconds=PATIENCE_SECONDS)
    stage.supervisor.stop()
    assert story.read_text().splitlines() == [
        "start store",
        "start web",
        "start worker",
        "stop worker",
        "stop web",
        "stop store",
    ]


def test_a_dead_part_is_started_again_and_said(stage: Stage, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    child = stage.supervisor.keep(sleeper("read worker", pids))
    stage.supervisor.wait_for(wrote(pids, 1), within_seconds=PATIENCE_SECONDS)
    child.process.kill()
    child.process.wait()
    _watch_until_second_start(stage, pids)
    first, second = read_pids(pids)
    assert first != second
    log = tmp_path / "logs" / "read-worker.log"
    assert stage.said == [f"The read worker was ended by SIGKILL; we start it again. Its log: {log}"]


def test_a_part_that_dies_at_once_each_time_is_given_pauses(stage: Stage) -> None:
    stage.supervisor.keep(Part("web", ("false",)))
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    stage.supervisor.watch()
    assert "ended by itself with code 1; we start it again. " in stage.said[0]
    assert "we start it again in 1 seconds" in stage.said[1]
    assert len(stage.said) <= 3


def test_what_a_dead_part_started_itself_goes_too(stage: Stage, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    stage.supervisor.keep(stubborn("web", pids))
    stage.supervisor.wait_for(wrote(pids, 1), within_seconds=PATIENCE_SECONDS)
    stage.supervisor.stop()
    assert is_gone(read_pids(pids)[0])


def test_a_part_that_ends_before_it_is_ready_tells_its_last_words(stage: Stage) -> None:
    child = stage.supervisor.keep(Part("web", ("sh", "-c", "echo no such port; exit 3")))
    with pytest.raises(Unavailable, match="The web ended by itself with code 3") as caught:
        stage.supervisor.wait_until_ready(child, lambda: False, within_seconds=PATIENCE_SECONDS)
    assert "no such port" in caught.value.message
    assert str(child.log) in caught.value.message


def test_a_step_that_fails_stops_the_start(stage: Stage) -> None:
    with pytest.raises(Unavailable, match="The migration ended by itself with code 1"):
        stage.supervisor.run_once(Part("migration", ("false",)))


def test_a_wish_to_stop_is_heard_while_parts_start(stage: Stage) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(AskedToStop):
        stage.supervisor.wait_for(lambda: False, within_seconds=PATIENCE_SECONDS)


@pytest.mark.slow
def test_no_part_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = f"""
from pathlib import Path
from tests.run.standins import sleeper
from voc.core.config import environment
from voc.run.signals import listening
from voc.run.supervisor import Supervisor
with listening() as signals:
    supervisor = Supervisor(logs=Path({str(tmp_path)!r}), signals=signals, env=environment({{}}), say=print)
    for name in ("store", "web", "worker"):
        supervisor.keep(sleeper(name, Path({str(pids)!r})))
    supervisor.wait_for(lambda: len(Path({str(pids)!r}).read_text().split()) == 3, within_seconds=10)
    print("ready", flush=True)
    supervisor.watch()
"""
    supervisor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        supervisor.kill()
    assert len(read_pids(pids)) == 3
    assert all(is_gone(pid) for pid in read_pids(pids))


def _watch_until_second_start(stage: Stage, pids: Path) -> None:
    """`watch` runs until a signal; the signal comes once the second process has written its id."""

    def stop_when_back() -> None:
        while len(read_pids(pids)) < 2:
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    observer = threading.Thread(target=stop_when_back, daemon=True)
    observer.start()
    stage.supervisor.watch()
    observer.join()
