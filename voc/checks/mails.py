"""Puts a question and its reminder into mails: what each is filled with, and its own link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks import rules
from voc.checks.models import Check
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.mail.links import PURPOSES
from voc.mail.outbox import NewLink, NewMail
from voc.web.words import date_words

QUESTION, REMINDER = "question", "reminder"
_ANSWER = PURPOSES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """One person who is written to about one ask."""

    account_id: int
    contact_id: int
    ask_public_id: str
    hello: str
    email: str | None
    account: str
    no_first: bool
    owner_id: int | None
    more: tuple[dict[str, object], ...] = ()  # other questions to this person in the same mail


def thing_of(check: Check) -> str:
    """What the mails of a question belong to."""
    return f"check:{check.public_id}"


def key_of(ask_public_id: str, template: str = QUESTION) -> str:
    """What makes the same mail twice one row."""
    return f"ask:{ask_public_id}" if template == QUESTION else f"ask:{ask_public_id}:{template}"


def ask_of(dedupe_key: str) -> str | None:
    """The ask a mail is about, by its key; None when it is about something else."""
    noun, _, rest = dedupe_key.partition(":")
    return rest.partition(":")[0] if noun == "ask" else None


def mails_of(
    session: Session, check: Check, people: Sequence[To], *, template: str, closes_at: datetime, zone: str
) -> list[NewMail]:
    """The mails of one question to these people; each carries its own link, open for three weeks."""
    ours = our_people(session, [one.owner_id for one in people] + [check.decider_id])
    shared = _shared(check, ours, closes_at, zone)
    expires_at = clock.now() + timedelta(days=DEFAULT.link_days)
    return [
        NewMail(
            account_id=one.account_id,
            contact_id=one.contact_id,
            email=one.email,
            template=template,
            thing=thing_of(check),
            dedupe_key=key_of(one.ask_public_id, template),
            filled=shared | _own(one, ours),
            link=NewLink(purpose=_ANSWER, thing=one.ask_public_id, expires_at=expires_at),
        )
        for one in people
    ]


def our_people(session: Session, user_ids: Sequence[int | None]) -> dict[int, tuple[str, str | None]]:
    """(name, phone) of these of our people."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = session.execute(select(User.id, User.name, User.phone).where(User.id.in_(wanted)))
    return {key: (name, phone) for key, name, phone in rows}


def _shared(
    check: Check, ours: Mapping[int, tuple[str, str | None]], closes_at: datetime, zone: str
) -> dict[str, object]:
    today = clock.today(zone)
    reads, _ = ours.get(check.decider_id or 0, ("", None))
    return {
        "question": rules.question(check.what, check.since_on, today),
        "since": _said(date_words(check.since_on, today)),
        "closes_on": _said(date_words(closes_at, today, ZoneInfo(zone))),
        "reads_name": reads,
        "tells_by": _said(date_words(check.decide_by, today)) if check.decide_by else "",
    }


def _own(one: To, ours: Mapping[int, tuple[str, str | None]]) -> dict[str, object]:
    name, phone = ours.get(one.owner_id or 0, ("", None))
    return {
        "hello": one.hello,
        "account": one.account,
        "from_name": name,
        "from_phone": phone,
        "more": list(one.more),
        "answers": [[says, rules.SAYS_WORDS[says]] for says in rules.answer_order(one.no_first)],
    }


def _said(words: str) -> str:
    return words.replace("\u00a0", " ")
