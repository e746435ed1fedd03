"""Reads the client list for pages: frozen rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.models import Account, AccountService, Contact, Service, UsageReading
from voc.accounts.rules import SINCE_ALWAYS
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.text import name_key
from voc.db.scope import principal_of

WHICH = ("all", "never", "nobody", "unlisted", "left")
SORTS = ("name", "segment", "last", "value")


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How the client list stands, in groups that are clients today."""

    groups: int
    never_said: int
    unreachable: int
    unlisted: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the client list, in which order. Empty strings do not narrow."""

    which: str = "all"
    segment: str = ""
    service: str = ""
    owner: str = ""
    words: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class ListedClient:
    """One line of the client list."""

    public_id: str
    name: str
    segment: str | None
    yearly_value_cents: int | None
    owner: str | None
    last_said_at: datetime | None
    is_listed: bool
    sites: int
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a list can be narrowed to."""

    key: str
    words: str


def counts(session: Session, on: date | None = None) -> ListCounts:
    """The four figures above the client list; an asker with assigned clients gets those of their own."""
    day = on or clock.now().date()
    row = session.execute(
        select(
            func.count(),
            func.count().filter(_NEVER),
            func.count().filter(~_reachable()),
            func.count().filter(~Account.is_listed),
        ).where(*_open(session), _is_active(day))
    ).one()
    return ListCounts(*row)


_NEVER = Account.first_said_at.is_(None)


def _open(session: Session) -> tuple[ColumnElement[bool], ...]:
    """Groups, or for an asker with assigned clients, each of those."""
    mine = principal_of(session).account_ids
    return (Account.id == Account.group_id,) if mine is None else (Account.id.in_(sorted(mine)),)


def _is_active(day: date) -> ColumnElement[bool]:
    return or_(Account.left_on.is_(None), Account.left_on > day)


def _reachable() -> ColumnElement[bool]:
    """Whether the client, or one of its sites, has a person with an e-mail address."""
    site = aliased(Account)
    return exists(
        select(Contact.id)
        .join(site, site.id == Contact.account_id)
        .where(or_(site.id == Account.id, site.group_id == Account.id), Contact.email_key.is_not(None))
        .correlate(Account)
    )


def _narrowed(query: Select[Any], wanted: Wanted, day: date) -> Select[Any]:  # columns differ
    marks = {"never": _NEVER, "nobody": ~_reachable(), "unlisted": ~Account.is_listed}
    if wanted.which in marks:
        query = query.where(marks[wanted.which])
    query = query.where(~_is_active(day) if wanted.which == "left" else _is_active(day))
    if wanted.segment:
        query = query.where(Account.segment == wanted.segment)
    if wanted.owner:
        query = query.where(Account.owner_id.in_(select(User.id).where(User.public_id == wanted.owner)))
    if wanted.service:
        query = query.where(_buys(wanted.service, day))
    if wanted.words.strip():
        query = query.where(_named(wanted.words))
    return query


def _buys(service: str, day: date) -> ColumnElement[bool]:
    site = aliased(Account)
    return exists(
        select(AccountService.account_id)
        .join(Service, Service.id == AccountService.service_id)
        .join(site, site.id == AccountService.account_id)
        .where(or_(site.id == Account.id, site.group_id == Account.id), Service.public_id == service)
        .where(
            AccountService.starts_on <= day,
            or_(AccountService.ends_on.is_(None), AccountService.ends_on > day),
        )
        .correlate(Account)
    )


def _named(words: str) -> ColumnElement[bool]:
    site = aliased(Account)
    key = name_key(words)[:200]
    return exists(
        select(site.id)
        .where(or_(site.id == Account.id, site.group_id == Account.id))
        .where(or_(site.name_key.contains(key, autoescape=True), site.import_id == words.strip()))
        .correlate(Account)
    )


def list_clients(
    session: Session, wanted: Wanted, *, limit: int, offset: int = 0, on: date | None = None
) -> tuple[Sequence[ListedClient], int]:
    """One page of the client list and how many there are in all."""
    day = on or clock.now().date()
    owner, site = aliased(User), aliased(Account)
    sites = select(func.count()).where(site.group_id == Account.id, site.id != Account.id).correlate(Account)
    orders = {
        "name": (Account.name_key,),
        "segment": (Account.segment.is_(None), Account.segment, Account.name_key),
        "last": (Account.last_said_at.is_not(None), Account.last_said_at, Account.name_key),
        "value": (Account.yearly_value_cents.is_(None), Account.yearly_value_cents.desc(), Account.name_key),
    }
    base = _narrowed(select(func.count()).select_from(Account), wanted, day).where(*_open(session))
    columns = select(
        Account.public_id, Account.name, Account.segment, Account.yearly_value_cents, owner.name,
        Account.last_said_at, Account.is_listed, sites.scalar_subquery(), _reachable(),
    ).outerjoin(owner, owner.id == Account.owner_id)  # fmt: skip
    rows = session.execute(
        _narrowed(columns, wanted, day)
        .where(*_open(session))
        .order_by(*orders[wanted.sort])
        .limit(limit)
        .offset(offset)
    )
    return tuple(ListedClient(*row) for row in rows), session.scalar(base) or 0


