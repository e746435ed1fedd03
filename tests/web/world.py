"""Two clients who must never learn of each other, each with its own mark in every field that holds words."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories
from tests.web.seeds import Sown
from voc.accounts.models import Account, Contact
from voc.analysis.models import Vector
from voc.breadth.service import follow_matches
from voc.core import ids
from voc.core.config import Settings
from voc.core.principal import Role
from voc.intake.models import Comment, Thread
from voc.issues.models import Issue, Ungrouped

ABSENT = "a" * 26
HOUSE = "housemark"  # stands in all that is ours alone and that no client may ever read
WITH_TOKENS = ("answer", "point", "solved", "stop-asking", "say", "sign-in")


@dataclass(frozen=True)
class Side:
    """One client, what it said, and the mark that all its words carry."""

    mark: str
    account: Account
    contact: Contact
    thread: Thread
    comment: Comment
    things: dict[str, str]


@dataclass(frozen=True)
class World:
    """`mine` is open to the askers of a test, `other` is not; both stand in one issue under one theme."""

    mine: Side
    other: Side
    issue: str
    theme: str
    things: dict[str, str]


def make_world(session: Session, settings: Settings) -> World:
    """Both sides, matched to one issue and read under one theme, with a row of every kind for each."""
    theme, issue = factories.theme(session), factories.issue(session, name=f"Issue {HOUSE}", is_named=True)
    owner = factories.user(session, Role.LEAD)
    told = [_told(session, owner.id) for _ in range(2)]
    for _, _, _, _, comment in told:
        factories.reading(session, comment, themes=(theme,))
        factories.match(session, comment, issue, state="confirmed")
        follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    sown = Sown(session, settings, owner, issue, HOUSE)
    shared = sown.shared((told[0][1], told[0][4]))
    sides = [Side(*one, sown.of_side(*one[1:], one[0])) for one in told]
    for side in sides:
        stranger = factories.comment(
            session, side.account, channel="link", text=f"From outside {side.mark}", sender_confirmed=False,
            sender_name=f"Stranger {side.mark}", sender_email=f"stranger{side.mark}@example.org",
        )  # fmt: skip
        side.things["came-in"] = stranger.public_id
        _stands_nowhere(session, stranger, issue)
    shared |= {"editions": sown.edition(), "tokens": factories.api_token(session)[0].public_id}
    return World(sides[0], sides[1], issue.public_id, theme.public_id, shared)


def _stands_nowhere(session: Session, comment: Comment, issue: Issue) -> None:
    """Read, and near to the issue, but in none."""
    factories.reading(session, comment)
    whose = {"account_id": comment.account_id, "comment_id": comment.id}
    session.add(Vector(**whose, version="t", numbers=b"\0" * 512))
    session.add(Ungrouped(**whose, why="few", near=[[issue.id, 0.5]], at=comment.received_at))
    session.flush()


def _told(session: Session, owner_id: int) -> tuple[str, Account, Contact, Thread, Comment]:
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
    return mark, account, contact, thread, comment


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
    starts = (
        "clients",
        "points",
        "comments",
        "came-in",
        "questions",
        "calls",
        "answers",
        "visits",
        "taken-out",
    )
    alone = (*starts, "outgoing", "mailbox", "replies", *WITH_TOKENS)
    return "account" in rule.arguments or (_first(rule.rule) in alone and bool(rule.arguments))


def has_token(rule: Rule) -> bool:
    """Whether the rule is opened by what its path carries, whoever asks."""
    return "token" in rule.arguments


def _first(path: str) -> str:
    return path.split("/")[1]


def _stand_in(path: str, name: str, side: "Side | None", world: World) -> str:
    if name in {"filename", "became", "name"}:
        return {"filename": "app.css", "became": "passed", "name": "question"}[name]
    if name == "token":
        return _token(_first(path), side, world)
    if side is None or name in {"handle", "shown"}:
        return ABSENT
    if name in {"account", "issue", "contact"}:
        found = {"account": side.account.public_id, "issue": world.issue, "contact": side.contact.public_id}
        return found[name]
    by_start = {
        "clients": side.account.public_id,
        "points": side.thread.public_id,
        "comments": side.comment.public_id,
        "issues": world.issue,
        "themes": world.theme,
    }
    return (world.things | side.things | by_start).get(_first(path).partition(".")[0], ABSENT)


def _token(purpose: str, side: "Side | None", world: World) -> str:
    """The right token of what is own; of what is another's one with a letter changed, so that it opens nothing."""
    if side is None:
        return "t" * 43
    token = side.things[purpose]
    changed = token[:-2] + ("B" if token[-2] != "B" else "C") + token[-1]
    return token if side is world.mine else changed
