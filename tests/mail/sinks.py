"""A mail server and a mailbox on this machine, for the real ends of the ports."""

# ruff: noqa: ARG002, N802 - aiosmtpd calls its handlers by these names, with all it knows

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PYMAP = "from pymap.main import main; main()"


@dataclass
class Sink:
    """Takes mail, and refuses what a test's address asks it to refuse."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    lines: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = {
            "gone": "550 5.1.1 no such person",
            "later": "451 4.7.1 come back later",
            "policy": "550 5.7.1 you may not",
            "full": "421 4.3.2 closing",
        }.get(address.partition("@")[0])
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos[0]
        assert isinstance(envelope.content, bytes)
        self.taken.append((to, envelope.content))
        if to.startswith("spam"):
            return "554 5.6.0 not such words"
        if to.startswith("breaks"):
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


@contextmanager
def smtp_sink(port: int = 0) -> Iterator[tuple[Sink, Controller, str]]:
    """A sink, what runs it, and its address as a setting."""
    sink = Sink()
    running = Controller(sink, hostname="127.0.0.1", port=port or free_port())
    running.start()
    try:
        yield sink, running, f"smtp://127.0.0.1:{running.port}"
    finally:
        running.stop()


@contextmanager
def imap_box(folder: Path) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """A mailbox: a line to put mails into it, and its address as a setting."""
    port = free_port()
    argv = [sys.executable, "-c", PYMAP, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict",
            "--demo-user", "us", "--demo-password", "p@ss"]  # fmt: skip
    with (folder / "pymap.log").open("wb") as log, subprocess.Popen(argv, stdout=log, stderr=log) as process:
        try:
            line = _first_line(port)
            line.login("us", "p@ss")
            yield line, f"imap://us:p%40ss@127.0.0.1:{port}/INBOX"
            line.logout()
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


def _first_line(port: int) -> imaplib.IMAP4:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            return imaplib.IMAP4("127.0.0.1", port, timeout=10)
        except OSError:
            assert time.monotonic() < give_up_at, "the mailbox does not start"
