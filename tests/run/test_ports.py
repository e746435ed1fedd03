"""The web's port: free, taken by somebody with a name, or never ours."""

import os
import socket
from collections.abc import Iterator

import pytest

from voc.core.errors import Conflict, Invalid
from voc.run.ports import answers, check_free, who_listens


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_names_its_holder_and_the_way_out(taken: int) -> None:
    with pytest.raises(Conflict, match=rf"Port {taken} is taken by .*process {os.getpid()}") as caught:
        check_free("127.0.0.1", taken)
    assert f"--port {taken + 1}" in caught.value.message


def test_a_port_is_free_again_afterwards() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    check_free("127.0.0.1", port)
    assert who_listens(port) is None


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Invalid, match=r"192\.0\.2\.1"):
        check_free("192.0.2.1", 8400)


def test_nothing_answers_where_nobody_speaks_http(taken: int) -> None:
    assert not answers("127.0.0.1", taken, within_seconds=0.1)
