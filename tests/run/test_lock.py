"""One `up` per data folder; others learn where it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from voc.core.errors import Conflict
from voc.run.lock import claimed, running_on


def test_a_second_claim_names_the_folder_and_the_address_of_the_first(tmp_path: Path) -> None:
    with claimed(tmp_path) as claim:
        claim.tell(address="http://127.0.0.1:8400", redis_url="unix:///x")
        with pytest.raises(Conflict, match=r"already runs on .* at http://127\.0\.0\.1:8400") as caught:
            _claim(tmp_path)
        assert str(tmp_path) in caught.value.message
        assert "--data" in caught.value.message


def test_a_claim_of_a_starting_one_says_so(tmp_path: Path) -> None:
    with claimed(tmp_path), pytest.raises(Conflict, match="still starting"):
        _claim(tmp_path)


def test_a_folder_is_free_again_after_the_claim(tmp_path: Path) -> None:
    _claim(tmp_path)
    _claim(tmp_path)


def test_a_folder_is_free_again_after_its_holder_was_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from voc.run.lock import claimed\n"
        "with claimed(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert running_on(tmp_path) is not None
        holder.kill()
    assert running_on(tmp_path) is None
    _claim(tmp_path)


def test_what_runs_can_be_found_by_other_commands(tmp_path: Path) -> None:
    assert running_on(tmp_path / "nowhere") is None
    with claimed(tmp_path) as claim:
        claim.tell(address="http://127.0.0.1:8401", redis_url="unix:///a%20b")
        running = running_on(tmp_path)
    assert running is not None
    assert (running.address, running.redis_url) == ("http://127.0.0.1:8401", "unix:///a%20b")


def test_a_new_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    _claim(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def _claim(folder: Path) -> None:
    with claimed(folder):
        pass
