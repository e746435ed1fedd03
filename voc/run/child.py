"""One process that we start, watch and end; it never outlives us."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT_BYTES = 10_000_000
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Child:
    """A started process, the leader of its own group; `log` is where its words go."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def ask_to_stop(self, how: int = signal.SIGTERM) -> None:
        """Sends the polite signal; does nothing to a process that is gone."""
        with suppress(ProcessLookupError):
            self.process.send_signal(how)

    def end(self, *, within_seconds: float = 5.0) -> None:
        """Waits for a process that was asked to stop, then kills what is left of its group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(within_seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    dies_by: int = signal.SIGTERM,
) -> Child:
    """Starts `argv` in a group of its own, without terminal, its output added to `log`.

    Args:
        name: how people know the part.
        argv: the command; its first item is found on PATH.
        log: made with its folder where absent; begun anew when above 10 MB.
        env: the whole environment; None hands ours on.
        user: the uid and gid to run as; only root may set it.
        dies_by: the signal it gets from the kernel when we die, however we die.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb" if _is_full(log) else "ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the commands are our own, no shell
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            preexec_fn=tether(dies_by),  # noqa: PLW1509 - we start children from the main thread only
        )
    return Child(name, process, log)


def tether(dies_by: int = signal.SIGTERM) -> Callable[[], None]:
    """What a new process does before its program: ask the kernel for `dies_by` when its parent dies.

    Where the kernel cannot (anything but Linux) the child starts untethered.
    """
    parent = os.getpid()
    prctl = getattr(_LIBC, "prctl", None)

    def before_program() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, dies_by)
        if os.getppid() != parent:  # the parent died before the kernel knew of our wish
            os._exit(1)

    return before_program


def _is_full(log: Path) -> bool:
    return log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES
