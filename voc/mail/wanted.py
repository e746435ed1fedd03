"""A mail as a later stage wants it, before it is in line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voc.mail.models import Link

QUESTIONS = frozenset({"question", "reminder"})  # mails that ask: “do not ask me again” holds for these


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """The link that a mail is to carry; it is made together with the mail."""

    purpose: str
    thing: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """One mail to one contact, as a later stage wants it; `filled` holds plain JSON values for the template."""

    account_id: int
    contact_id: int
    email: str | None
    template: str
    thing: str
    dedupe_key: str
    filled: Mapping[str, object] = field(default_factory=dict)
    link: Link | NewLink | None = None
    not_before: datetime | None = None
