"""Chooses whom a question goes to: one person of each client, shown and explained before anything leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.book import Book, Group, open_book
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell
from voc.breadth.rules import CellState
from voc.checks import drafting, people, rules, telling
from voc.checks.everyone import for_everyone
from voc.checks.models import Ask, Check
from voc.checks.rules import Choice
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.policy import DEFAULT
from voc.issues.queries import merged_into, services_of
from voc.issues.rules import root_of

_TOO_FEW = "so few are asked that a mail could tell whom it is about, so a call"
_KNOWN = {
    CellState.HAS_PROBLEM: "told us already",
    CellState.HAS_MANAGES: "told us already",
    CellState.HAS_NOT: "answered lately that they do not have it",
    CellState.SOLVED: "told us that it is solved for them",
    CellState.WAITING: "are being asked already",
    CellState.PREFERS_NOT: "prefer not to be asked",
    CellState.NOT_APPLICABLE: "do not use this",
}


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else of the same client who could be asked instead."""

    contact_public_id: str
    name: str
    role: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Invited:
    """One person of one client who would be asked; `why` explains the choice, `how` is mail or call."""

    account_public_id: str  # the client as it is counted
    account: str
    contact_public_id: str
    contact: str
    role: str | None
    why: str
    how: str
    others: tuple[Other, ...]
    group_id: int
    account_id: int  # the site or group where the person is
    contact_id: int
    email: str | None
    owner_id: int | None
    is_chosen: bool  # a lead chose this person
    asked_before: int = 0  # questions this person had in this round already


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Clients who are not asked, and why."""

    reason: str
    clients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone a question would go to now, and who not; `refusals` are why it cannot be sent at all."""

    rows: tuple[Invited, ...]
    by_mail: int
    by_call: int
    left_out: tuple[LeftOut, ...]
    too_few: bool
    refusals: tuple[str, ...]


def audience(session: Session, check: Check, *, zone: str = "UTC") -> Audience:
    """Whom `check` would go to if it were sent now."""
    with for_everyone(session):
        return _audience(session, check, zone)


def _audience(session: Session, check: Check, zone: str) -> Audience:
    today = clock.today(zone)
    rows, left_out = _choose(session, check, today)
    by_mail = sum(one.how == "mail" for one in rows)
    too_few = 0 < by_mail < DEFAULT.least_asked_groups
    if too_few:
        rows = tuple(_called(one) for one in rows)
        by_mail = 0
    facts = telling.facts_of(
        session, check, zone=zone, by_mail=by_mail, by_call=len(rows) - by_mail,
        wording=len(drafting.problems(session, check, zone=zone)),
    )  # fmt: skip
    refused = rules.refusals(facts, today)
    if by_mail:
        refused += telling.house_refusals(session)
    return Audience(rows, by_mail, len(rows) - by_mail, left_out, too_few, refused)


def refusals(session: Session, check: Check, *, zone: str = "UTC") -> tuple[str, ...]:
    """Why this question cannot be sent now, in sentences; empty when it can."""
    return audience(session, check, zone=zone).refusals


def next_best(session: Session, check: Check, group_id: int, *, zone: str = "UTC") -> Invited | None:
    """Who else of one client could be asked, those apart who stand in this question already; None: nobody."""
    found = _of_group(session, check, group_id, clock.today(zone))
    return found[0] if found else None


def choose_person(session: Session, check: Check, account_public_id: str, contact_public_id: str) -> Ask:
    """A lead asks this person of the client instead of the one we would have chosen."""
    group = _group(session, check, account_public_id)
    contact = _contact(session, group, contact_public_id)
    return _keep(session, check, group, contact, "planned", "chosen by one of us")


def leave_out(session: Session, check: Check, account_public_id: str, reason: str) -> Ask:
    """A lead does not ask this client; the reason stands beside it."""
    words = " ".join(reason.split())
    if not words:
        raise Invalid("Say why this client is not asked.", fields={"reason": "Say why in a few words."})
    group = _group(session, check, account_public_id)
    contact = session.scalar(
        select(Contact).where(Contact.account_id.in_(group.members)).order_by(Contact.id).limit(1)
    )
    if contact is None:
        raise Conflict("We know nobody there, so this client is not asked anyway.")
    return _keep(session, check, group, contact, "left_out", words[:200])


def take_back_in(session: Session, check: Check, account_public_id: str) -> None:
    """Forgets what a lead changed for this client: we choose again."""
    _still_open(check)
    group = _group(session, check, account_public_id)
    for row in _kept(session, check, group.id):
        session.delete(row)
    session.flush()


