"""`voc up`: the whole installation on one machine, from stores to scheduler, until Ctrl-C."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from voc.core import clock
from voc.core.config import Settings, load_settings
from voc.core.errors import VocError
from voc.run import parts
from voc.run.here import environment_here, stores_here
from voc.run.lock import claimed
from voc.run.ports import answers, check_free
from voc.run.signals import listening
from voc.run.supervisor import AskedToStop, Supervisor

_WEB_SECONDS = 60.0
_GOODBYE_SECONDS = 3.0


def up(
    data_dir: Path,
    *,
    port: int | None,
    say: Callable[[str], None],
    provider: str | None = None,
    once_ready: Callable[[Settings], None] = lambda _: None,
    meanwhile: Callable[[Settings, Event], None] = lambda _, __: None,
) -> None:
    """Runs everything on `data_dir` until somebody asks to stop.

    Args:
        data_dir: the data folder.
        port: where the web listens; None for the settings' own.
        say: tells the person at the terminal.
        provider: the provider's name on pages, unless the settings have one.
        once_ready: what to do when the web answers and the workers run.
        meanwhile: what to do after that until its event is set, which happens before the parts stop.

    Raises Conflict when the folder or the port is taken, Unavailable when a part does not start.
    """
    with claimed(data_dir) as claim, listening() as signals:
        env = environment_here(data_dir, {} if port is None else {"VOC_PORT": str(port)})
        if provider:
            env.setdefault("VOC_PROVIDER", provider)
        _check_address(env)
        try:
            say(f"Preparing the data in {data_dir}")
            with stores_here(data_dir, env, signals=signals, say=say) as supervisor:
                settings = load_settings(supervisor.env)
                clock.follow(settings.practice_clock)
                say("Starting the pages")
                _start_web(supervisor, settings)
                claim.tell(address=settings.public_url, redis_url=settings.redis_url)
                _start_workers(supervisor)
                say(f"Everyclient is ready: {settings.public_url}")
                with _beside(once_ready, meanwhile, settings, say):
                    supervisor.watch()
                    say("Stopping")
        except AskedToStop:
            say("Stopped before everything had started; nothing is lost.")


@contextmanager
def _beside(
    once_ready: Callable[[Settings], None],
    meanwhile: Callable[[Settings, Event], None],
    settings: Settings,
    say: Callable[[str], None],
) -> Iterator[None]:
    """Does both in a thread, so that the parts are watched and Ctrl-C is heard meanwhile."""
    stopping = Event()

    def act() -> None:
        try:
            once_ready(settings)
        except VocError as error:
            say(error.message)
        finally:
            say("Press Ctrl-C to stop; everything is kept.")
        meanwhile(settings, stopping)

    thread = Thread(target=act, name="once ready", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_GOODBYE_SECONDS)


def _check_address(env: dict[str, str]) -> None:
    # The queue store's address comes later; every other setting is checked before anything starts.
    settings = load_settings({"VOC_REDIS_URL": "unix:///later", **env})
    check_free(settings.host, settings.port)


def _start_web(supervisor: Supervisor, settings: Settings) -> None:
    child = supervisor.keep(parts.web(settings))
    supervisor.wait_until_ready(
        child, lambda: answers(settings.host, settings.port), within_seconds=_WEB_SECONDS
    )


def _start_workers(supervisor: Supervisor) -> None:
    for kind in parts.WORKER_KINDS:
        supervisor.keep(parts.worker(kind))
    supervisor.keep(parts.scheduler())
