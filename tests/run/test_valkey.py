"""The embedded queue store keeps what it holds, fits any folder, and says what is missing."""

import signal
from pathlib import Path

import pytest
import redis

from tests.run.standins import is_gone
from voc.core.errors import Unavailable
from voc.run import valkey as store
from voc.run.sockets import LONGEST_SOCKET_PATH
from voc.run.valkey import find_server, redis_url, valkey


def test_it_finds_again_what_it_held(tmp_path: Path) -> None:
    with valkey(tmp_path / "queue", log=tmp_path / "log") as (_, url), redis.Redis.from_url(url) as client:
        client.set("rung", "1")
    with valkey(tmp_path / "queue", log=tmp_path / "log") as (_, url), redis.Redis.from_url(url) as client:
        assert client.get("rung") == b"1"


def test_it_fits_a_folder_whose_path_is_too_long_for_a_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("a long name " * 10)
    with valkey(folder, log=tmp_path / "log") as (_, url), redis.Redis.from_url(url) as client:
        assert client.ping()
        assert client.config_get("dir") == {"dir": str(folder)}
        assert len(url) < LONGEST_SOCKET_PATH


def test_a_path_with_spaces_works_for_workers_too(tmp_path: Path) -> None:
    with valkey(tmp_path / "a b", log=tmp_path / "log") as (_, url), redis.Redis.from_url(url) as client:
        assert len(client.client_list()) == 1  # RQ asks for this list at each start


def test_it_is_gone_with_the_block(tmp_path: Path) -> None:
    with valkey(tmp_path / "queue", log=tmp_path / "log") as (child, _):
        pid = child.process.pid
    assert is_gone(pid)


def test_it_comes_back_on_the_socket_a_killed_one_left(tmp_path: Path) -> None:
    with valkey(tmp_path / "queue", log=tmp_path / "log") as (child, _):
        child.ask_to_stop(signal.SIGKILL)
        child.end()
    with valkey(tmp_path / "queue", log=tmp_path / "log") as (_, url), redis.Redis.from_url(url) as client:
        assert client.ping()


def test_a_server_of_this_machine_serves_where_the_wheel_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = find_server()
    (tmp_path / "redis-server").symlink_to(ours)
    monkeypatch.setattr(store, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server() == tmp_path / "redis-server"


def test_without_any_server_the_message_names_the_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt-get install redis-server") as caught:
        find_server()
    assert "VOC_REDIS_URL" in caught.value.message


def test_a_server_that_will_not_start_points_to_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "find_server", lambda: Path("/bin/false"))
    with (
        pytest.raises(Unavailable, match=str(tmp_path / "log")),
        valkey(tmp_path / "queue", log=tmp_path / "log"),
    ):
        pass


def test_odd_letters_in_the_path_survive_the_url() -> None:
    address = Path("/srv/a b/ü%/valkey.sock")
    connection = redis.Redis.from_url(redis_url(address)).connection_pool.connection_kwargs
    assert connection["path"] == str(address)
