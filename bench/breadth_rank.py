"""The ranking of 500 issues by 5,000 clients through the real database and the real worker: all of it, and one answer."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from redis import Redis
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

from bench.figure import Figure
from bench.site import database_on
from tests import factories
from voc.accounts.models import Account
from voc.breadth.models import Evidence
from voc.breadth.queries import issue_rows
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.breadth.service import refresh
from voc.core import clock, ids
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.core.text import name_key
from voc.db.session import Database
from voc.db.upsert import insert_rows
from voc.intake.models import Comment, Raw, Thread
from voc.issues.models import Match
from voc.jobs import QuietDoorbell, RedisDoorbell
from workers import breadth
from workers.scope import Scope

_CLIENTS, _ISSUES, _SEED = 5_000, 500, 7
_TALK, _ABOUT = 12.0, 0.6  # comments a client in the window, and the share of them about an issue it has
_BLOCK = 20_000


def measure() -> Iterator[Figure]:
    """Seconds of CPU to rank everything anew, to learn, to reflect one answer, and to read it for a page."""
    threadpool_limits(limits=1)  # as the worker has it
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database_on(kind, Path(folder)) as (_, database):
            yield from _measured(kind, database)


def _measured(kind: str, database: Database) -> Iterator[Figure]:
    issues, clients = _fill(database)
    here = Scope(
        cast("Settings", None), database, cast("Redis", None), cast("RedisDoorbell", QuietDoorbell())
    )
    ranking = f"rank {_ISSUES} issues × {_CLIENTS:,} clients anew"
    yield _timed(ranking, kind, 30, partial(breadth.rank_due, here))
    with database.writing(SYSTEM) as session:
        record_many(session, [_answer(issues[3], clients[17])])
    yield _timed("reflect one answer in the ranking", kind, 2, partial(breadth.rank_due, here))
    yield _timed("read the ranking for a page", kind, 0.15, partial(_read, database))
    yield _timed("let the issues teach each other, nightly", kind, 30, partial(breadth.learn, here))


def _read(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        if not issue_rows(session):
            raise RuntimeError("there is nothing to read")


def _timed(what: str, kind: str, limit: float, act: Callable[[], object]) -> Figure:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    spent = time.process_time() - cpu
    print(f"        {what}, {kind}: {time.perf_counter() - wall:,.1f} s on the wall")
    return Figure(f"{what}, {kind}", spent, limit, "s of CPU")


def _fill(database: Database) -> tuple[list[int], list[int]]:
    rng = np.random.default_rng(_SEED)
    accounts = [_account(number) for number in range(_CLIENTS)]
    clients = [int(str(row["id"])) for row in accounts]
    with database.writing(SYSTEM) as session:
        insert_rows(session, Account, accounts)
        issues = [factories.issue(session).id for _ in range(_ISSUES)]
    talk = rng.poisson(rng.gamma(0.6, _TALK / 0.6, _CLIENTS))
    has = rng.random((_CLIENTS, _ISSUES)) < rng.beta(1, 8, _ISSUES)
    said = [
        row
        for place in range(_CLIENTS)
        for row in _said(rng, clients[place], issues, has[place], talk[place])
    ]
    for start in range(0, len(said), _BLOCK):
        with database.writing(SYSTEM) as session:
            _keep(session, said[start : start + _BLOCK])
    pairs = sorted({(row["issue"], row["account"]) for row in said if row["issue"]})
    for start in range(0, len(pairs), _BLOCK):
        with database.writing(SYSTEM) as session:
            refresh(session, pairs[start : start + _BLOCK])
    print(f"        {len(said):,} comments, {len(pairs):,} pairs of a client and an issue")
    return issues, clients


def _account(number: int) -> dict[str, object]:
    key, name = ids.new_id(), f"Bench client number {number}"
    return {
        "id": key, "public_id": ids.new_public_id(), "group_id": key, "name": name, "name_key": name_key(name),
        "segment": f"s{number % 5}", "yearly_value_cents": 100 * (number + 1), "is_listed": True,
        "created_at": clock.now(),
    }  # fmt: skip


def _said(
    rng: np.random.Generator,
    client: int,
    issues: list[int],
    has: NDArray[np.bool_],
    talk: int,
) -> list[dict[str, int]]:
    mine = np.flatnonzero(has)
    rows = []
    for _ in range(int(talk)):
        about = issues[int(rng.choice(mine))] if len(mine) and rng.random() < _ABOUT else 0
        rows.append(
            {
                "account": client,
                "comment": ids.new_id(),
                "issue": about,
                "hours": int(rng.integers(1, 26 * 168)),
            }
        )
    return rows


def _keep(session: Session, rows: list[dict[str, int]]) -> None:
    now = clock.now()
    told = [row for row in rows if row["issue"]]
    lines = {row["comment"]: (ids.new_id(), ids.new_id()) for row in rows}
    insert_rows(session, Raw, [
        {"id": lines[row["comment"]][0], "account_id": row["account"], "channel": "form", "dedupe_key": ids.new_token(),
         "body_hash": "0" * 32, "body": b"x", "content_type": "text/plain", "received_at": now}
        for row in rows
    ])  # fmt: skip
    insert_rows(session, Thread, [
        {"account_id": row["account"], "id": lines[row["comment"]][1], "public_id": ids.new_public_id(),
         "receipt": ids.new_receipt(), "opened_at": now}
        for row in rows
    ])  # fmt: skip
    insert_rows(session, Comment, [
        {"account_id": row["account"], "id": row["comment"], "public_id": ids.new_public_id(),
         "thread_id": lines[row["comment"]][1], "raw_id": lines[row["comment"]][0], "source": "unasked",
         "kind": "comment", "channel": "form", "text": "It came late again.",
         "said_at": now - timedelta(hours=row["hours"]), "received_at": now}
        for row in rows
    ])  # fmt: skip
    insert_rows(session, Match, [
        {"account_id": row["account"], "comment_id": row["comment"], "issue_id": row["issue"], "state": "machine",
         "score": 0.8, "reasons": [], "rule_version": "bench", "at": now}
        for row in told
    ])  # fmt: skip
    insert_rows(session, Evidence, [
        {"account_id": row["account"], "id": ids.new_id(), "issue_id": row["issue"], "source": Source.MACHINE,
         "says": Says.HAS_PROBLEM, "comment_id": row["comment"], "observed_at": now - timedelta(hours=row["hours"]),
         "recorded_at": now}
        for row in told
    ])  # fmt: skip


def _answer(issue: int, client: int) -> NewEvidence:
    return NewEvidence(
        account_id=client,
        issue_id=issue,
        source=Source.ANSWER,
        says=Says.HAS_PROBLEM,
        observed_at=clock.now(),
    )
