"""The provider's client list: groups, sites, services with dates, value, owner, people, usage."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from voc.demo.grammar import chance
from voc.demo.parts import FORCED_SERVICES, KNOWN_CONTACTS, KNOWN_OWNERS, PARTS
from voc.demo.records import Account, Contact, Provider, ServiceUse, Staff, Usage
from voc.demo.scene import domain_of, phone_number
from voc.demo.words import load_cast

INVOICING_GROUPS = 52
_OWNERS = {
    "Hospitals": ("Tomas Reinholt", "Aoife Lindgren"), "Clinics": ("Pieter Maasdam", "Callum Brandt"),
    "Care homes": ("Nadia Ferreira", "Ines Corrigan"), "Laboratories": ("Yusuf Karadal",),
    "Schools": ("Yusuf Karadal", "Ines Corrigan"),
}  # fmt: skip
_PEOPLE = {
    "Hospitals": (3, 5),
    "Clinics": (1, 3),
    "Care homes": (1, 3),
    "Laboratories": (1, 3),
    "Schools": (1, 2),
}


@dataclass(frozen=True, slots=True)
class Book:
    """The client list as one value; `contacts` keeps the order of the accounts."""

    provider: Provider
    staff: tuple[Staff, ...]
    services: tuple[str, ...]
    accounts: tuple[Account, ...]
    contacts: tuple[Contact, ...]

    def groups(self) -> tuple[Account, ...]:
        """The accounts that are counted."""
        return tuple(account for account in self.accounts if account.group is None)

    def sites_of(self, group: str) -> tuple[Account, ...]:
        """The sites of one group, none for most."""
        return tuple(account for account in self.accounts if account.group == group)

    def contacts_of(self, account: str) -> tuple[Contact, ...]:
        """The people known at this group or site itself."""
        return tuple(contact for contact in self.contacts if contact.account == account)


def uses(account: Account, services: Sequence[str], on: date) -> bool:
    """Whether the account buys any of these services on that day."""
    return any(
        use.name in services and use.from_on <= on and (use.to_on is None or on < use.to_on)
        for use in account.services
    )


def write_book(seed: int, today: date, unreachable: frozenset[str]) -> Book:
    """The client list of that day; nobody at an unreachable group has an e-mail."""
    rng = random.Random(f"{seed}-book")
    cast = load_cast()
    staff = tuple(_staff(each, cast["provider"]["domain"]) for each in cast["staff"])
    accounts = tuple(_accounts(cast, staff, today, rng))
    contacts = tuple(_contacts(accounts, cast, unreachable, random.Random(f"{seed}-people")))
    return Book(Provider(**cast["provider"]), staff, tuple(cast["services"]), accounts, contacts)


def address(name: str, domain: str) -> str:
    """The person's address at a reserved domain."""
    return f"{name.lower().replace(' ', '.').replace(chr(39), '')}@{domain}"


def _staff(row: Mapping[str, str], domain: str) -> Staff:
    return Staff(row["name"], address(row["name"], domain), row["role"], row["job"])


def _accounts(
    cast: dict[str, Any],  # Any: nested TOML tables
    staff: Sequence[Staff],
    today: date,
    rng: random.Random,
) -> Iterator[Account]:
    emails = {colleague.name: colleague.email for colleague in staff}
    rows = [(segment, name) for segment in cast["segment"] for name in segment["groups"]]
    invoiced = set(rng.sample([name for _, name in rows], INVOICING_GROUPS))
    for number, (segment, name) in enumerate(rows, 1001):
        services = tuple(_services(segment, name, invoiced, today, rng))
        owner = KNOWN_OWNERS.get(name) or rng.choice(_OWNERS[segment["name"]])
        cents = round(segment["value"] * math.exp(rng.gauss(-0.3, 0.75)) / 100) * 10_000
        import_id = f"C-{number}"
        yield Account(import_id, name, None, segment["name"], services, cents, "EUR", owner, emails[owner])
        for place, site in enumerate(cast["sites"].get(name, ()), 1):
            kept = services if place == 1 else tuple(use for use in services if chance(rng, 0.8))
            site_id = f"{import_id}-{place}"
            yield Account(site_id, site, name, segment["name"], kept, None, "EUR", owner, emails[owner])


