"""A worker runs the jobs we know by name, and nothing else that stands in its queue (acceptance.md B51)."""

import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from voc.jobs import JOBS, RedisDoorbell, queue
from workers.listen import _WatchedWorker

ran: list[str] = []


def drain() -> int:
    """Stands in for a job of ours."""
    ran.append("drain")
    return 0


def never(*_: object, **__: object) -> None:
    """What somebody pushed by hand must not reach."""
    ran.append("never")


class Trap:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[()]]:
        return never, ()


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    with Redis.from_url(valkey_url) as found:
        found.flushall()
        yield found


@pytest.fixture(autouse=True)
def _our_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setitem(JOBS, "read", f"{__name__}.drain")


def work(redis: Redis) -> list[str]:
    beats: list[str] = []
    worker = _WatchedWorker([queue(redis, "read")], connection=redis, serializer=JSONSerializer)
    worker.beat, worker.rest = lambda: beats.append("beat"), lambda: beats.append("rest")
    worker.work(burst=True, with_scheduler=False, logging_level="ERROR")
    return beats


def push(redis: Redis, data: bytes, **more: str) -> None:
    now = "2026-05-04T09:30:00.000000Z"
    row = {"data": data, "created_at": now, "enqueued_at": now, "origin": "read", "status": "queued"} | more
    redis.hset("rq:job:pushed", mapping=row)
    redis.sadd("rq:queues", "rq:queue:read")
    redis.rpush("rq:queue:read", "pushed")


def as_job(name: str, *args: Any, instance: Any = None) -> bytes:
    return json.dumps([name, instance, list(args), {}]).encode()


def test_a_ring_runs_its_job_between_two_beats(redis: Redis) -> None:
    RedisDoorbell(redis).ring("read")
    assert work(redis) == ["beat", "rest"]
    assert ran == ["drain"]


def test_rings_close_together_are_one_job(redis: Redis) -> None:
    doorbell = RedisDoorbell(redis)
    for _ in range(5):
        doorbell.ring("read")
    assert len(queue(redis, "read")) == 1


PUSHED = {
    "unknown name": as_job(f"{__name__}.never"),
    "os.system": as_job("os.system", "true"),
    "arguments": as_job(f"{__name__}.drain", 1),
    "pickled job": pickle.dumps((f"{__name__}.never", None, (), {})),
    "pickled trap": pickle.dumps(Trap()),
    "no list": b"7",
    "short list": b"[]",
    "broken": b"\xff\x00{",
    "empty": b"",
}


@pytest.mark.parametrize("what", PUSHED)
def test_what_somebody_pushed_by_hand_is_dropped_and_the_next_ring_runs(redis: Redis, what: str) -> None:
    push(redis, PUSHED[what])
    RedisDoorbell(redis).ring("read")
    work(redis)
    assert ran == ["drain"]
    assert not redis.exists("rq:job:pushed")


@pytest.mark.parametrize("when", ["success", "failure", "stopped"])
def test_a_callback_on_a_known_name_never_runs(redis: Redis, when: str) -> None:
    push(redis, as_job(JOBS["read"]), **{f"{when}_callback_name": f"{__name__}.never"})
    work(redis)
    assert ran == []


def test_a_worker_listens_to_one_queue(redis: Redis) -> None:
    Queue("group", connection=redis, serializer=JSONSerializer).enqueue(f"{__name__}.never")
    assert work(redis) == []
    assert ran == []
