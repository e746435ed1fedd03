"""A question to 5,000 contacts: queued, then left into a local mail server while comments come in."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.figure import Figure
from bench.site import PORT, ROOT, account_and_token, database_on, served
from tests import factories
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.mail import house
from voc.mail.models import Delivery
from voc.mail.outbox import NewLink, NewMail, make_batch, put_mails
from voc.mail.texts import standard

_CONTACTS = 5_000
_CLIENTS = 500
_SINK_PORT = 8791
_QUIET_SECONDS = 10.0
_PER_SECOND = 20.0
_READY = "ready"


def measure() -> Iterator[Figure]:
    """Seconds to queue, seconds to leave, and how much slower comments are taken meanwhile, on both databases."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database_on(kind, Path(folder)) as (url, database):
            _, public_id, secret = account_and_token(database)
            mails = _people(database)
            yield Figure(f"question to 5,000 queued, {kind}", _queue(database, mails), 2.0, "s")
            env = {
                "BENCH_URL": url,
                "BENCH_ACCOUNT": "0",
                "BENCH_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
                "BENCH_APP": "ours",
            }
            with served("bench.apps:app", env):
                yield from _leave(
                    kind, url, database, {"text": "It came late.", "account": public_id}, secret
                )


def _people(database: Database) -> list[NewMail]:
    closes = clock.now() + timedelta(days=DEFAULT.link_days)
    filled = dict(standard("question").sample)
    with database.writing(SYSTEM) as session:
        house.turn(session, on=True)
        accounts = [factories.account(session) for _ in range(_CLIENTS)]
        people = [
            factories.contact(
                session,
                accounts[one % _CLIENTS],
                email=f"p{one}@bench.internal",
                email_key=f"p{one}@bench.internal",
            )
            for one in range(_CONTACTS)
        ]
        return [
            NewMail(
                account_id=one.account_id, contact_id=one.id, email=one.email, template="question", thing="check bench",
                dedupe_key=f"bench {one.id}", filled=filled,
                link=NewLink(purpose="answer", thing=one.public_id, expires_at=closes),
            )
            for one in people
        ]  # fmt: skip


def _queue(database: Database, mails: Sequence[NewMail]) -> float:
    started = time.monotonic()
    with database.writing(SYSTEM) as session:
        batch = make_batch(session, what="A question", thing="check bench", leaves_at=clock.now())
        put_mails(session, mails, batch=batch)
    return time.monotonic() - started


def _leave(kind: str, url: str, database: Database, body: dict[str, str], secret: str) -> Iterator[Figure]:
    _slowest(body, secret, lambda seconds: seconds > 2)  # warm
    before = _slowest(body, secret, lambda seconds: seconds > _QUIET_SECONDS)
    with _sink():
        started = time.monotonic()
        with _sender(url):
            meanwhile = _slowest(body, secret, lambda _: _unsent(database) == 0)
        took = time.monotonic() - started
    print(
        f"        {kind}: intake p99 {before * 1000:.1f} ms alone, {meanwhile * 1000:.1f} ms while mail leaves"
    )
    yield Figure(f"question to 5,000 left, {kind}", took, 60.0, "s")
    yield Figure(f"intake p99 while mail leaves, {kind}", meanwhile / before, 1.2, "×")


def _unsent(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).where(Delivery.state != "sent")) or 0


def _slowest(body: dict[str, str], secret: str, is_over: object) -> float:
    """The 99th percentile of the seconds that comments take, one every 50 ms from four clients, until it is over."""
    assert callable(is_over)
    taken: list[float] = []
    done = threading.Event()
    threads = [threading.Thread(target=_post, args=(body, secret, done, taken)) for _ in range(4)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    while not is_over(time.monotonic() - started) and time.monotonic() - started < 300:
        time.sleep(0.5)
    done.set()
    for thread in threads:
        thread.join()
    return sorted(taken)[int(len(taken) * 0.99)]


def _post(body: dict[str, str], secret: str, done: threading.Event, taken: list[float]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    while not done.wait(4 / _PER_SECOND):
        started = time.monotonic()
        line.request("POST", "/api/v1/comments", json.dumps(body), headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 201, answer.status
        taken.append(time.monotonic() - started)


@contextmanager
def _sink() -> Iterator[None]:
    program = (
        "import os; os.nice(19)  # stands for another machine\n"
        "from aiosmtpd.controller import Controller; from aiosmtpd.handlers import Sink\n"
        f"Controller(Sink(), hostname='127.0.0.1', port={_SINK_PORT}).start(); print('{_READY}', flush=True)\n"
        "import signal; signal.pause()"
    )
    with _process(["-c", program]):
        yield


@contextmanager
def _sender(url: str) -> Iterator[None]:
    with _process(["-m", "bench.sender", url, f"smtp://127.0.0.1:{_SINK_PORT}"]):
        yield


@contextmanager
def _process(arguments: Sequence[str]) -> Iterator[None]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as found:
        assert found.stdout is not None
        assert found.stdout.readline().strip() == _READY
        try:
            yield
        finally:
            found.kill()
