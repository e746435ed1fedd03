"""The command line: light to load, grouped by role, and errors in words."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from voc.cli import COMMANDS, main
from voc.run.lock import claimed
from voc.run.parts import WORKER_KINDS, scheduler, worker

NAMES = [name for commands in COMMANDS.values() for name in commands]


def test_help_lists_every_command_under_its_role() -> None:
    lines = CliRunner().invoke(main, ["--help"]).output.splitlines()
    assert [
        line[:-1] for line in lines if line.endswith(":") and not line.startswith((" ", "Options"))
    ] == list(COMMANDS)
    assert all(any(line.startswith(f"  {name} ") for line in lines) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["upp"]).exit_code == 2


def test_an_error_of_ours_becomes_its_words_and_code_1(tmp_path: Path) -> None:
    with claimed(tmp_path):
        done = CliRunner().invoke(main, ["up", "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert done.output.startswith("Error: Everyclient already runs on ")


def test_loading_the_command_loads_no_library_but_click() -> None:
    program = "import sys, voc.cli; print(*sorted({'sqlalchemy', 'flask', 'rq', 'spacy', 'numpy'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_supervising_loads_neither_web_nor_database() -> None:
    program = (
        "import sys, voc.run.up; print(*sorted({'sqlalchemy', 'flask', 'rq', 'spacy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_kinds_of_worker_are_the_queues() -> None:
    program = "from voc.jobs import QUEUES; print(*QUEUES)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert tuple(done.stdout.split()) == WORKER_KINDS


@pytest.mark.parametrize("part", [scheduler(), *map(worker, WORKER_KINDS)], ids=lambda part: part.name)
def test_no_file_of_the_current_folder_is_taken_for_a_part(part: object) -> None:
    assert "-P" in getattr(part, "argv", ())
