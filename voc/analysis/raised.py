"""What our people say of risk and harm, for queries: the same as rules.py decides for one comment."""

from functools import cache

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, not_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from voc.analysis.models import Label, Reading
from voc.analysis.rules import LEAVING, TAKEN
from voc.intake.models import Comment

MACHINE_SEVERITY = case((Comment.kind == "praise", None), else_=Reading.severity)
"""How bad a comment is by the machine: what a client calls praise hurts nobody on its word."""


def wants_senior() -> ColumnElement[bool]:
    """Whether somebody senior should see a comment: the client's word, else the newest of our people's."""
    return or_(Comment.wants_senior, Comment.kind == "escalation", newest_says("escalation", holds=True))


def may_leave() -> ColumnElement[bool]:
    """Whether a comment's client gave notice, or our people say that it may leave."""
    return or_(Comment.kind == "termination", newest_says("departure", holds=True))


def may_want_senior() -> ColumnElement[bool]:
    """Whether somebody senior should see a comment, by the machine where no person of ours said otherwise."""
    guessed = and_(Reading.escalation.is_not(None), not_(newest_says("escalation", holds=False)))
    return or_(wants_senior(), guessed)


def may_be_leaving() -> ColumnElement[bool]:
    """Whether a comment's client may leave, by the machine where no person of ours said otherwise."""
    guessed = and_(Reading.departure.is_not(None), not_(newest_says("departure", holds=False)))
    return or_(may_leave(), guessed)


@cache  # a page asks for it forty times, and building it takes longer than the database's answer
def newest_says(kind: str, *, holds: bool) -> ColumnElement[bool]:
    """Whether our people's newest word on `kind`, escalation or departure, is a yes (`holds`) or a no.

    Labels are few beside comments: they are gathered once, not looked up comment by comment.
    """
    newer = aliased(Label)
    later = exists().where(
        newer.account_id == Label.account_id, newer.comment_id == Label.comment_id,
        newer.kind == kind, newer.value != TAKEN, newer.id > Label.id,
    )  # fmt: skip
    said = select(Label.account_id, Label.comment_id).where(
        Label.kind == kind, Label.value != TAKEN, Label.holds.is_(holds), ~later
    )
    return tuple_(Comment.account_id, Comment.id).in_(said)


def severity_of(
    account_id: InstrumentedAttribute[int], comment_id: InstrumentedAttribute[int]
) -> ColumnElement[int | None]:
    """How bad the comment of these columns is: our people, else the client, else the machine.

    The query holds Comment and, joined from outside, Reading.
    """
    refused = newest_says("departure", holds=False)
    machine = case((and_(Reading.severity == LEAVING, refused), None), else_=MACHINE_SEVERITY)
    return func.coalesce(said_severity(account_id, comment_id), Comment.hurt, machine)


def said_severity(
    account_id: InstrumentedAttribute[int], comment_id: InstrumentedAttribute[int]
) -> ColumnElement[int | None]:
    """How bad the comment of these columns is by our people's word; None where they said nothing of it."""
    later = aliased(Label)
    taken_back = exists().where(
        later.account_id == Label.account_id, later.comment_id == Label.comment_id,
        later.kind == "departure", later.holds.is_(False), later.id > Label.id,
    )  # fmt: skip
    level = case((Label.kind == "severity", cast(Label.value, Integer)), else_=LEAVING)
    leaves = and_(Label.kind == "departure", Label.value != TAKEN, Label.holds)
    newest = select(level).where(
        Label.account_id == account_id, Label.comment_id == comment_id,
        or_(Label.kind == "severity", leaves), ~and_(or_(leaves, Label.value == str(LEAVING)), taken_back),
    )  # fmt: skip
    outer = account_id.class_
    return newest.order_by(Label.id.desc()).limit(1).correlate(outer).scalar_subquery()
