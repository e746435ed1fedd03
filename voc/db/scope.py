"""The one door to queries: every session knows who asks, and every ORM statement is narrowed to what is theirs.

Later code cannot forget it: the criteria are added to each SELECT, UPDATE and DELETE, joins and
subqueries included, and a statement that the door cannot narrow is refused to whoever is not
allowed to see everything.
"""

from sqlalchemy import or_
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from voc.core.principal import Principal, Role
from voc.db.base import AccountItself, AccountOwned, HiddenFrom, SaidBy

_KEY = "principal"


class Closed(RuntimeError):
    """A query came from a session that nobody opened for anyone, or past the door."""


def principal_of(session: Session) -> Principal:
    """Who this session reads for."""
    principal = session.info.get(_KEY)
    if not isinstance(principal, Principal):
        raise Closed("this session was opened for nobody; open it with Database.reading or .writing")
    return principal


def open_for(session: Session, principal: Principal) -> None:
    """Says who this session reads for from now on."""
    session.info[_KEY] = principal


def narrow(state: ORMExecuteState) -> None:
    """Adds to one ORM statement what its principal may see (SQLAlchemy's `do_orm_execute`)."""
    principal = principal_of(state.session)
    if not state.is_orm_statement:
        if principal.account_ids is not None:
            raise Closed("only ORM statements can be narrowed to an account; select mapped classes")
        return
    if state.is_column_load or state.is_relationship_load:
        return
    if principal.account_ids is not None:
        _narrow_accounts(state, principal)
    if principal.user_id is not None:
        user_id = principal.user_id
        state.statement = state.statement.options(
            with_loader_criteria(
                HiddenFrom,
                lambda cls: or_(cls.hidden_from_id.is_(None), cls.hidden_from_id != user_id),
                include_aliases=True,
            )
        )
    if principal.is_staff and Role.LEAD not in principal.roles:
        # Nobody could tell yet which colleague is meant; any of them may be the one.
        state.statement = state.statement.options(
            with_loader_criteria(HiddenFrom, lambda cls: cls.hidden_name.is_(None), include_aliases=True)
        )


def _narrow_accounts(state: ORMExecuteState, principal: Principal) -> None:
    # An empty list matches nothing. The lambdas hold no condition: SQLAlchemy runs each once and
    # afterwards only puts in the new values.
    accounts = sorted(principal.account_ids or ())
    options = [
        with_loader_criteria(AccountOwned, lambda cls: cls.account_id.in_(accounts), include_aliases=True),
        with_loader_criteria(AccountItself, lambda cls: cls.id.in_(accounts), include_aliases=True),
    ]
    if principal.own_threads_only:
        contacts = sorted(principal.contact_ids)
        options.append(
            with_loader_criteria(SaidBy, lambda cls: cls.contact_id.in_(contacts), include_aliases=True)
        )
    state.statement = state.statement.options(*options)