def _choose(session: Session, check: Check, today: date) -> tuple[tuple[Invited, ...], tuple[LeftOut, ...]]:
    book = open_book(session, today)
    issue = root_of(check.issue_id, merged_into(session))
    applies = book.to_whom(services_of(session, [issue]).get(issue, frozenset()))
    reasons = _known(session, issue, applies)
    loud = telling.loud_groups(session, issue, book)
    reasons |= {
        group: "told us already, and asked for someone senior"
        for group in loud
        if group in applies and group not in reasons
    }
    kept = {row.group_id: row for row in session.scalars(select(Ask).where(Ask.check_id == check.id))}
    reasons |= {group: row.why or "left out" for group, row in kept.items() if row.state == "left_out"}
    free = [group for key, group in applies.items() if key not in reasons]
    fits, nobody = _fits(session, check, free, today)
    reasons |= nobody
    if check.reach == "dozen":
        drawn = rules.draw(fits, check.id, number=DEFAULT.dozen, never=loud)
        reasons |= {group: "not drawn for the random dozen" for group in fits if group not in drawn}
        fits = {group: fits[group] for group in drawn}
    chosen = {row.group_id: row.contact_id for row in kept.values() if row.state == "planned"}
    rows = [_invited(book.groups[group], found, chosen.get(group)) for group, found in fits.items()]
    rows.sort(key=lambda one: (one.how != "mail", one.account.casefold()))
    return tuple(rows), _left_out(reasons, book)


def _known(session: Session, issue: int, applies: Mapping[int, Group]) -> dict[int, str]:
    """The groups we need not ask, by what their cell says; what only our staff saw is asked."""
    rows = session.execute(select(Cell.account_id, Cell.state, Cell.reach).where(Cell.issue_id == issue))
    return {
        group: _KNOWN[CellState(state)]
        for group, state, reach in rows
        if group in applies and CellState(state) in _KNOWN and reach != "seen"
    }


def _fits(
    session: Session, check: Check, free: Sequence[Group], today: date
) -> tuple[dict[int, tuple[Choice, ...]], dict[int, str]]:
    """The choices of each group, best first, and why the others have none."""
    found = people.people_of(session, [member for group in free for member in group.members], today)
    roots = telling.roots(session, check)
    fits: dict[int, tuple[Choice, ...]] = {}
    nobody: dict[int, str] = {}
    for group in free:
        known = [one for member in group.members for one in found.get(member, ())]
        choices = rules.choices(known, roots, today)
        if choices:
            fits[group.id] = choices
        else:
            why = next((why for one in known if (why := rules.refusal(one, today))), None)
            nobody[group.id] = f"the person we know {why}" if why else "we know nobody there"
    return fits, nobody


def _invited(group: Group, choices: Sequence[Choice], chosen: int | None) -> Invited:
    first = next((one for one in choices if one.person.id == chosen), choices[0])
    is_chosen = first.person.id == chosen
    return Invited(
        account_public_id=group.public_id, account=group.name, contact_public_id=first.person.public_id,
        contact=first.person.name, role=first.person.role,
        why=f"chosen by one of us; {first.why}" if is_chosen else first.why, how=first.how,
        others=tuple(
            Other(one.person.public_id, one.person.name, one.person.role, one.how)
            for one in choices
            if one is not first
        ),
        group_id=group.id, account_id=first.person.account_id, contact_id=first.person.id,
        email=first.person.email, owner_id=group.owner_id, is_chosen=is_chosen,
        asked_before=first.person.asked_this_round,
    )  # fmt: skip


def _called(one: Invited) -> Invited:
    return replace(one, how="call", why=f"{one.why}; {_TOO_FEW}" if one.how == "mail" else one.why)


def _left_out(reasons: Mapping[int, str], book: Book) -> tuple[LeftOut, ...]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for group, reason in reasons.items():
        by_reason[reason].append(book.groups[group].name)
    return tuple(
        LeftOut(reason, tuple(sorted(names, key=str.casefold)))
        for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    )


def _of_group(session: Session, check: Check, group_id: int, today: date) -> list[Invited]:
    book = open_book(session, today)
    group = book.groups.get(group_id)
    if group is None:
        return []
    asked = {row.contact_id for row in _kept(session, check, group_id)}
    fits, _ = _fits(session, check, [group], today)
    choices = [one for one in fits.get(group_id, ()) if one.person.id not in asked]
    return [_invited(group, choices, None)] if choices else []


def _kept(session: Session, check: Check, group_id: int) -> list[Ask]:
    return list(session.scalars(select(Ask).where(Ask.check_id == check.id, Ask.group_id == group_id)))


def _group(session: Session, check: Check, account_public_id: str) -> Group:
    account = session.scalar(select(Account).where(Account.public_id == account_public_id))
    book = open_book(session, check.since_on) if account is None else open_book(session, clock.now().date())
    group = book.groups.get(book.group_of.get(account.id, 0)) if account else None
    if group is None:
        raise NotFound
    return group


def _contact(session: Session, group: Group, public_id: str) -> Contact:
    contact = session.scalar(select(Contact).where(Contact.public_id == public_id))
    if contact is None or contact.account_id not in group.members:
        raise NotFound
    return contact


def _keep(session: Session, check: Check, group: Group, contact: Contact, state: str, why: str) -> Ask:
    _still_open(check)
    for row in _kept(session, check, group.id):
        session.delete(row)
    session.flush()
    ask = Ask(
        account_id=contact.account_id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
        group_id=group.id, contact_id=contact.id, how="mail" if contact.email else "call", no_first=False,
        state=state, why=why,
    )  # fmt: skip
    session.add(ask)
    session.flush()
    return ask


def _still_open(check: Check) -> None:
    if check.state != "draft":
        raise Conflict("This question is on its way. Stop it first, then change whom it goes to.")
