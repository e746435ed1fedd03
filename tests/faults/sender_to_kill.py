"""Senders to be killed. For each line it reads it forks one that drains what is due, and says its process id.

Arguments: database, mail server. All is loaded before the first fork, so that a fresh sender begins at once.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.mail import conftest
from voc.core.config import Settings
from voc.db.session import Database, make_engine
from voc.db.tables import load_tables
from voc.jobs import FOLLOWERS, QuietDoorbell
from voc.mail import sending
from voc.mail.sender import SmtpSender
from workers import mail
from workers.scope import Scope

_PDEATHSIG = 1  # prctl: no sender outlives the process that forked it


def main() -> None:
    """One sender after the other, each until it is killed."""
    for happened in conftest.HAPPENED:
        FOLLOWERS[happened] = (f"tests.mail.conftest.note_{happened}",)
    sending._LEASE_MS = 300
    sending.CRASHES = 1_000  # a person is asked after three; here every kill is to be survived
    mail.BATCH = 5
    load_tables()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
            send_for_ever(sys.argv[1], sys.argv[2])
        print(child, flush=True)  # noqa: T201 - the test reads it
        os.waitpid(child, 0)


def send_for_ever(database_url: str, smtp_url: str) -> None:
    """Drains until it is killed."""
    settings = Settings(
        database_url, "unix:///nowhere", Path(), "k" * 48, public_url="http://localhost", smtp_url=smtp_url
    )
    nobody: Any = None  # no Redis is asked
    bell: Any = QuietDoorbell()
    here = Scope(settings, Database(make_engine(database_url, pool_size=2)), nobody, bell)
    sender = SmtpSender(settings)
    while True:
        mail.drain_with(here, sender)


if __name__ == "__main__":
    main()
