"""Who of our people may answer for a decision, a promise or a visit, and the clients and issues to choose from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.accounts.models import Account, Service
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.issues.models import Issue

_OURS = (Role.AGENT, Role.LEAD, Role.EXECUTIVE)
Choices = tuple[tuple[str, str], ...]


def colleagues(session: Session) -> Choices:
    """(public id, name) of each of our people who can answer for something."""
    rows = session.execute(
        select(User.public_id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role.in_(_OURS), User.is_active)
        .distinct()
        .order_by(User.name)
    )
    return tuple((key, name) for key, name in rows)


def public_id_of(session: Session, principal: Principal) -> str:
    """The asker's own public id, to be chosen first; empty for whoever is no person."""
    if principal.user_id is None:
        return ""
    return session.scalar(select(User.public_id).where(User.id == principal.user_id)) or ""


def find_colleague(session: Session, public_id: str, field: str) -> User:
    """The colleague of this public id; Invalid naming `field` when it is none of ours."""
    found = session.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(User.public_id == public_id, Membership.role.in_(_OURS), User.is_active)
    )
    if found is None:
        words = "Choose one of our people: a decision without a name is nobody's."
        raise Invalid(words, fields={field: words})
    return found


def issue_choices(session: Session) -> Choices:
    """(public id, name) of each issue that was not merged away."""
    rows = session.execute(
        select(Issue.public_id, Issue.name).where(Issue.merged_into_id.is_(None)).order_by(Issue.name)
    )
    return tuple((key, name) for key, name in rows)


def service_choices(session: Session) -> Choices:
    """(public id, name) of each service."""
    rows = session.execute(select(Service.public_id, Service.name).order_by(Service.name_key))
    return tuple((key, name) for key, name in rows)


def client_names(session: Session) -> Choices:
    """(public id, name) of each client, sites among them."""
    rows = session.execute(select(Account.public_id, Account.name).order_by(Account.name_key))
    return tuple((key, name) for key, name in rows)


def find_service(session: Session, public_id: str) -> Service | None:
    """The service of this public id, None for an empty one; Invalid when there is none."""
    if not public_id:
        return None
    found = session.scalar(select(Service).where(Service.public_id == public_id))
    if found is None:
        raise Invalid("Choose a service from the list.", fields={"service": "Choose one of the list."})
    return found


def find_issue_or_none(session: Session, public_id: str) -> Issue | None:
    """The issue of this public id, None for an empty one; Invalid when there is none."""
    if not public_id:
        return None
    found = session.scalar(select(Issue).where(Issue.public_id == public_id))
    if found is None:
        raise Invalid("Choose an issue from the list.", fields={"issue": "Choose one of the list."})
    return found
