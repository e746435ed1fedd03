"""What all pages that write a message to clients share."""

from flask import request
from sqlalchemy.orm import Session

from voc.closure import forms, telling
from voc.closure.models import Update
from voc.closure.rules import STATUS_WORDS, next_word
from voc.closure.telling import Wanted
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.intake.forms import sent
from voc.web.context import settings

STATUSES = list(STATUS_WORDS.items())
"""The key of each status and how clients read it."""


def wanted() -> Wanted:
    """The message as typed on this page; Invalid naming each field that cannot be used."""
    zone = settings().time_zone
    return forms.wanted_update(sent(request), today=clock.today(zone), zone=zone)


def with_defaults(typed: dict[str, str], message: str | None) -> dict[str, str]:
    """What was typed, over the decided words and the day of the next word by policy."""
    day = next_word(clock.now(), settings().time_zone).date().isoformat()
    return {"status": "looking", "words": message or "", "next_word_by": day} | typed


def find_for(session: Session, principal: Principal, public_id: str) -> Update:
    """The update, if it is this person's: agents see what goes to their clients about one thread only."""
    found = telling.find_update(session, public_id)
    if principal.may("closure:change"):
        return found
    if found.issue_id is not None or not telling.told_of(session, found):
        raise NotFound
    return found
