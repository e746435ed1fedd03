"""Every page of the demo, timed at the server as each role; needs a running `voc up` with the demo."""

import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient

from bench.figure import Figure
from bench.site import SECRET, database_on
from voc.app import create_app
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db import lease
from voc.db.session import Database
from voc.demo.earlier import do_earlier_work
from voc.demo.load import load, sign_in_links
from voc.demo.records import Story
from voc.demo.story import tell
from voc.jobs import QuietDoorbell
from workers import analysis, issues
from workers.scope import Scope

_PAGES = {
    "lead": (
        "/this-week",
        "/today",
        "/issues",
        "/issues/not-grouped",
        "/came-in",
        "/clients",
        "/checks",
        "/calls",
        "/note",
        "/themes",
        "/import",
    ),
    "executive": (
        "/this-week",
        "/issues",
        "/decisions",
        "/visits",
        "/commitments",
        "/planned-changes",
        "/editions",
        "/thresholds",
        "/checks",
        "/calls?all=1",
    ),
    "admin": ("/running", "/clients", "/tokens/"),
    "loud_client": ("/points", "/say"),
}
_TIMES = 7


def measure() -> Iterator[Figure]:
    """The median of seven requests to each page, in milliseconds, and its size."""
    with tempfile.TemporaryDirectory() as folder, database_on("sqlite", Path(folder)) as (url, database):
        settings = Settings(
            database_url=url, redis_url="redis://127.0.0.1:1/0", data_dir=Path(folder), secret_key=SECRET,
            public_url="http://localhost", log_level="error",
        )  # fmt: skip
        story = tell()
        _fill(story, database, settings, Path(folder))
        app = create_app(settings, database=database, doorbell=QuietDoorbell())
        links = sign_in_links(story, database, settings)
        for who, paths in _PAGES.items():
            client = app.test_client()
            _sign_in(client, links[who][1])
            for path in (*paths, *_found(client, who)):
                milliseconds, size = _time(client, path)
                yield Figure(f"{who} {path[:40]}", milliseconds, 150, "ms")
                yield Figure(f"{who} {path[:40]}", size / 1000, 80, "kB")


def _fill(story: Story, database: Database, settings: Settings, folder: Path) -> None:
    load(story, database, settings, QuietDoorbell(), folder, say=lambda _: None)
    here = Scope(settings, database, None, QuietDoorbell())  # type: ignore[arg-type]  # no Redis is needed
    pipeline = analysis.reader(database)
    while analysis.drain_with(here, pipeline):
        pass
    with database.writing(SYSTEM) as session:
        token = lease.take(session, issues.LEASE)
    memory = issues.Memory()
    while token and issues.drain_with(here, memory, token):
        pass
    do_earlier_work(story, database)


def _sign_in(client: FlaskClient, link: str) -> None:
    path = "/" + link.split("/", 3)[3]
    answer = client.post(path, headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303, answer.status_code


def _found(client: FlaskClient, who: str) -> Iterator[str]:
    """Real pages of an issue, a client and a comment; for an executive also the one that decides."""
    if who == "executive":
        found = re.search(r"/issues/[a-z2-7]{26}/decide", client.get("/this-week").get_data(as_text=True))
        if found:
            yield from (found.group(), found.group().removesuffix("/decide"))
    if who != "lead":
        return
    for path, shape in (
        ("/issues", r"/issues/[a-z2-7]{26}"),
        ("/clients", r"/clients/[a-z2-7]{26}"),
        ("/came-in", r"/comments/[a-z2-7]{26}"),
    ):
        found = re.search(shape, client.get(path).get_data(as_text=True))
        if found:
            yield found.group()


def _time(client: FlaskClient, path: str) -> tuple[float, int]:
    taken = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - started))
        assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(taken), len(answer.get_data())