def _services(
    segment: dict[str, Any],  # Any: a TOML table
    name: str,
    invoiced: set[str],
    today: date,
    rng: random.Random,
) -> Iterator[ServiceUse]:
    forced = FORCED_SERVICES.get(name, ())
    for service, share in segment["buys"].items():
        bought = chance(rng, share)
        started = _month_start(today - timedelta(days=rng.randrange(240, 2900)))
        ended = chance(rng, 0.05)
        if service in forced or bought:
            to_on = _month_start(today - timedelta(days=rng.randrange(20, 220))) if ended else None
            yield ServiceUse(service, started, None if service in forced else to_on)
    if name in invoiced:
        yield ServiceUse("Invoicing", _month_start(today - timedelta(days=rng.randrange(240, 1900))), None)


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _contacts(
    accounts: Sequence[Account],
    cast: dict[str, Any],  # Any: nested TOML tables
    unreachable: frozenset[str],
    rng: random.Random,
) -> Iterator[Contact]:
    roles = {segment["name"]: segment["roles"] for segment in cast["segment"]}
    taken: set[str] = {name for known in KNOWN_CONTACTS.values() for name, _, _ in known}
    for account in accounts:
        known = KNOWN_CONTACTS.get(account.name, ())
        for name, role, phone in known:
            yield Contact(account.name, name, role, _mail(name, account), phone)
        low, high = _PEOPLE[account.segment] if account.group is None else (1, 1)
        free = [role for role in roles[account.segment] if role not in {role for _, role, _ in known}]
        for role in rng.sample(free, max(0, rng.randint(low, high) - len(known))):
            name = _new_name(cast["names"], taken, rng)
            silent = (account.group or account.name) in unreachable or (account.group and chance(rng, 0.05))
            phone = phone_number(rng) if rng.random() < (0.8 if silent else 0.65) else None
            yield Contact(account.name, name, role, None if silent else _mail(name, account), phone)


def _mail(name: str, account: Account) -> str:
    return address(name, domain_of(account.group or account.name))


def _new_name(names: Mapping[str, Sequence[str]], taken: set[str], rng: random.Random) -> str:
    while True:
        name = f"{rng.choice(names['given'])} {rng.choice(names['family'])}"
        if name not in taken:
            taken.add(name)
            return name


def read_usage(book: Book, seed: int, today: date) -> tuple[Usage, ...]:
    """26 weekly readings of each service that a group buys, the last for the last full week."""
    rng = random.Random(f"{seed}-usage")
    units: dict[str, str] = load_cast()["services"]
    last = today - timedelta(days=today.weekday() + 7)
    return tuple(
        reading
        for account in book.groups()
        for use in account.services
        for reading in _readings(account, use, last, units[use.name], rng)
    )


def _readings(
    account: Account, use: ServiceUse, last: date, unit: str, rng: random.Random
) -> Iterator[Usage]:
    level = max(
        12.0, (account.yearly_value_cents or 0) / 100 / 2600 / len(account.services) * rng.uniform(0.6, 1.6)
    )
    for week in range(26):
        week_on = last - timedelta(weeks=25 - week)
        if use.from_on <= week_on and (use.to_on is None or week_on < use.to_on):
            trend = _trend(account.name, use.name, week)
            yield Usage(
                account.name, use.name, week_on, max(0, round(level * trend * rng.gauss(1, 0.05))), unit
            )


def _trend(group: str, service: str, week: int) -> float:
    if group == PARTS["usage_up"] and service == "Sterile supply":
        return 1 + 0.36 * min(1.0, max(0.0, (week - 8) / 8))
    if group == PARTS["usage_down"] and service == "Catering":
        return 1 - 0.4 * min(1.0, max(0.0, (week - 14) / 6))
    return 1.0
