"""Job names, their queues, and the doorbell that rings after the commit.

The database holds the work; a ring only says that there is some. A lost ring costs seconds: the
sweeper rings again while rows wait. An earlier stage tells later ones by job name alone: `tell` runs
the light followers in the same transaction, so that no two numbers ever disagree.
"""

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

from voc.db.session import after_commit

log = structlog.get_logger(__name__)

READ = "read"
GROUP = "group"
MAIL = "mail"
ESTIMATE = "estimate"
TRAIN = "train"
PREVIEW = "preview"
LEADS = "leads"
QUEUES = (
    READ,
    GROUP,
    MAIL,
    ESTIMATE,
    TRAIN,
)  # one queue for each kind of worker: two queues lose jobs when killed

# job name -> the function a worker runs
JOBS = {
    READ: "workers.analysis.drain",
    GROUP: "workers.issues.drain",
    MAIL: "workers.mail.drain",
    ESTIMATE: "workers.breadth.drain",
    TRAIN: "workers.training.drain",
    PREVIEW: "workers.taxonomy.drain",
    LEADS: "workers.leads.drain",
}
# jobs without a worker of their own: job name -> the queue whose worker does them too
IN_QUEUE_OF: dict[str, str] = {PREVIEW: TRAIN, LEADS: GROUP}
# what happened in a stage -> light functions of later stages, run in the same transaction
FOLLOWERS: dict[str, tuple[str, ...]] = {
    "matches_changed": ("voc.breadth.service.follow_matches",),
    "comments_changed": ("voc.breadth.service.follow_comments",),
    "issues_changed": ("voc.breadth.service.follow_issues",),
    "accounts_changed": ("voc.breadth.service.follow_accounts",),
    "mail_sent": ("voc.checks.asking.follow_sent", "voc.closure.telling.follow_sent"),
    "mail_bounced": ("voc.checks.asking.follow_bounced", "voc.closure.telling.follow_bounced"),
    "batch_left": ("voc.closure.telling.follow_left",),
    "batch_stopped": ("voc.checks.asking.follow_stopped", "voc.closure.telling.follow_stopped"),
    "mail_acted": ("voc.access.audit.follow_mail",),
}
JOB_SECONDS = 900  # a look over 100,000 comments takes minutes; hung children are replaced after 30 s
_RING_SECONDS = 2
_SULK_SECONDS = 2.0


class Doorbell(Protocol):
    """Wakes the workers of one queue."""

    def ring(self, job: str) -> None:
        """Says that `job` has work; never raises."""


@dataclass
class RedisDoorbell:
    """Rings through RQ; when Redis is away it counts the failures and stays quiet for 2 s."""

    redis: Redis
    failed: int = 0
    _quiet_until: float = field(default=0.0, repr=False)

    def ring(self, job: str) -> None:
        """Enqueues one drain, unless one was enqueued within 2 s and has not begun."""
        if time.monotonic() < self._quiet_until:
            self.failed += 1
            return
        try:
            if self.redis.set(f"voc:rung:{job}", "1", nx=True, ex=_RING_SECONDS):
                queue(self.redis, IN_QUEUE_OF.get(job, job)).enqueue(
                    JOBS[job], job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=JOB_SECONDS
                )
        except RedisError as error:
            self.failed += 1
            self._quiet_until = time.monotonic() + _SULK_SECONDS
            log.warning("ring_failed", job=job, error=str(error))


@dataclass
class QuietDoorbell:
    """Keeps the rings: for tests, and for an import without a running installation."""

    rung: list[str] = field(default_factory=list)
    failed: int = 0

    def ring(self, job: str) -> None:
        """Remembers the ring."""
        self.rung.append(job)


def connect_redis(url: str) -> Redis:
    """A Redis client that gives up soon, so that intake never waits for it."""
    return Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=0.5)


def queue(redis: Redis, name: str) -> Queue:
    """One RQ queue; jobs are JSON, never pickles."""
    return Queue(name, connection=redis, serializer=JSONSerializer)


def ring_after_commit(session: Session, doorbell: Doorbell, job: str) -> None:
    """Rings `job` once this transaction is stored."""
    after_commit(session, lambda: doorbell.ring(job))


def tell(
    session: Session, happened: str, keys: Sequence[Any]
) -> None:  # keys are plain ids of the stage that tells
    """Runs the later stages' followers of `happened` in this transaction; does nothing without keys."""
    if keys:
        for name in FOLLOWERS[happened]:
            resolve(name)(session, keys)


def resolve(name: str) -> Callable[..., Any]:  # each job has arguments of its own
    """The function behind a dotted job name; raises AttributeError or ImportError when there is none."""
    module, _, function = name.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found
