"""Listens to one queue and runs its jobs in this process."""

from collections.abc import Callable

from redis import Redis
from rq import SimpleWorker
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from voc.jobs import JOBS, queue
from workers.scope import scope


class _WatchedWorker(SimpleWorker):
    """Beats around each job, and runs only jobs we know by name."""

    beat: Callable[[], None]
    rest: Callable[[], None]

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Runs a known job; anything else that stands in the queue is dropped unread."""
        if job.func_name not in JOBS.values():
            self.log.warning("unknown job %s dropped", job.id)
            job.delete()
            return
        self.beat()
        try:
            super().execute_job(job, queue)
        finally:
            self.rest()


def listen(kind: str, *, beat: Callable[[], None], rest: Callable[[], None]) -> None:
    """Takes jobs of `kind` until the process is told to stop; raises when Redis is away."""
    here = scope()
    here.beat = beat
    redis = Redis.from_url(here.settings.redis_url)  # its own: a worker waits long for the next job
    worker = _WatchedWorker([queue(redis, kind)], connection=redis, serializer=JSONSerializer)
    worker.beat, worker.rest = beat, rest
    worker.work(with_scheduler=False, logging_level="WARNING")
