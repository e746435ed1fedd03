"""Two clients who must never learn of each other, each with its own mark in every field that holds words."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories
from voc.accounts.models import Account, Contact
from voc.core import ids
from voc.core.principal import Role
from voc.intake.models import Comment, Thread

ABSENT = "a" * 26


@dataclass(frozen=True)
class Side:
    """One client, what it said, and the mark that all its words carry."""

    mark: str
    account: Account
    contact: Contact
    thread: Thread
    comment: Comment


@dataclass(frozen=True)
class World:
    """`mine` is open to the askers of a test, `other` is not; both stand in one issue under one theme."""

    mine: Side
    other: Side
    issue: str
    theme: str


def make_world(session: Session) -> World:
    """Both sides, matched to one issue and read under one theme."""
    theme, issue = factories.theme(session), factories.issue(session)
    owner = factories.user(session, Role.LEAD)
    sides = [_side(session, owner.id) for _ in range(2)]
    for side in sides:
        factories.reading(session, side.comment, themes=(theme,))
        factories.match(session, side.comment, issue, state="confirmed")
    return World(sides[0], sides[1], issue.public_id, theme.public_id)


def _side(session: Session, owner_id: int) -> Side:
    mark = f"mark{ids.new_public_id()[:12]}"
    account = factories.account(
        session, name=f"Client {mark}", import_id=mark, segment=f"Segment {mark}", owner_id=owner_id
    )
    contact = factories.contact(
        session, account, name=f"Person {mark}", email=f"{mark}@example.org", email_key=f"{mark}@example.org",
        phone=f"+31 {mark}", role=f"Role {mark}",
    )  # fmt: skip
    thread = factories.thread(session, account, contact_id=contact.id)
    comment = factories.comment(
        session, account, thread=thread, text=f"Words of {mark} about the invoice.", touches=f"Touches {mark}",
        would_solve=f"Solves {mark}", sender_name=f"Sender {mark}", wants_senior=True,
    )  # fmt: skip
    return Side(mark, account, contact, thread, comment)


def fill(app: Flask, rule: Rule, world: World, kind: str) -> str:
    """The path of `rule` for an object that is own, other, absent or erased."""
    side = {"own": world.mine, "other": world.other}.get(kind)
    values = {name: _choice(rule, name) or _stand_in(rule.rule, name, side, world) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def _choice(rule: Rule, name: str) -> str:
    """The first of a part that may only be one of a few words; empty for any other part."""
    return min(getattr(rule._converters[name], "items", ("",)))


def names_a_clients_thing(rule: Rule) -> bool:
    """Whether the rule's path names something that belongs to one client."""
    starts = ("/clients/", "/points/", "/comments/", "/came-in/", "/questions/", "/calls/", "/answers/")
    return "account" in rule.arguments or (rule.rule.startswith(starts) and "public_id" in rule.arguments)


def _stand_in(path: str, name: str, side: "Side | None", world: World) -> str:
    if name in {"token", "filename", "became"}:
        return {"token": "t" * 43, "filename": "app.css", "became": "passed"}[name]
    if side is None or name in {"handle", "shown"}:
        return ABSENT
    if name in {"account", "issue"}:
        return side.account.public_id if name == "account" else world.issue
    by_start = {
        "clients": side.account.public_id,
        "points": side.thread.public_id,
        "comments": side.comment.public_id,
        "came-in": side.comment.public_id,
        "issues": world.issue,
        "themes": world.theme,
    }
    return by_start.get(path.split("/")[1], ABSENT)
