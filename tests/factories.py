"""The smallest valid rows with their parents; each flushes, none commits. `session` is open for the system."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import ApiToken, Membership, User
from voc.access.sessions import hashed
from voc.accounts.models import Account, AccountService, Contact, Deputy, Service
from voc.analysis.models import Reading, ReadingTheme, Theme
from voc.core import clock, ids
from voc.core.principal import Role
from voc.core.text import name_key
from voc.db.base import Base
from voc.intake.models import Comment, Raw, Thread
from voc.issues.models import Issue, Match

_numbers = itertools.count(1)
_CLIENTS = {Role.CLIENT_VIEWER, Role.CLIENT_ADMIN}


def _keep(session: Session, row: Any) -> Any:  # each factory says which row it gives
    session.add(row)
    session.flush()
    return row


def _of(model: type[Base], facts: dict[str, Any], wanted: dict[str, Any]) -> Any:  # as _keep
    return model(**(facts | wanted))


def user(
    session: Session, role: Role | None = None, *, account: Account | None = None, **wanted: Any
) -> User:
    """A user; with a client's role also a contact of `account` (a new one when None)."""
    number = next(_numbers)
    email = f"person{number}@example.org"
    facts = {"id": ids.new_id(), "public_id": ids.new_public_id(), "name": f"Person {number}",
             "email_key": email, "password_hash": None, "created_at": clock.now()}  # fmt: skip
    made: User = _keep(session, _of(User, facts, wanted))
    if role in _CLIENTS:
        account = account or globals()["account"](session)
        contact(session, account, user_id=made.id, name=made.name, email=email, email_key=email)
    if role is not None:
        membership(session, made, role, account=account)
    return made


def membership(session: Session, user: User, role: Role, *, account: Account | None = None) -> Membership:
    """A role of `user`, for one account or the whole installation."""
    row = Membership(
        id=ids.new_id(), user_id=user.id, role=role, account_id=account.id if account is not None else None
    )
    made: Membership = _keep(session, row)
    return made


def account(session: Session, *, group: Account | None = None, **wanted: Any) -> Account:
    """A client account: a group, or a site of `group`."""
    number = next(_numbers)
    key = ids.new_id()
    name = wanted.get("name", f"Client {number}")
    facts = {"id": key, "public_id": ids.new_public_id(), "group_id": group.id if group is not None else key,
             "name": name, "name_key": name_key(name), "created_at": clock.now()}  # fmt: skip
    made: Account = _keep(session, _of(Account, facts, wanted))
    return made


def contact(session: Session, account: Account, **wanted: Any) -> Contact:
    """A person of `account`."""
    email = f"contact{next(_numbers)}@example.org"
    facts = {"account_id": account.id, "id": ids.new_id(), "public_id": ids.new_public_id(),
             "name": f"Contact {next(_numbers)}", "email": email, "email_key": email,
             "created_at": clock.now()}  # fmt: skip
    made: Contact = _keep(session, _of(Contact, facts, wanted))
    return made


def deputy(session: Session, account: Account, user: User) -> Deputy:
    """`user` stands in for the owner of `account`."""
    made: Deputy = _keep(session, Deputy(account_id=account.id, user_id=user.id))
    return made


def contact_of(session: Session, user: User) -> tuple[Contact, Account]:
    """The contact that a client's `user` is, and its account."""
    found = session.scalars(select(Contact).where(Contact.user_id == user.id)).one()
    return found, session.get_one(Account, found.account_id)


def service(session: Session, **wanted: Any) -> Service:
    """Something the provider sells."""
    name = wanted.get("name", f"Service {next(_numbers)}")
    facts = {"id": ids.new_id(), "public_id": ids.new_public_id(), "name": name, "name_key": name_key(name)}
    made: Service = _keep(session, _of(Service, facts, wanted))
    return made


def buys(session: Session, account: Account, service: Service, **wanted: Any) -> AccountService:
    """`account` buys `service` since 2025."""
    facts = {"account_id": account.id, "service_id": service.id, "starts_on": date(2025, 1, 1)}
    made: AccountService = _keep(session, _of(AccountService, facts, wanted))
    return made


