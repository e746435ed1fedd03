"""The read worker's spare time: what was read before is read again with what the machine knows now."""

from collections.abc import Sequence

import structlog

from nlp.pipeline import Reader
from voc.analysis.service import ReadComment
from voc.analysis.teaching import rereading, sets
from voc.analysis.teaching.rereading import Batch
from voc.core.principal import SYSTEM
from voc.intake.queries import texts_of
from workers.scope import Scope
from workers.stored import as_stored

log = structlog.get_logger(__name__)

BATCH = 64
"""Comments read again at once: a fresh one waits no longer than these take."""


def read_some(here: Scope, reading_by: Reader) -> bool:
    """Reads the next few comments again; gives whether there may be more for this reader.

    Called by the read worker when no fresh comment waits. Ends when nothing is wanted, when another worker
    is at it, or when the machine has learned since `reading_by` was loaded. A worker that dies midway
    leaves its few to whoever comes when its lease ran out.
    """
    with here.database.reading(SYSTEM) as session:
        if not rereading.is_wanted(session) or _is_old(reading_by, sets.newest_number(session)):
            return False
    here.beat()
    with here.database.writing(SYSTEM) as session:
        batch = rereading.claim(session, reading_by.version, limit=BATCH)
    if batch is None:
        return False
    readings = _read(here, reading_by, batch)
    with here.database.writing(SYSTEM) as session:
        rereading.store(session, batch, readings)
    return True


def _is_old(reading_by: Reader, newest: int) -> bool:
    number = rereading.set_of(reading_by.version)
    return number is not None and number != newest


def _read(here: Scope, reading_by: Reader, batch: Batch) -> Sequence[ReadComment]:
    with here.database.reading(SYSTEM) as session:
        texts = texts_of(session, batch.keys)
    keys = [key for key in batch.keys if key in texts]
    try:
        return [
            as_stored(key, one)
            for key, one in zip(keys, reading_by.read([texts[key] for key in keys]), strict=True)
        ]
    except Exception:  # the edge: a comment that cannot be read again keeps what it has
        log.exception("rereading_failed", comments=len(keys))
    found = []
    for key in keys:
        try:
            found.append(as_stored(key, reading_by.read([texts[key]])[0]))
        except Exception:  # noqa: BLE001 - as above, alone
            log.warning("not_read_again", account=key[0], comment=key[1])
    return found
