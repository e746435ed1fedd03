"""Freezes the leadership page as it stands on a day: figures and references to words; never rewritten."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.rules import week_of
from voc.breadth.said import say_limits
from voc.core import clock, ids
from voc.core.errors import NotFound
from voc.db.scope import principal_of
from voc.reports import briefs, quotes, said
from voc.reports.briefs import Brief, brief_of
from voc.reports.models import Edition
from voc.reports.parts import Part, parts_of
from voc.reports.queries import OwedShown, Week, this_week
from voc.reports.quotes import Quote, Reference
from voc.web.words import date_words

_VERSION = 1
_NO_YEAR = date(1, 1, 1)  # so that the title says its year
_LISTED = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One edition in the list."""

    public_id: str
    title: str
    week_on: date
    made_at: datetime
    by: str | None
    owed: int
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenOwed:
    """A client who was owed a person on that day."""

    client: str
    said_at: datetime
    leaves: bool
    times: int
    owner: str | None
    reference: Reference
    by_us: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """One edition as it is shown: frozen figures, and words as they may be read today."""

    public_id: str
    title: str
    made_at: datetime
    by: str | None
    until: datetime
    clients: int
    issues: int
    limits: str
    headline: str
    call: tuple[str, ...]
    owed: tuple[FrozenOwed, ...]
    briefs: tuple[Brief, ...]
    parts: tuple[Part, ...]
    quotes: Mapping[Reference, Quote]


def freeze(session: Session, *, today: date, currency: str) -> Edition:
    """Keeps the page as it stands now; every edition stays beside the others."""
    now = clock.now()
    edition = Edition(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        week_on=week_of(today),
        title=f"Week of {date_words(week_of(today), _NO_YEAR)}",
        content=_content(this_week(session), parts_of(session), today, currency),
        made_by_id=principal_of(session).user_id,
        made_at=now,
    )
    session.add(edition)
    session.flush()
    record(session, "edition.freeze", f"edition {edition.public_id}")
    return edition


def _content(week: Week, parts: tuple[Part, ...], today: date, currency: str) -> dict[str, Any]:  # JSON
    return {
        "version": _VERSION,
        "until": week.until.isoformat(),
        "clients": week.clients,
        "issues": week.issues,
        "limits": f"{say_limits(week.limits, currency)}.",
        "headline": said.say_headline(week.headline),
        "call": [week.call.client, *said.say_call(week.call, today, currency)] if week.call else [],
        "owed": [_owed(shown) for shown in week.owed],
        "lines": [
            briefs.as_json(brief_of(line, week.limits, today=today, currency=currency)) for line in week.lines
        ],
        "parts": [asdict(part) for part in parts],
    }


def _owed(shown: OwedShown) -> dict[str, Any]:  # JSON
    one = shown.one
    return {
        "client": one.client, "said_at": one.said_at.isoformat(), "leaves": one.leaves, "times": one.times,
        "owner": one.owner, "reference": asdict(one.reference), "by_us": one.by_us,
    }  # fmt: skip


def editions(session: Session) -> tuple[Listed, ...]:
    """The editions, newest first."""
    rows = session.execute(
        select(Edition, User.name)
        .outerjoin(User, User.id == Edition.made_by_id)
        .order_by(Edition.id.desc())
        .limit(_LISTED)
    )
    return tuple(_listed(edition, by) for edition, by in rows)


def _listed(edition: Edition, by: str | None) -> Listed:
    content: dict[str, Any] = edition.content
    return Listed(
        edition.public_id, edition.title, edition.week_on, edition.made_at, by,
        len(content["owed"]), tuple(one["name"] for one in content["lines"]),
    )  # fmt: skip


def open_edition(session: Session, public_id: str) -> Opened:
    """One edition; NotFound when there is none of this id."""
    row = session.execute(
        select(Edition, User.name)
        .outerjoin(User, User.id == Edition.made_by_id)
        .where(Edition.public_id == public_id)
    ).first()
    if row is None:
        raise NotFound
    edition, by = row
    content: dict[str, Any] = edition.content
    lines = tuple(briefs.from_json(one) for one in content["lines"])
    owed = tuple(_frozen_owed(one) for one in content["owed"])
    wanted = [one for line in lines for one in line.references] + [one.reference for one in owed]
    return Opened(
        public_id=edition.public_id,
        title=edition.title,
        made_at=edition.made_at,
        by=by,
        until=datetime.fromisoformat(content["until"]),
        clients=content["clients"],
        issues=content["issues"],
        limits=content["limits"],
        headline=content["headline"],
        call=tuple(content["call"]),
        owed=owed,
        briefs=lines,
        parts=tuple(Part(one["title"], tuple(one["said"])) for one in content["parts"]),
        quotes=quotes.show(session, wanted),
    )


def _frozen_owed(stored: Mapping[str, Any]) -> FrozenOwed:  # as _owed gave it
    return FrozenOwed(
        stored["client"], datetime.fromisoformat(stored["said_at"]), stored["leaves"], stored["times"],
        stored["owner"], Reference(**stored["reference"]), stored.get("by_us", False),
    )  # fmt: skip
