"""The real app for a browser: its web server, its queue store and, where wanted, its read worker."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from voc.core.config import Settings, load_settings
from voc.db.session import Database, make_engine
from voc.run import parts
from voc.run.child import Child, start
from voc.run.here import environment_here
from voc.run.ports import answers
from voc.run.valkey import valkey

_ROOT = Path(__file__).resolve().parent.parent.parent
_READY_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Running:
    """An installation that answers; `database` is open for the test's own rows."""

    settings: Settings
    database: Database
    folder: Path

    @property
    def url(self) -> str:
        """Where its pages are."""
        return self.settings.public_url


@contextmanager
def running(folder: Path, port: int, *, workers: tuple[str, ...] = ()) -> Iterator[Running]:
    """The whole installation on `folder`, until the block ends; SQLite and a Valkey of its own."""
    with ExitStack() as stack:
        _, redis_url = stack.enter_context(valkey(folder / "queue", log=folder / "valkey.log"))
        env = environment_here(folder, {
            "PYTHONPATH": str(_ROOT), "VOC_REDIS_URL": redis_url, "VOC_PORT": str(port), "VOC_PROVIDER": "Northwind Care",
            "VOC_TIME_ZONE": "Europe/Amsterdam", "VOC_WEB_THREADS": "4",
        })  # fmt: skip
        settings = load_settings(env)
        migration = _keep(stack, parts.migration(), folder, env)
        wait_until(lambda: not migration.is_alive)
        web = _keep(stack, parts.web(settings), folder, env)
        for kind in workers:
            _keep(stack, parts.worker(kind), folder, env)
        wait_until(lambda: not web.is_alive or answers(settings.host, settings.port))
        assert web.is_alive, web.log.read_text("utf-8", errors="replace")
        engine = make_engine(settings.database_url)
        stack.callback(engine.dispose)
        yield Running(settings, Database(engine), folder)


def wait_until(happened: Callable[[], bool], *, within_seconds: float = _READY_SECONDS) -> None:
    """Returns once `happened`; AssertionError when it does not."""
    give_up_at = time.monotonic() + within_seconds
    while not happened():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(_LOOK_EVERY_SECONDS)


def _keep(stack: ExitStack, part: parts.Part, folder: Path, env: dict[str, str]) -> Child:
    child = start(
        part.name, part.argv, log=folder / f"{part.name.replace(' ', '-')}.log", env=env, dies_by=part.dies_by
    )
    stack.callback(child.end)
    stack.callback(child.ask_to_stop)
    return child
