"""The demo's past mail: what was due leaves and is kept within one transaction, before any worker sees it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.config import Settings
from voc.db.upsert import insert_ignoring
from voc.mail import sending
from voc.mail.models import KeptMail
from voc.mail.rendering import compose

_AT_ONCE = 500


def deliver(session: Session, settings: Settings, *, bouncing: Collection[str] = ()) -> int:
    """Lets what is due by the clock leave, and keeps it; gives how many mails.

    Those to an address in `bouncing` come back instead.
    """
    sending.leave_due(session)
    number = 0
    while held := sending.claim(session, settings, limit=_AT_ONCE):
        number += _send(session, settings, held, bouncing)
        while sending.tell_sent(session, held, limit=_AT_ONCE):
            pass
    return number


def _send(session: Session, settings: Settings, held: sending.Claim, bouncing: Collection[str]) -> int:
    mails = [mail for mail in held.mails if mail.to not in bouncing]
    for mail in held.mails:
        if mail.to in bouncing:
            sending.keep_bounced(session, held, mail, "There is no mailbox of that name.")
    now = clock.now()
    kept = [
        {
            "account_id": mail.account_id, "delivery_id": mail.delivery_id, "message_id": mail.message_id,
            "body": compose(mail, settings).body, "kept_at": now,
        }
        for mail in mails
    ]  # fmt: skip
    insert_ignoring(session, KeptMail, kept)
    sending.keep_sent(session, held, mails)
    return len(kept)
