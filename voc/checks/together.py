"""Asks one person about several issues at once: up to three questions travel in one mail and stand on one page."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from voc.breadth.estimates import likely_of
from voc.checks import rules
from voc.checks.audience import Audience, Invited, audience
from voc.checks.models import Ask, Check
from voc.core import clock
from voc.core.errors import Conflict
from voc.core.policy import DEFAULT
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.headers import plain_line

_GONE = ("planned", "left_out")
_WORDS = 1_000
_LOOKED_AT = 4  # drafts looked through for a page (policy)
_Row = dict[str, Any]  # one row of a bulk INSERT


@dataclass(frozen=True, slots=True)
class Ready:
    """Another question that could leave in the same mails; `same` people would get both."""

    public_id: str
    question: str
    clients: int
    same: int
    is_along: bool


def check_together(session: Session, checks: Sequence[Check]) -> None:
    """Conflict when these questions may not leave together: too many for one round, or two about one issue."""
    if len(checks) > DEFAULT.questions_a_round:
        raise Conflict(f"Nobody is asked more than {DEFAULT.questions_a_round} questions at once.")
    merged = merged_into(session)
    if len({root_of(one.issue_id, merged) for one in checks}) < len(checks):
        raise Conflict("Two of these questions are about the same issue. Ask one now, the other later.")


def share_out(found: Sequence[Audience]) -> list[tuple[Invited, ...]]:
    """Whom each question goes to when all leave together: nobody is asked more than a round allows.

    An earlier question comes first; whoever has enough waits for the next round with the rest. Somebody who
    stands in two accounts is one person.
    """
    had: Counter[object] = Counter()
    shared = []
    for one in found:
        kept = []
        for row in one.rows:
            who = _who(row)
            if had[who] + row.asked_before < DEFAULT.questions_a_round:
                had[who] += 1
                kept.append(row)
        shared.append(tuple(kept))
    return shared


def _who(row: Invited) -> object:
    return row.email.strip().casefold() if row.email else (row.account_id, row.contact_id)


def too_few_left(kept: Sequence[Invited], found: Audience) -> bool:
    """Whether sharing left so few that they could be guessed."""
    mails = sum(one.how == "mail" for one in kept)
    return bool(found.by_mail) and mails < DEFAULT.least_asked_groups


def ride_along(rows: Sequence[_Row]) -> dict[int, list[_Row]]:
    """Puts the later asks of one person into the mail of the first; gives the riders by that first one's id."""
    first: dict[tuple[int, int], int] = {}
    riders: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        if row["how"] != "mail":
            continue
        key = row["account_id"], row["contact_id"]
        if key in first:
            row["mail_ask_id"] = first[key]
            riders[first[key]].append(row)
        else:
            first[key] = row["id"]
    return dict(riders)


def in_words(check: Check, zone: str) -> dict[str, object]:
    """A question that rides along, as its mail is filled with it."""
    return {"question": plain_line(rules.question(check.what, check.since_on, clock.today(zone)), _WORDS)}


def beside(session: Session, ask: Ask) -> tuple[Ask, ...]:
    """The asks of the same person that came in the same mail, this one apart, in their order."""
    mail = ask.mail_ask_id or ask.id
    rows = session.scalars(
        select(Ask)
        .where(Ask.account_id == ask.account_id, Ask.contact_id == ask.contact_id, Ask.id != ask.id)
        .where(or_(Ask.id == mail, Ask.mail_ask_id == mail), Ask.state.not_in(_GONE))
        .order_by(Ask.id)
    )
    return tuple(rows)


def riders_of(session: Session, public_ids: Sequence[str]) -> Mapping[str, str]:
    """Of asks whose mail was sent or came back, those that rode along: each with the one it rode with."""
    lead = select(Ask.id, Ask.public_id).where(Ask.public_id.in_(list(public_ids))).subquery()
    rows = session.execute(select(Ask.public_id, lead.c.public_id).join(lead, lead.c.id == Ask.mail_ask_id))
    return dict(rows.all())


def ready_with(
    session: Session, check: Check, whom: Audience, along: Sequence[str], *, zone: str
) -> tuple[Ready, ...]:
    """Other questions that are written and may leave, those whose answers may turn a decision first."""
    people = {_who(row) for row in whom.rows if row.how == "mail"}
    drafts = session.scalars(
        select(Check)
        .where(Check.state == "draft", Check.id != check.id)
        .order_by(Check.id.desc())
        .limit(_LOOKED_AT)
    ).all()
    merged = merged_into(session)
    mine = root_of(check.issue_id, merged)
    others = [one for one in drafts if root_of(one.issue_id, merged) != mine]
    likely = likely_of(session, [root_of(one.issue_id, merged) for one in others])
    found = []
    for one in others:
        theirs = audience(session, one, zone=zone)
        same = sum(_who(row) in people for row in theirs.rows if row.how == "mail")
        if same and not theirs.refusals:
            says = likely.get(root_of(one.issue_id, merged))
            words = rules.question(one.what, one.since_on, clock.today(zone))
            ready = Ready(one.public_id, words, len(theirs.rows), same, one.public_id in along)
            found.append((says is None or says.ask_more is None, -same, ready))
    return tuple(ready for *_, ready in sorted(found, key=lambda one: one[:2]))
