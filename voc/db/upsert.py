"""INSERT that meets an existing row, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from voc.db.base import Base


def _insert(session: Session, model: type[Base]) -> Any:  # the two dialects share no type
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return make(model)


def insert_ignoring(session: Session, model: type[Base]) -> Any:  # as _insert
    """An INSERT for many rows that leaves rows which are already there as they are."""
    return _insert(session, model).on_conflict_do_nothing()


def insert_or_replace(
    session: Session, model: type[Base], keys: Sequence[str], values: Sequence[str]
) -> Any:  # as _insert
    """An INSERT for many rows that, where `keys` are already there, writes the new `values` over the old."""
    statement = _insert(session, model)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)
