"""Listens to one queue and runs its jobs in this process."""

from collections.abc import Callable

from redis import Redis
from rq import SimpleWorker
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from voc.jobs import JOBS, queue, resolve
from workers.scope import scope


class _WatchedWorker(SimpleWorker):
    """Beats around each job, and runs only jobs we know by name."""

    beat: Callable[[], None]
    rest: Callable[[], None]

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Runs a known job; anything else that stands in the queue is dropped, its arguments and callbacks unused."""
        if not _is_ours(job):
            self.log.warning("unknown job %s dropped", job.id)
            job.delete()
            return
        self.beat()
        try:
            super().execute_job(job, queue)
        finally:
            self.rest()


def _is_ours(job: Job) -> bool:
    """Whether this is a ring of ours: a known name and nothing beside it that RQ would import or call."""
    callbacks = "_success_callback_name", "_failure_callback_name", "_stopped_callback_name"
    try:
        rung = job.func_name in JOBS.values() and not job.args and not job.kwargs and job.instance is None
    except (DeserializationError, TypeError, ValueError):  # a pickle, or a list of another shape
        return False
    return rung and not any(getattr(job, name, None) for name in callbacks)


def listen(kind: str, *, beat: Callable[[], None], rest: Callable[[], None]) -> None:
    """Takes jobs of `kind` until the process is told to stop; raises when Redis is away."""
    resolve(JOBS[kind])  # its libraries load now, so that the first ring waits for none of them
    here = scope()
    here.beat = beat
    redis = Redis.from_url(here.settings.redis_url)  # its own: a worker waits long for the next job
    worker = _WatchedWorker([queue(redis, kind)], connection=redis, serializer=JSONSerializer)
    worker.beat, worker.rest = beat, rest
    worker.work(with_scheduler=False, logging_level="WARNING")
