"""INSERTs of many rows, the same on SQLite and PostgreSQL, past the ORM: it costs four to eight times as much.

Inserting shows nobody anything, so these need no narrowing by the door.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    CursorResult,
    String,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from voc.db.base import Base

Row = dict[str, Any]  # column name to value


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows; IntegrityError when one is there already."""
    _execute(session, _insert(session, model), rows)


def insert_ignoring(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows and leaves those that are already there as they are."""
    _execute(session, _insert(session, model).on_conflict_do_nothing(), rows)


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Row], *, key: str
) -> set[Any]:  # as the column
    """Adds rows and leaves those that are already there; gives the `key` of each row that was added.

    Where two transactions add the same row at once, the second waits for the first and adds nothing.
    """
    statement = _insert(session, model).on_conflict_do_nothing()
    added = _execute(session, statement, rows, returning=_table(model).c[key])
    return set(added.scalars()) if added is not None else set()


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
    return (postgresql.insert if _is_postgres(session) else sqlite.insert)(_table(model))


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _execute(
    session: Session, statement: Any, rows: Sequence[Row], *, returning: Column[Any] | None = None
) -> CursorResult[Any] | None:  # an INSERT of either dialect
    if not rows:
        return None
    session.flush()
    values: Any = list(rows)
    if len(rows) > 1 and _is_postgres(session):
        statement, values = _in_arrays(statement, rows)
    if returning is not None:
        statement = statement.returning(returning)
    return session.connection().execute(statement, values)


def _in_arrays(statement: Any, rows: Sequence[Row]) -> tuple[Any, Row]:  # as above
    """One statement that takes each column as one array: row by row PostgreSQL needs several times as long."""
    columns = [statement.table.c[name] for name in rows[0]]
    source = select(*(_unnested(column) for column in columns))
    values = {f"all_{column.name}": _listed(column, rows) for column in columns}
    return statement.from_select([column.name for column in columns], source), values


def _unnested(column: Column[Any]) -> ColumnElement[Any]:  # any type of column
    name = f"all_{column.name}"
    if _is_json(column):
        each = func.jsonb_array_elements(cast(bindparam(name, type_=Text()), postgresql.JSONB))
        return func.nullif(each, cast(literal("null", Text()), postgresql.JSONB), type_=postgresql.JSONB())
    if _is_text(column):
        return func.jsonb_array_elements_text(cast(bindparam(name, type_=Text()), postgresql.JSONB))
    return func.unnest(bindparam(name, type_=ARRAY(column.type)))


def _listed(column: Column[Any], rows: Sequence[Row]) -> list[Any] | str:  # as above
    """Words go as one JSON list: the driver looks at each letter of a text in an array."""
    values = [row[column.name] for row in rows]
    return json.dumps(values) if _is_json(column) or _is_text(column) else values


def _is_text(column: Column[Any]) -> bool:
    return type(column.type) in {String, Text}


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)
