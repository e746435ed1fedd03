"""INSERTs of many rows, the same on SQLite and PostgreSQL, past the ORM: it costs four to eight times as much.

Inserting shows nobody anything, so these need no narrowing by the door.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from voc.db.base import Base

Row = dict[str, Any]  # column name to value


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows; IntegrityError when one is there already."""
    _execute(session, _table(model).insert(), rows)


def insert_ignoring(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows and leaves those that are already there as they are."""
    _execute(session, _insert(session, model).on_conflict_do_nothing(), rows)


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Row], *, key: str
) -> set[Any]:  # as the column
    """Adds rows and leaves those that are already there; gives the `key` of each row that was added.

    Where two transactions add the same row at once, the second waits for the first and adds nothing.
    """
    if not rows:
        return set()
    statement = _insert(session, model).on_conflict_do_nothing().returning(_table(model).c[key])
    session.flush()
    return set(session.connection().execute(statement, list(rows)).scalars())


def insert_or_replace(
    session: Session, model: type[Base], rows: Sequence[Row], *, keys: Sequence[str], values: Sequence[str]
) -> None:
    """Adds rows; where `keys` are already there, writes the new `values` over the old."""
    statement = _insert(session, model)
    new = {name: statement.excluded[name] for name in values}
    _execute(session, statement.on_conflict_do_update(index_elements=list(keys), set_=new), rows)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours maps one table
    return table


def _insert(session: Session, model: type[Base]) -> Any:  # the two dialects share no type
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return make(_table(model))


def _execute(session: Session, statement: Any, rows: Sequence[Row]) -> None:  # an INSERT of either dialect
    if rows:
        session.flush()
        session.connection().execute(statement, list(rows))
