"""Whenever the sender is killed: every mail leaves, and one that leaves twice is the very same mail."""

import email
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.faults.installation import wait_until
from tests.house.code import ROOT
from tests.mail.sinks import smtp_sink
from tests.mail.test_outbox import mail
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.mail import house
from voc.mail.models import Delivery
from voc.mail.outbox import put_mails

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("VOC_TEST_KILLS", "10"))
MAILS = 12  # for each kill
KEPT = 5  # as the senders to be killed claim


@pytest.fixture(autouse=True)
def at() -> None:
    """The killed processes live in real time, and so does this test."""


@contextmanager
def senders(database: Database, smtp_url: str) -> Iterator[Callable[[], int]]:
    """Starts a fresh sender at each call and gives its process id; all end with the block."""
    url = database.engine.url.render_as_string(hide_password=False).replace(
        "postgresql+psycopg", "postgresql"
    )
    argv = [sys.executable, "-m", "tests.faults.sender_to_kill", url, smtp_url]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as found:

        def start() -> int:
            assert found.stdin is not None
            assert found.stdout is not None
            print(file=found.stdin, flush=True)
            return int(found.stdout.readline())

        try:
            yield start
        finally:
            found.kill()


def put(database: Database, number: int) -> None:
    with database.writing(SYSTEM) as session:
        house.turn(session, on=True)
        account = factories.account(session)
        people = [
            factories.contact(
                session, account, email=f"{one}@clinic.internal", email_key=f"{one}@clinic.internal"
            )
            for one in (f"p{account.id}x{place}" for place in range(number))
        ]
        put_mails(session, [mail(one, f"k{one.id}") for one in people])


def unsent(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        wanted = select(func.count()).where((Delivery.state != "sent") | Delivery.token.is_not(None))
        return session.scalar(wanted) or 0


def test_killed_again_and_again_it_loses_nothing_and_doubles_only_what_the_server_had_taken(
    stored_database: Database,
) -> None:
    with smtp_sink() as (sink, _, url), senders(stored_database, url) as start:
        for _ in range(KILLS):
            put(stored_database, MAILS)  # each time anew: a sender may send them all before it is killed
            before, sender = len(sink.taken), start()
            wait_until(lambda: len(sink.taken) > before + 3, within_seconds=60, what="sending before a kill")  # noqa: B023 - called at once
            os.kill(sender, signal.SIGKILL)
        sender = start()
        wait_until(lambda: unsent(stored_database) == 0, within_seconds=60, what="the rest")
        os.kill(sender, signal.SIGKILL)
    ids, people = Counter(message_id(body) for _, body in sink.taken), Counter(to for to, _ in sink.taken)
    assert len(ids) == len(people) == KILLS * MAILS
    # The rows of one claim, and one on its way beside them, at each kill.
    assert sum(people.values()) - len(people) <= KILLS * (KEPT + 1)


def message_id(body: bytes) -> str:
    return str(email.message_from_bytes(body)["Message-ID"]).strip()
