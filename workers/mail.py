"""The mail worker: lets batches leave, sends what is due, and (workers/replies.py) takes in what came back."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy.orm import Session

from voc.core.principal import SYSTEM
from voc.jobs import MAIL
from voc.mail import house, sending
from voc.mail.rendering import Mail, Outgoing, compose
from voc.mail.sender import Away, Bounced, Declined, Later, Sender, Unsure, sender_for
from voc.mail.sending import Claim
from workers import replies
from workers.alive import alive
from workers.scope import Scope, scope

log = structlog.get_logger(__name__)

BATCH = 50
KEPT_AT_ONCE = 10  # a transaction for each mail would cost as much as sending it
KEPT_SECONDS = 0.2
_NICE = 10  # mail waits for people, never people for mail
_DRAIN_SECONDS = 60


def drain() -> int:
    """Sends what is due and takes in what came back, for up to a minute; gives the number of mails sent.

    Rung after commits that put mails in line, and by the sweeper while anything waits. Safe to run twice:
    each mail is claimed by lease, and what it was is settled only under its claim.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{MAIL}")
    os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    replies.take_in(here)
    with here.database.reading(SYSTEM) as session:
        practice = house.is_practice(session)
    sender = sender_for(here.settings, here.database, practice=practice)
    try:
        return drain_with(here, sender)
    finally:
        sender.close()


def drain_with(here: Scope, sender: Sender) -> int:
    """As `drain`, sending alone, with the scope and the sender given."""
    with here.database.writing(SYSTEM) as session:
        sending.leave_due(session)
    _tell_all(here, None)
    done, started = 0, time.monotonic()
    while time.monotonic() - started < _DRAIN_SECONDS:
        with here.database.writing(SYSTEM) as session:
            held = sending.claim(session, here.settings, limit=BATCH)
        if held is None:
            return done
        with alive(partial(_keep_lease, here, held)):
            sent, goes_on = _send_held(here, sender, held)
        done += sent
        if not goes_on:
            return done
    here.doorbell.ring(MAIL)
    return done


def _keep_lease(here: Scope, held: Claim) -> None:
    here.beat()
    with here.database.writing(SYSTEM) as session:
        sending.extend(session, held)


def _send_held(here: Scope, sender: Sender, held: Claim) -> tuple[int, bool]:
    """Sends the mails of one claim; gives how many, and whether the server is there for more."""
    taken = _Taken(here, held)
    try:
        for place, mail in enumerate(held.mails):
            here.beat()
            try:
                if _send_one(here, sender, held, mail):
                    taken.add(mail)
            except Away as error:
                with here.database.writing(SYSTEM) as session:
                    sending.give_back(session, held, held.mails[place:], str(error))
                return taken.keep(), False
    finally:
        sent = taken.keep()
        _tell_all(here, held)
    return sent, True


@dataclass
class _Taken:
    """Mails that the server took and that are not kept as sent yet: few, and not for long."""

    here: Scope
    held: Claim
    mails: list[Outgoing] = field(default_factory=list)
    since: float = 0.0
    kept: int = 0

    def add(self, mail: Outgoing) -> None:
        """Notes one more, and keeps them when they are ten or a fifth of a second old."""
        self.since = self.since if self.mails else time.monotonic()
        self.mails.append(mail)
        if len(self.mails) >= KEPT_AT_ONCE or time.monotonic() - self.since > KEPT_SECONDS:
            self.keep()

    def keep(self) -> int:
        """Keeps them as sent; gives the number kept so far."""
        if self.mails:
            with self.here.database.writing(SYSTEM) as session:
                self.kept += sending.keep_sent(session, self.held, self.mails)
            self.mails = []
        return self.kept


def _send_one(here: Scope, sender: Sender, held: Claim, mail: Outgoing) -> bool:
    finished = _composed(here, held, mail)
    if finished is None:
        return False
    try:
        sender.send(finished)
    except (
        Unsure
    ) as error:  # it may have been taken: left at "sending", tried again alone when the lease ran out
        log.warning("mail_unsure", delivery=mail.public_id, error=str(error))
        return False
    except (Bounced, Later, Declined) as error:
        settle = _SETTLE[type(error)]
        with here.database.writing(SYSTEM) as session:
            settle(session, held, mail, str(error))
        return False
    return True


_SETTLE: dict[type[Exception], Callable[[Session, Claim, Outgoing, str], bool]] = {
    Bounced: sending.keep_bounced,
    Later: sending.keep_for_later,
    Declined: sending.keep_failed,
}


def _composed(here: Scope, held: Claim, mail: Outgoing) -> Mail | None:
    try:
        return compose(mail, here.settings)
    except Exception as error:  # the edge: one mail that cannot be written must not stop the others
        log.exception("mail_not_written", delivery=mail.public_id)
        with here.database.writing(SYSTEM) as session:
            sending.keep_failed(
                session, held, mail, f"We could not write this mail ({type(error).__name__})."
            )
        return None


def _tell_all(here: Scope, held: Claim | None) -> None:
    """Tells later stages of what was sent, a chunk in each transaction."""
    number = 1
    while number:
        here.beat()
        with here.database.writing(SYSTEM) as session:
            number = sending.tell_sent(session, held)
