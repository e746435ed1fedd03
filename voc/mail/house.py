"""Whether anything may leave the house at all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.db.scope import principal_of
from voc.mail.models import Switch

NOT_ON = (
    "Sending is not switched on yet: an administrator reads the standard mails and presses “start sending”."
)


def switch_of(session: Session) -> Switch | None:
    """The switch; None while nobody has touched it."""
    return session.scalar(select(Switch).where(Switch.id == 1))


def why_closed(session: Session) -> str | None:
    """Why no mail may be put in line now, in words; None when it may. Practice mail is put in line and kept here."""
    switch = switch_of(session)
    return None if switch is not None and (switch.is_on or switch.is_practice) else NOT_ON


def is_practice(session: Session) -> bool:
    """Whether this installation is to try things in: its mail is kept here for ever."""
    switch = switch_of(session)
    return switch is not None and switch.is_practice


def practise(session: Session) -> None:
    """Makes this an installation to try things in, before its first mail: nothing ever leaves, all of it can be read here."""
    switch = _own(session)
    switch.is_practice, switch.is_on = True, False
    session.flush()


def turn(session: Session, *, on: bool) -> None:
    """Lets mail leave from now on, or no more; what may be asked of whom is `sending_desk`'s to know."""
    switch = _own(session)
    switch.is_on, switch.at, switch.by_id = on, clock.now(), principal_of(session).user_id
    session.flush()


def _own(session: Session) -> Switch:
    switch = switch_of(session)
    if switch is None:
        switch = Switch(id=1, is_on=False, is_practice=False, at=clock.now())
        session.add(switch)
    return switch
