"""What a worker process holds for its whole life: settings, database, doorbell, heartbeat."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from redis import Redis

from nlp.encoder.choice import choose
from voc.core import clock
from voc.core.config import Settings, load_settings
from voc.db.session import Database, make_engine
from voc.jobs import RedisDoorbell, connect_redis


def _no_beat() -> None:
    """Outside a watched worker nobody listens."""


@dataclass
class Scope:
    """One process's connections; `beat` tells the watching parent that a job is getting on."""

    settings: Settings
    database: Database
    redis: Redis
    doorbell: RedisDoorbell
    beat: Callable[[], None] = field(default=_no_beat)


@cache
def scope() -> Scope:
    """This process's scope, made at first use from the `VOC_*` settings."""
    settings = load_settings()
    clock.follow(settings.practice_clock)
    choose(settings.encoder, settings.encoder_dir)
    redis = connect_redis(settings.redis_url)
    doorbell = RedisDoorbell(redis)
    database = Database(make_engine(settings.database_url, pool_size=3), ring=doorbell.ring)
    return Scope(settings, database, redis, doorbell)
