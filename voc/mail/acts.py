"""What people do about a mail that needs them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.errors import Conflict, NotFound
from voc.jobs import tell
from voc.mail.models import Delivery


def send_again(session: Session, public_id: str) -> None:
    """Puts a mail that needed a person back in line, with the same Message-ID; Conflict when it needs nobody."""
    row = _failed(session, public_id)
    row.state, row.tries, row.lease_until_ms, row.not_before, row.why = "waiting", 0, 0, clock.now(), None
    tell(session, "mail_acted", [("mail.again", f"delivery {public_id}")])


def give_up(session: Session, public_id: str) -> None:
    """Says that a mail will not arrive: later stages learn of it as of one that came back."""
    row = _failed(session, public_id)
    row.state, row.why = "bounced", f"One of us gave it up. {row.why or ''}".strip()
    session.flush()
    tell(session, "mail_bounced", [(row.account_id, row.id)])
    tell(session, "mail_acted", [("mail.give_up", f"delivery {public_id}")])


def _failed(session: Session, public_id: str) -> Delivery:
    row = session.scalar(select(Delivery).where(Delivery.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound
    if row.state != "failed":
        raise Conflict("Somebody has seen to this mail already.")
    return row