def segments(session: Session) -> tuple[Choice, ...]:
    """The segments on the list."""
    found = session.scalars(
        select(Account.segment)
        .where(Account.segment.is_not(None), *_open(session))
        .distinct()
        .order_by(Account.segment)
    )
    return tuple(Choice(str(name), str(name)) for name in found)


def services(session: Session) -> tuple[Choice, ...]:
    """What we sell, by name."""
    rows = session.execute(select(Service.public_id, Service.name).order_by(Service.name_key))
    return tuple(Choice(*row) for row in rows)


def owners(session: Session) -> tuple[Choice, ...]:
    """Our people who look after a client."""
    looking = select(Account.owner_id).where(*_open(session), Account.owner_id.is_not(None))
    rows = session.execute(select(User.public_id, User.name).where(User.id.in_(looking)).order_by(User.name))
    return tuple(Choice(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Person:
    """One contact of a client."""

    name: str
    role: str | None
    email: str | None
    phone: str | None
    may_be_asked: bool
    site: str | None


@dataclass(frozen=True, slots=True)
class BoughtService:
    """A service and when it is bought; `starts_on` None: we do not know since when. `ends_on` is the first day without."""

    name: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class UsedService:
    """How much of a service was used, week by week, oldest first."""

    name: str
    weeks: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Client:
    """One client as its page shows it. `group` is set on a site's page."""

    public_id: str
    name: str
    import_id: str | None
    segment: str | None
    yearly_value_cents: int | None
    is_listed: bool
    joined_on: date | None
    left_on: date | None
    first_said_at: datetime | None
    last_said_at: datetime | None
    owner: str | None
    owner_email: str | None
    owner_phone: str | None
    group: Choice | None
    sites: tuple[Choice, ...]
    people: tuple[Person, ...]
    services: tuple[BoughtService, ...]
    usage: tuple[UsedService, ...]


def client_page(session: Session, public_id: str) -> Client:
    """One client with its sites, people, services and usage; NotFound when absent or not the asker's."""
    account = _find(session, public_id)
    members = list(
        session.scalars(
            select(Account.id).where(or_(Account.id == account.id, Account.group_id == account.id))
        )
    )
    owner = session.get(User, account.owner_id) if account.owner_id else None
    return Client(
        public_id=account.public_id, name=account.name, import_id=account.import_id, segment=account.segment,
        yearly_value_cents=account.yearly_value_cents, is_listed=account.is_listed, joined_on=account.joined_on,
        left_on=account.left_on, first_said_at=account.first_said_at, last_said_at=account.last_said_at,
        owner=owner.name if owner else None, owner_email=owner.email_key if owner else None,
        owner_phone=owner.phone if owner else None, group=_group(session, account), sites=_sites(session, account),
        people=_people(session, account, members), services=_services(session, members), usage=_usage(session, members),
    )  # fmt: skip


def _find(session: Session, public_id: str) -> Account:
    account = session.scalar(select(Account).where(Account.public_id == public_id))
    mine = principal_of(session).account_ids
    if account is None or (mine is not None and account.id not in mine):
        raise NotFound
    return account


def _group(session: Session, account: Account) -> Choice | None:
    if account.group_id == account.id:
        return None
    row = session.execute(select(Account.public_id, Account.name).where(Account.id == account.group_id)).one()
    return Choice(*row)


def _sites(session: Session, account: Account) -> tuple[Choice, ...]:
    rows = session.execute(
        select(Account.public_id, Account.name)
        .where(and_(Account.group_id == account.id, Account.id != account.id))
        .order_by(Account.name_key)
    )
    return tuple(Choice(*row) for row in rows)


def _people(session: Session, account: Account, members: Sequence[int]) -> tuple[Person, ...]:
    rows = session.execute(
        select(Contact, Account.name)
        .join(Account, Account.id == Contact.account_id)
        .where(Contact.account_id.in_(members))
        .order_by(Contact.account_id != account.id, Account.name_key, Contact.name)
    )
    return tuple(
        Person(
            one.name,
            one.role,
            one.email,
            one.phone,
            one.may_be_asked,
            None if one.account_id == account.id else site,
        )
        for one, site in rows
    )


def _services(session: Session, members: Sequence[int]) -> tuple[BoughtService, ...]:
    rows = session.execute(
        select(Service.name, AccountService.starts_on, AccountService.ends_on)
        .join(Service, Service.id == AccountService.service_id)
        .where(AccountService.account_id.in_(members))
        .distinct()
        .order_by(Service.name, AccountService.starts_on)
    )
    return tuple(
        BoughtService(name, None if start == SINCE_ALWAYS else start, end) for name, start, end in rows
    )


def _usage(session: Session, members: Sequence[int]) -> tuple[UsedService, ...]:
    rows = session.execute(
        select(Service.name, UsageReading.week_on, func.sum(UsageReading.amount))
        .join(Service, Service.id == UsageReading.service_id)
        .where(UsageReading.account_id.in_(members))
        .group_by(Service.name, UsageReading.week_on)
        .order_by(Service.name, UsageReading.week_on)
    )
    found: dict[str, list[tuple[date, float]]] = {}
    for name, week, amount in rows:
        found.setdefault(name, []).append((week, amount))
    return tuple(UsedService(name, tuple(weeks[-26:])) for name, weeks in found.items())
