"""Rows by many keys at once, as one parameter: thousands of bound values cost more than the rows they ask for."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, String, bindparam, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

Whole = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def among(session: Session, columns: Sequence[Whole], keys: Sequence[Sequence[int]]) -> ColumnElement[bool]:
    """Whether `columns`, whole numbers, are one of `keys`; each key has a value for each column, in order.

    Says what `tuple_(*columns).in_(keys)` says, for any number of keys, by an index where there is one.
    """
    asked = _in_arrays if session.get_bind().dialect.name == "postgresql" else _in_json
    return tuple_(*columns).in_(asked(len(columns), keys))


def _in_json(width: int, keys: Sequence[Sequence[int]]) -> Any:  # a SELECT of `width` columns
    given = bindparam("among", json.dumps([list(key) for key in keys]), type_=String(), unique=True)
    rows = func.json_each(given).table_valued("value")
    return select(*(func.json_extract(rows.c.value, f"$[{place}]") for place in range(width)))


def _in_arrays(width: int, keys: Sequence[Sequence[int]]) -> Any:  # as above
    given = [
        bindparam("among", [key[place] for key in keys], type_=ARRAY(BigInteger()), unique=True)
        for place in range(width)
    ]
    names = [f"key_{place}" for place in range(width)]
    return select(func.unnest(*given).table_valued(*names).render_derived())
