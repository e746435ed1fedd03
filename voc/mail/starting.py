"""“Start sending”: nothing leaves a new installation before an administrator has read what would."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from voc.core.config import Settings
from voc.core.errors import Conflict
from voc.jobs import tell
from voc.mail import house, texts
from voc.mail.sender import is_loopback

# Users are a later stage; only the columns that say who pressed are named here.
_user = table("user", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class Text:
    """One standard mail and who read it in its present wording; `read_by` None: nobody yet."""

    name: str
    title: str
    when: str
    read_by: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether mail leaves here, since when and by whom; `missing` says what stands in the way."""

    is_on: bool
    is_practice: bool
    has_server: bool
    is_kept_here: bool
    by: str | None
    at: datetime | None
    missing: tuple[str, ...]
    texts: tuple[Text, ...]


def standing(session: Session, settings: Settings) -> Standing:
    """How sending stands, for the page that starts and stops it."""
    switch, read = house.switch_of(session), texts.read_texts(session)
    pressed_by = switch.by_id if switch else None
    names = _names(session, {pressed_by, *(row.by_id for row in read.values())} - {None})
    return Standing(
        is_on=switch is not None and switch.is_on,
        is_practice=switch is not None and switch.is_practice,
        has_server=bool(settings.smtp_url),
        is_kept_here=keeps_mail(session, settings),
        by=names.get(pressed_by or 0),
        at=switch.at if switch and pressed_by else None,
        missing=why_not_start(session, settings),
        texts=tuple(
            Text(one.name, one.title, one.when, names.get(read[one.name].by_id), read[one.name].at)
            if one.name in read
            else Text(one.name, one.title, one.when, None, None)
            for one in texts.standard_mails()
        ),
    )


def keeps_mail(session: Session, settings: Settings) -> bool:
    """Whether mail stays here and can be read on the mailbox page: in practice, or on loopback without a server."""
    return house.is_practice(session) or (not settings.smtp_url and is_loopback(settings))


def why_not_start(session: Session, settings: Settings) -> tuple[str, ...]:
    """What must be done before sending can start, in words; empty when nothing."""
    if house.is_practice(session):
        return ("This is an installation to try things in: its mail is kept here and never leaves.",)
    missing = [f"Nobody has read “{one.title}” in its present words yet." for one in texts.unread(session)]
    if not settings.smtp_url and not is_loopback(settings):
        missing.append("No mail server is set: VOC_SMTP_URL names one.")
    if settings.smtp_url and not settings.mail_from:
        missing.append("No sender is set: VOC_MAIL_FROM names the address that mail comes from.")
    return tuple(missing)


def start(session: Session, settings: Settings) -> None:
    """Lets mail leave from now on; Conflict naming what is missing. Starting twice is fine."""
    missing = why_not_start(session, settings)
    if missing:
        raise Conflict(" ".join(missing), code="not_ready")
    house.turn(session, on=True)
    tell(session, "mail_acted", [("mail.start", "mail sending")])


def stop(session: Session) -> None:
    """Keeps all mail here from now on; what waits goes on waiting. Stopping twice is fine."""
    if not house.is_practice(session):
        house.turn(session, on=False)
        tell(session, "mail_acted", [("mail.stop", "mail sending")])


def note_read(session: Session, name: str, wording: str) -> texts.Standard:
    """Keeps that this administrator read a standard mail; Invalid when its words changed meanwhile."""
    found = texts.mark_read(session, name, wording)
    tell(session, "mail_acted", [("mail.text_read", f"text {name}")])
    return found


def _names(session: Session, users: set[int | None]) -> dict[int, str]:
    if not users:
        return {}
    return dict(session.execute(select(_user.c.id, _user.c.name).where(_user.c.id.in_(users))).all())
