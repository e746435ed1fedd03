"""Intake against a bare Flask route on the same server, and the batch endpoint on PostgreSQL."""

import http.client
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.site import PORT, account_and_token, database_on, served

_SECONDS = 5.0
_CLIENTS = 8
_ROUNDS = 3
_BATCH = 1000
_BATCHES = 20


def measure() -> Iterator[Figure]:
    """Requests a second as a ratio ours / bare, alternating in one run; comments a second by batch."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database_on(kind, Path(folder)) as (url, database):
            account_id, public_id, secret = account_and_token(database)
            env = {
                "BENCH_URL": url,
                "BENCH_ACCOUNT": str(account_id),
                "BENCH_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
            }
            body = {
                "text": "The delivery of Tuesday came two hours late and nobody told us.",
                "account": public_id,
            }
            best = {"bare": 0.0, "ours": 0.0}
            for _ in range(_ROUNDS):
                for which in ("bare", "ours"):
                    with served("bench.apps:app", env | {"BENCH_APP": which}):
                        best[which] = max(best[which], _rate(body, secret))
            print(f"        {kind}: bare {best['bare']:,.0f}/s, ours {best['ours']:,.0f}/s")
            yield Figure(
                f"intake, ours / bare Flask, {kind}", best["ours"] / best["bare"], 0.7, "×", at_least=True
            )
            if kind == "postgresql":
                with served("bench.apps:app", env | {"BENCH_APP": "ours"}):
                    yield Figure(
                        "batch on PostgreSQL",
                        _batch_rate(public_id, secret),
                        5000,
                        "comments/s",
                        at_least=True,
                    )


def _rate(body: dict[str, str], secret: str) -> float:
    """Accepted posts a second by eight clients that wait for each answer."""
    done = [0] * _CLIENTS
    stop_at = time.monotonic() + _SECONDS

    def post(place: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT)
        while time.monotonic() < stop_at:
            line.request("POST", "/api/v1/comments", json.dumps(body), _headers(secret))
            answer = line.getresponse()
            answer.read()
            done[place] += answer.status == 201

    threads = [threading.Thread(target=post, args=(place,)) for place in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / _SECONDS


def _batch_rate(public_id: str, secret: str) -> float:
    batches = [
        json.dumps({
            "comments": [
                {"text": f"Delivery {batch}-{number} came late and nobody told us.", "account": public_id}
                for number in range(_BATCH)
            ]
        })
        for batch in range(_BATCHES)
    ]  # fmt: skip
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    started = time.monotonic()
    for body in batches:
        line.request("POST", "/api/v1/comments/batch", body, _headers(secret))
        answer = line.getresponse()
        answer.read()
        assert answer.status in {200, 201, 207}, answer.status
    return _BATCH * _BATCHES / (time.monotonic() - started)


def _headers(secret: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
