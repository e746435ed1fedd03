"""The processes that a process started."""

from pathlib import Path


def family(pid: int) -> list[int]:
    """Everything that `pid` started, and what that started."""
    return [found for child in children(pid) for found in (child, *family(child))]


def children(pid: int) -> list[int]:
    """What `pid` itself started and still runs; Linux only."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def command(pid: int) -> str:
    """The command line of `pid`."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