def thread(session: Session, account: Account, **wanted: Any) -> Thread:
    """A private line of `account`."""
    facts = {"account_id": account.id, "id": ids.new_id(), "public_id": ids.new_public_id(),
             "receipt": ids.new_receipt(), "contact_id": None, "opened_at": clock.now()}  # fmt: skip
    made: Thread = _keep(session, _of(Thread, facts, wanted))
    return made


def comment(
    session: Session, account: Account | None = None, *, thread: Thread | None = None, **wanted: Any
) -> Comment:
    """Something said by `account` (a new one when None), in a thread of its own unless given."""
    account = account or globals()["account"](session)
    line = {name: wanted[name] for name in ("contact_id", "hidden_from_id") if name in wanted}
    thread = thread or globals()["thread"](session, account, **line)
    text = wanted.get("text", f"The invoice {next(_numbers)} came late again.")
    raw = Raw(
        id=ids.new_id(), account_id=account.id, channel="form", dedupe_key=ids.new_token(), body_hash="0" * 32,
        body=text.encode(), content_type="text/plain", received_at=clock.now(),
    )  # fmt: skip
    _keep(session, raw)
    facts = {"account_id": account.id, "id": ids.new_id(), "public_id": ids.new_public_id(),
             "thread_id": thread.id, "raw_id": raw.id, "contact_id": thread.contact_id, "source": "unasked",
             "kind": "comment", "channel": "form", "text": text, "said_at": clock.now(),
             "received_at": clock.now()}  # fmt: skip
    made: Comment = _keep(session, _of(Comment, facts, wanted))
    return made


def theme(session: Session, **wanted: Any) -> Theme:
    """Something a comment can be about."""
    key = f"theme_{next(_numbers)}"
    facts = {"id": ids.new_id(), "public_id": ids.new_public_id(), "key": key, "name": key, "description": "",
             "examples": [], "created_at": clock.now()}  # fmt: skip
    made: Theme = _keep(session, _of(Theme, facts, wanted))
    return made


def reading(session: Session, comment: Comment, *, themes: tuple[Theme, ...] = (), **wanted: Any) -> Reading:
    """What the machine makes of `comment`."""
    facts = {"account_id": comment.account_id, "comment_id": comment.id, "version": "test-1", "language": "en",
             "read_by_machine": True, "unsure": not themes, "signals": {}, "masks": [],
             "read_at": clock.now()}  # fmt: skip
    made: Reading = _keep(session, _of(Reading, facts, wanted))
    for one in themes:
        _keep(session, ReadingTheme(account_id=comment.account_id, comment_id=comment.id, theme_id=one.id,
                                    score=0.9, reason="test"))  # fmt: skip
    return made


def issue(session: Session, **wanted: Any) -> Issue:
    """A concrete problem that recurs."""
    facts = {"id": ids.new_id(), "public_id": ids.new_public_id(), "name": f"Issue {next(_numbers)}", "words": [],
             "rule_version": "test-1", "created_at": clock.now()}  # fmt: skip
    made: Issue = _keep(session, _of(Issue, facts, wanted))
    return made


def match(
    session: Session, comment: Comment | None = None, issue: Issue | None = None, **wanted: Any
) -> Match:
    """`comment` stands in `issue`, put there by machine unless said otherwise."""
    comment = comment or globals()["comment"](session)
    issue = issue or globals()["issue"](session)
    facts = {"account_id": comment.account_id, "comment_id": comment.id, "issue_id": issue.id,
             "state": "machine", "score": 0.8, "reasons": ["same words"], "rule_version": "test-1",
             "at": clock.now()}  # fmt: skip
    made: Match = _keep(session, _of(Match, facts, wanted))
    return made


def api_token(
    session: Session, scope: str = "ingest", *, account: Account | None = None, **wanted: Any
) -> tuple[ApiToken, str]:
    """A program's token and its secret."""
    secret = f"voc_{ids.new_token()}"
    facts = {"id": ids.new_id(), "public_id": ids.new_public_id(), "token_hash": hashed(secret), "name": "test",
             "scope": scope, "account_id": account.id if account is not None else None,
             "created_at": clock.now()}  # fmt: skip
    if "created_by_id" not in wanted:
        facts["created_by_id"] = user(session, Role.ADMIN).id
    made: ApiToken = _keep(session, _of(ApiToken, facts, wanted))
    return made, secret
