"""Rings again while work waits: losing all of Redis costs only seconds."""

from voc.analysis.teaching import archive, lessons, rereading
from voc.analysis.themes import drafts
from voc.breadth import estimates
from voc.core.principal import SYSTEM
from voc.db import work
from voc.issues import queries as issues
from voc.jobs import ESTIMATE, GROUP, MAIL, PREVIEW, READ, TRAIN
from voc.mail import sending
from workers.scope import Scope

_JOB_OF = {
    "read": READ, "match": GROUP, "mail": MAIL, "estimate": ESTIMATE, "train": TRAIN, "reread": READ,
    "preview": PREVIEW,
}  # fmt: skip


def sweep(here: Scope) -> dict[str, int]:
    """Rings the job of each stage that has waiting rows; gives their numbers. Safe to run at any time.

    Where there is a mailbox to look into, the mail worker is rung too: it looks once a minute.
    """
    with here.database.reading(SYSTEM) as session:
        waiting = work.waiting(session)
        mails = sending.waiting(session)
        if estimates.is_any_due(session):
            waiting["estimate"] = 1
        if drafts.is_any_waiting(session):
            waiting["preview"] = 1
        if lessons.is_anything_new(session) or archive.has_grown(session):
            waiting["train"] = 1
        if rereading.is_wanted(session):
            waiting["reread"] = 1
        if "match" not in waiting and issues.is_look_due_now(session):
            waiting["match"] = 1
    if mails:
        waiting["mail"] = mails
    for stage in waiting:
        here.doorbell.ring(_JOB_OF[stage])
    if here.settings.imap_url and not mails:
        here.doorbell.ring(MAIL)
    return waiting
