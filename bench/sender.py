"""The mail worker's own drain on one database and mail server, followers quiet; says when it begins."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from voc.core.config import Settings
from voc.db.session import Database, make_engine
from voc.jobs import FOLLOWERS, QuietDoorbell
from voc.mail.sender import SmtpSender
from workers import mail
from workers.scope import Scope


def quiet(_session: Session, _keys: Sequence[Any]) -> None:
    """What later stages make of it is measured with them."""


def main() -> None:
    """Drains until nothing is left."""
    FOLLOWERS.update(dict.fromkeys(("mail_sent", "mail_bounced", "batch_left"), ("bench.sender.quiet",)))
    settings = Settings(
        sys.argv[1], "unix:///nowhere", Path(), "k7" * 24, public_url="http://localhost", smtp_url=sys.argv[2]
    )
    nobody: Any = None  # no Redis is asked
    bell: Any = QuietDoorbell()
    here = Scope(settings, Database(make_engine(sys.argv[1], pool_size=2)), nobody, bell)
    os.setpriority(os.PRIO_PROCESS, 0, 10)  # as the worker does
    print("ready", flush=True)
    while mail.drain_with(here, SmtpSender(settings)):
        pass


if __name__ == "__main__":
    main()
