"""What stands in for a rule's placeholders, for tests that ask every rule of the app.

A stage with a placeholder of its own adds one line to `STANDING_IN`.
"""

from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

ABSENT = "a" * 26

# placeholder -> (session, kind) -> value; kind is own, other, absent or erased
STANDING_IN: dict[str, Callable[[Session, str], object]] = {
    "token": lambda _session, _kind: "t" * 43,
    "filename": lambda _session, kind: "app.css" if kind == "own" else "nothing.css",
    "public_id": lambda _session, _kind: ABSENT,
}


def fill(app: Flask, rule: Rule, session: Session, kind: str) -> str:
    """The path of `rule` for an object of that kind."""
    values = {name: STANDING_IN[name](session, kind) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)
