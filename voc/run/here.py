"""The installation on a data folder of this machine: its settings, whether or not it runs just now."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from voc.core import clock
from voc.core.config import Settings, environment, load_settings
from voc.run import parts
from voc.run.lock import claimed, running_on
from voc.run.secret import secret_key
from voc.run.signals import Signals, listening
from voc.run.sockets import socket_folder
from voc.run.supervisor import AskedToStop, Supervisor
from voc.run.valkey import SOCKET_NAME, answers, redis_url

_HOME = Path(__file__).resolve().parent.parent.parent  # the parts find our packages in any folder
_STORE_SECONDS = 20.0


@contextmanager
def settings_here(data_dir: Path, *, workers: bool = False) -> Iterator[Settings]:
    """The settings of what runs on `data_dir`, or of stores that run for this block only.

    Args:
        data_dir: the data folder.
        workers: whether what we start for the block reads comments too. A running `up` has its own.

    Raises Conflict when another command that is no `up` holds the folder.
    """
    running = running_on(data_dir)
    if running is not None and running.address:
        here = {"VOC_REDIS_URL": running.redis_url, "VOC_PUBLIC_URL": running.address}
        yield _on_its_time(load_settings(environment_here(data_dir, here)))
        return
    with ExitStack() as stack:
        stack.enter_context(claimed(data_dir))
        yield _on_its_time(load_settings(_start_quietly(data_dir, stack, workers=workers).env))


def _on_its_time(settings: Settings) -> Settings:
    clock.follow(settings.practice_clock)
    return settings


def _start_quietly(data_dir: Path, stack: ExitStack, *, workers: bool) -> Supervisor:
    """Stores, and workers where wanted, that end with `stack`; afterwards signals are the caller's again."""
    with listening() as signals:
        env = environment_here(data_dir)
        try:
            supervisor = stack.enter_context(stores_here(data_dir, env, signals=signals, say=_keep_quiet))
        except AskedToStop:
            raise KeyboardInterrupt from None
        for kind in parts.WORKER_KINDS if workers else ():
            supervisor.keep(parts.worker(kind))
    return supervisor


def environment_here(data_dir: Path, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment for the parts on `data_dir`, the folder's own secret unless one is set."""
    ours = {"VOC_DATA_DIR": str(data_dir), "PYTHONPATH": str(_HOME), "PYTHONUNBUFFERED": "1"}
    env = environment({**ours, **(changes or {})})
    if not env.get("VOC_SECRET_KEY"):
        env["VOC_SECRET_KEY"] = secret_key(data_dir)
    return env


@contextmanager
def stores_here(
    data_dir: Path, env: Mapping[str, str], *, signals: Signals, say: Callable[[str], None]
) -> Iterator[Supervisor]:
    """A supervisor that keeps the queue store, unless `env` names another, over a database of this release."""
    supervisor = Supervisor(logs=data_dir / "logs", signals=signals, env=env, say=say)
    with ExitStack() as stack:
        stack.callback(supervisor.stop)
        if not env.get("VOC_REDIS_URL"):
            folder = data_dir / "queue"
            sockets = stack.enter_context(socket_folder(folder, longest_name=SOCKET_NAME))
            stack.callback(supervisor.stop)  # before its socket's folder goes
            supervisor.env["VOC_REDIS_URL"] = redis_url(sockets / SOCKET_NAME)
            _start_store(supervisor, folder, sockets / SOCKET_NAME)
        supervisor.run_once(parts.migration())
        yield supervisor


def _start_store(supervisor: Supervisor, folder: Path, address: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    child = supervisor.keep(parts.store(folder, address))
    supervisor.wait_until_ready(child, lambda: answers(address), within_seconds=_STORE_SECONDS)


def _keep_quiet(_: str) -> None:
    """A command that only uses the stores has its own words."""
