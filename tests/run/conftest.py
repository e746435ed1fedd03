"""A supervisor over stand-ins; what it says is kept in a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from voc.core.config import environment
from voc.run.signals import Signals, listening
from voc.run.supervisor import Supervisor


@dataclass(frozen=True)
class Stage:
    supervisor: Supervisor
    signals: Signals
    said: list[str]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    said: list[str] = []
    with listening() as signals:
        supervisor = Supervisor(logs=tmp_path / "logs", signals=signals, env=environment({}), say=said.append)
        yield Stage(supervisor, signals, said)
        supervisor.stop()
