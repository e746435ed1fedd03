"""bin/voc sets up once, again only when it must, and says what it lacks.

The programs it calls are stand-ins that write down how they were called; the README's two commands on
an empty machine are tried by hand before each release.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ("sh", "dirname", "readlink", "cat", "cmp", "grep", "sed", "cp", "rm", "id", "mkdir", "ln", "chmod")

# A Python that knows just enough: its own place, how to make an environment, and to write down the rest.
PYTHON = """#!/bin/sh
case "$*" in
*sys.executable*) echo "$0" ;;
*"-m venv"*) [ -n "$NO_ENSUREPIP" ] && [ "$3" != --without-pip ] && exit 1
    for last; do :; done
    mkdir -p "$last/bin" && ln -s "$0" "$last/bin/python"; [ "$3" = --without-pip ] || echo >"$last/bin/pip" ;;
*"pip --version"*) [ -z "$NO_PIP" ] ;;
*"-m pip"*) echo "pip $*" >>"$STORY" ;;
*voc.cli*) echo "data=$VOC_DATA_DIR $*" ;;
esac
"""
UV = """#!/bin/sh
[ -n "$NO_UV" ] && exit 1
case "$1" in
venv) for last; do :; done; mkdir -p "$last/bin"; ln -s "$(dirname "$0")/python3" "$last/bin/python" ;;
pip) echo "uv $*" >>"$STORY" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout in a folder with a space, and a PATH with nothing but stand-ins and small tools."""

    checkout: Path
    path: Path
    story: Path

    def run(self, *arguments: str, **without: str) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": str(self.path),
            "STORY": str(self.story),
            "NO_PIP": "",
            "NO_UV": "",
            "NO_ENSUREPIP": "",
        }
        return subprocess.run(
            [self.checkout / "bin" / "voc", *arguments],
            env=env | without,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def installs(self) -> list[str]:
        return self.story.read_text().splitlines() if self.story.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout, path = tmp_path / "a checkout", tmp_path / "path"
    (checkout / "bin").mkdir(parents=True)
    path.mkdir()
    for name in ("bin/voc", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, checkout / name)
    for tool in TOOLS:
        (path / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    for name, program in {"python3": PYTHON, "uv": UV}.items():
        (path / name).write_text(program)
        (path / name).chmod(0o755)
    return Machine(checkout, path, tmp_path / "story")


def test_it_hands_over_to_the_command_with_data_beside_the_checkout(machine: Machine) -> None:
    done = machine.run("up", "--port", "8401")
    assert done.stdout == f"data={machine.checkout / 'data'} -P -m voc.cli up --port 8401\n"
    assert done.returncode == 0


def test_the_second_run_installs_nothing_and_says_nothing(machine: Machine) -> None:
    machine.run("up")
    second = machine.run("up")
    assert second.stderr == ""
    assert len(machine.installs()) == 1


def test_only_the_tests_bring_the_test_packages(machine: Machine) -> None:
    machine.run("up")
    machine.run("test")
    machine.run("up")
    assert [line.endswith("requirements-test.lock") for line in machine.installs()] == [False, True]


def test_a_changed_lock_is_installed(machine: Machine) -> None:
    machine.run("up")
    with (machine.checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    machine.run("up")
    assert len(machine.installs()) == 2


def test_every_package_is_checked_by_its_hash(machine: Machine) -> None:
    machine.run("up")
    machine.run("up", NO_UV="1")
    assert all("--require-hashes --no-deps --only-binary :all:" in line for line in machine.installs())


def test_an_install_that_broke_off_is_done_again(machine: Machine) -> None:
    machine.run("up")
    (machine.checkout / ".venv" / "requirements.lock").unlink()
    machine.run("up")
    assert len(machine.installs()) == 2


def test_without_uv_pip_gets_it_or_installs_itself(machine: Machine) -> None:
    done = machine.run("up", NO_UV="1")
    fetched, installed = machine.installs()
    assert "uv.lock" in fetched
    assert installed.endswith("requirements.lock")
    assert done.returncode == 0


def test_without_ensurepip_the_pip_outside_serves(machine: Machine) -> None:
    done = machine.run("up", NO_UV="1", NO_ENSUREPIP="1")
    assert "--python" in machine.installs()[-1]
    assert done.returncode == 0


def test_without_any_pip_it_stops_with_the_one_command(machine: Machine) -> None:
    (machine.path / "id").unlink()
    (machine.path / "id").write_text("#!/bin/sh\necho 1000\n")
    (machine.path / "id").chmod(0o755)
    done = machine.run("up", NO_UV="1", NO_ENSUREPIP="1", NO_PIP="1")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr


def test_it_may_be_called_through_a_link(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "voc"
    link.symlink_to(machine.checkout / "bin" / "voc")
    done = subprocess.run(
        [link, "up"],
        env={"PATH": str(machine.path), "STORY": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert str(machine.checkout / "data") in done.stdout


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_no_host_and_has_a_hash_for_each_package(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    packages = [part for part in text.split("\n\n") for part in part.split("\n") if "==" in part]
    assert text.count(" \\\n    --hash=sha256:") >= len(packages)


def test_the_runtime_needs_fewer_than_110_packages() -> None:
    assert sum("==" in line for line in (ROOT / "requirements.lock").read_text().splitlines()) < 110
