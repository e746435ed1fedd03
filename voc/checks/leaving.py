"""The second step of asking: who is asked, who not, and the mail exactly as it would leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.breadth import estimates
from voc.checks import audience as audiences
from voc.checks import together
from voc.checks.audience import Audience, Invited
from voc.checks.mails import QUESTION, To, mails_of
from voc.checks.models import Ask, Check
from voc.checks.pages import clock_words, name_of
from voc.checks.together import Ready
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.rendering import Rendered, preview
from voc.web.context import settings


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Clients who are not asked for one reason; `ours` are those whom one of us left out."""

    reason: str
    clients: tuple[tuple[str, str | None], ...]  # name, and public id where one of us left it out


@dataclass(frozen=True, slots=True)
class Leaving:
    """Step two as the page shows it."""

    mails: tuple[Invited, ...]
    calls: tuple[Invited, ...]
    not_asked: tuple[NotAsked, ...]
    refusals: tuple[str, ...]
    is_alone: bool
    alone_reason: str | None
    alone_by: str | None
    leaves_at: str
    mail: Rendered | None
    mail_to: str | None
    tells_most: frozenset[str]  # public ids of clients: asking these next narrows the estimate most
    ready: tuple[Ready, ...]  # other questions that may leave in the same mails
    along: tuple[str, ...]  # of these, those that do


def leaving(session: Session, check: Check, along: Sequence[str] = ()) -> Leaving:
    """Everyone this question would go to now, and what they would read; `along` are questions that leave with it."""
    zone = settings().time_zone
    whom = audiences.audience(session, check, zone=zone)
    mails = tuple(one for one in whom.rows if one.how == "mail")
    ready = together.ready_with(session, check, whom, along, zone=zone) if mails and not whom.refusals else ()
    goes = tuple(one.public_id for one in ready if one.is_along)
    soon = clock.now() + timedelta(minutes=DEFAULT.stop_minutes)
    return Leaving(
        mails=mails,
        calls=tuple(one for one in whom.rows if one.how == "call"),
        not_asked=_not_asked(session, check, whom),
        refusals=whom.refusals,
        is_alone=any("Only one client" in one for one in whom.refusals),
        alone_reason=check.alone_reason,
        alone_by=name_of(session, check.alone_by_id),
        leaves_at=clock_words(soon, zone),
        mail=_mail(session, check, mails[0], goes) if mails else None,
        mail_to=f"{mails[0].contact}, {mails[0].account}" if mails else None,
        tells_most=_tells_most(session, check, whom),
        ready=ready,
        along=goes,
    )


def _mail(session: Session, check: Check, one: Invited, along: Sequence[str]) -> Rendered:
    """The mail to one of them, as whoever is asked all of it reads it; its link is a stand-in until it is in line."""
    zone = settings().time_zone
    others = session.scalars(select(Check).where(Check.public_id.in_(list(along))).order_by(Check.id)).all()
    closes_at = clock.now() + timedelta(minutes=DEFAULT.stop_minutes, days=DEFAULT.question_days)
    to = To(
        account_id=one.account_id, contact_id=one.contact_id, ask_public_id="a" * 26, hello=one.contact,
        email=one.email, account=one.account, no_first=True, owner_id=one.owner_id,
        more=tuple(together.in_words(other, zone) for other in others),
    )  # fmt: skip
    mails = mails_of(session, check, [to], template=QUESTION, closes_at=closes_at, zone=zone)
    return preview(session, mails[0], settings())


def _tells_most(session: Session, check: Check, whom: Audience) -> frozenset[str]:
    """Those of the audience whom the estimate would ask next; it chooses nobody, the draw stays a draw."""
    wanted = set(estimates.next_asks(session, root_of(check.issue_id, merged_into(session))))
    return frozenset(one.account_public_id for one in whom.rows if one.group_id in wanted)


def _not_asked(session: Session, check: Check, whom: Audience) -> tuple[NotAsked, ...]:
    rows = session.execute(
        select(Account.name, Account.public_id)
        .join(Ask, Ask.group_id == Account.id)
        .where(Ask.check_id == check.id, Ask.state == "left_out")
    )
    ours: dict[str, str] = dict(rows.all())
    return tuple(
        NotAsked(one.reason, tuple((name, ours.get(name)) for name in one.clients)) for one in whom.left_out
    )
