"""Drains all waiting comments in this process and prints number, seconds and megabytes."""

import os
import sys
import time
from typing import cast

from redis import Redis

from bench.site import resident_megabytes
from voc.core.config import Settings
from voc.db.session import Database, make_engine
from voc.jobs import QuietDoorbell, RedisDoorbell
from workers import analysis
from workers.scope import Scope


def main() -> None:
    """Reads with the real pipeline and the real claims."""
    database = Database(make_engine(sys.argv[1], pool_size=2))
    # No Redis is needed to drain: the bell is quiet and nobody deletes its key.
    here = Scope(
        cast("Settings", None), database, cast("Redis", None), cast("RedisDoorbell", QuietDoorbell())
    )
    pipeline = analysis.reader(database)
    started, number = time.monotonic(), 0
    while done := analysis.drain_with(here, pipeline):
        number += done
    print(number, time.monotonic() - started, resident_megabytes(os.getpid()))
