"""The model set: what themes are read by, under a number that each reading carries."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.analysis.models import ModelSet
from voc.analysis.teaching import rereading
from voc.analysis.teaching.heads import Learned, in_force
from voc.analysis.themes.newest import spec_rows
from voc.analysis.themes.state import SpecRow
from voc.core import clock
from voc.db.upsert import insert_ignoring


@dataclass(frozen=True, slots=True)
class Known:
    """What the machine reads themes by now; `number` is None where this state has no number yet."""

    number: int | None
    specs: tuple[SpecRow, ...]
    heads: tuple[Learned, ...]
    fingerprint: str


def known_now(session: Session, pipeline: str) -> Known:
    """The themes in use with their heads, and the number of this state."""
    specs = spec_rows(session)
    heads = in_force(session, {spec.key for spec in specs}, pipeline)
    learned = [(head.key, head.version) for head in heads]
    fingerprint = sha256(repr((pipeline, specs, learned)).encode()).hexdigest()
    last = session.execute(select(ModelSet).order_by(ModelSet.number.desc()).limit(1)).scalar()
    number = last.number if last is not None and last.fingerprint == fingerprint else None
    return Known(number, specs, heads, fingerprint)


def raise_number(session: Session, pipeline: str) -> int:
    """The number of today's state: the next one when themes or heads changed since the last was given.

    A new state has the window read again by it: what was wanted for one change may have been read while the next
    was made. Where the pipeline itself is another one, everything is: vectors of two are never compared.
    """
    known = known_now(session, pipeline)
    if known.number is not None:
        return known.number
    last = session.get(ModelSet, newest_number(session))
    if last is not None:
        rereading.want(session, everything=last.pipeline != pipeline)
    number = last.number + 1 if last is not None else 1
    row = {"number": number, "fingerprint": known.fingerprint, "pipeline": pipeline, "at": clock.now()}
    insert_ignoring(session, ModelSet, [row])  # of two workers at once, one gives the number
    return number


def newest_number(session: Session) -> int:
    """The number given last; 0 before the first."""
    return session.scalar(select(func.max(ModelSet.number))) or 0
