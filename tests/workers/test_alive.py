"""A long step tells that it is alive, and stops telling when it ends."""

import threading

import pytest

from workers import alive


def test_it_tells_while_the_step_runs_and_stops_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "EVERY_SECONDS", 0.001)
    told = threading.Event()
    with alive.alive(told.set):
        assert told.wait(10)
    assert not [one for one in threading.enumerate() if one.name == "alive"]


def test_a_step_that_never_ends_is_told_of_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(alive, "AT_MOST_SECONDS", -1.0)
    told: list[int] = []
    with alive.alive(lambda: told.append(1)):
        for one in threading.enumerate():
            if one.name == "alive":
                one.join(10)
    assert told == []
