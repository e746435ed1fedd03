"""The page of a question that has left: how full the wall is, what the answers say, what can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from voc.breadth.deciding import Known, Stand, judge
from voc.breadth.estimates import likely_of
from voc.breadth.limits import current_limits
from voc.breadth.queries import heard_of
from voc.breadth.rules import Limits
from voc.breadth.said import say_verdict
from voc.breadth.seen import is_seen
from voc.checks.calibration import foreseen_of
from voc.checks.models import Check
from voc.checks.pages import clock_words
from voc.checks.queries import CheckRow, Coverage
from voc.checks.table import ClientRow, client_rows, squares
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.models import Batch
from voc.web.context import settings
from voc.web.wall import Wall, draw_wall
from voc.web.words import cell_words, count_words, date_words

ROWS = 50


@dataclass(frozen=True, slots=True)
class Filling:
    """The upper half of the page; `is_moving` while numbers may still change by themselves."""

    is_moving: bool
    more_to_ask: int
    may_stop: bool
    leaves_at_words: str | None
    heading: str
    coverage: Coverage
    sentence: str
    wall: Wall
    when_words: str
    foreseen: str | None
    settled: str | None  # what the answers so far decide; None while it could be either
    next_acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The lower half: the table client by client, narrowed to one state of the wall."""

    rows: tuple[ClientRow, ...]
    found: int
    says: str
    caption: str
    page: int
    more: bool


def filling(session: Session, check: Check, head: CheckRow) -> tuple[Filling, tuple[ClientRow, ...]]:
    """The page of this question, and every row of its table."""
    rows = client_rows(session, check)
    got = head.coverage
    batch = session.get(Batch, check.batch_id) if check.batch_id else None
    leaves_at = batch.leaves_at if batch and batch.state == "waiting" else None
    shown = Filling(
        is_moving=check.state in {"leaving", "asking"},
        more_to_ask=sum(one.ask.state == "planned" for row in rows for one in row.people),
        may_stop=leaves_at is not None and leaves_at > clock.now(),
        leaves_at_words=clock_words(leaves_at, settings().time_zone) if leaves_at else None,
        heading=_heading(check, got),
        coverage=got,
        sentence=_sentence(check, got),
        wall=draw_wall(squares(rows)),
        when_words=_when(check, got),
        foreseen=None if check.state in {"leaving", "asking"} else foreseen_of(session, check.id),
        settled=_settled(session, check) if check.state == "asking" else None,
        next_acts=_next_acts(check, got),
    )
    return shown, rows


def _settled(session: Session, check: Check) -> str | None:
    """The stop rule: whether as many clients as leadership acts from have it is sure, whatever still comes in."""
    root = root_of(check.issue_id, merged_into(session))
    issue = session.get_one(Issue, root)
    heard = heard_of(session, issue)
    looked_at = is_seen(is_named=issue.is_named, has_it=heard.has)
    likely = likely_of(session, [root]).get(root) if looked_at else None
    span = (likely.low, likely.high) if likely and likely.may_be_said and likely.unheard else None
    known, limits = Known(heard.has, heard.unknown, likely=span), Limits(current_limits(session).groups)
    verdict = judge(known, limits)
    if verdict.stand is Stand.EITHER:
        return None
    today = clock.today(settings().time_zone)
    said = say_verdict(verdict, known, limits, today=today, currency=settings().currency)
    return f"{said} Whatever else is answered only says which clients have it; you can close the question."


def narrowed(rows: Sequence[ClientRow], says: str, page: int) -> Rows:
    """One page of the table; `says` is a state of the wall, anything else shows all."""
    known = {row.square for row in rows}
    says = says if says in known else ""
    found = [row for row in rows if not says or row.square == says]
    return Rows(
        rows=tuple(found[(page - 1) * ROWS : page * ROWS]),
        found=len(found),
        says=says,
        caption=f"Clients: {cell_words(says)}" if says else "Client by client",
        page=page,
        more=len(found) > page * ROWS,
    )


def _heading(check: Check, got: Coverage) -> str:
    if check.state == "leaving":
        return f"{count_words(got.asked, 'client')} will be asked"
    if not got.asked:
        return "Nobody was asked yet"
    return f"{got.answered} of {got.asked} answered"


def _sentence(check: Check, got: Coverage) -> str:
    """What the answers say so far, each kept apart and never added up."""
    if check.state == "leaving":
        return "Nothing has left the house yet, so nobody is asked yet."
    if not got.answered:
        return "Nobody has answered yet." if check.state == "asking" else "Nobody answered."
    said = [
        f"{got.yes_problem} say yes, it is a problem",
        f"{got.yes_manages} yes, they manage",
        f"{got.no} no",
    ]
    more = (
        (got.not_used, "do not use this"),
        (got.cannot_tell, "cannot tell"),
        (got.differ, "differ among themselves"),
    )
    said += [f"{number} {words}" for number, words in more if number]
    silent = (
        (got.waiting, "have not answered yet"),
        (got.bounced, "could not be reached by mail"),
        (got.no_answer, "gave no answer"),
        (got.opted_out, "prefer not to be asked"),
    )
    rest = [f"{number} {words}" for number, words in silent if number]
    return f"{', '.join(said)}." + (f" {', '.join(rest).capitalize()}." if rest else "")


def _when(check: Check, got: Coverage) -> str:
    zone = ZoneInfo(settings().time_zone)
    today = clock.today(settings().time_zone)
    said = []
    if check.opened_at:
        said.append(f"Left on {date_words(check.opened_at, today, zone)}.")
    if check.state == "asking" and check.closes_at:
        said.append(f"Open until {date_words(check.closes_at, today, zone)}.")
        said.append(f"One reminder after {DEFAULT.reminder_days} days, then a call, never a third mail.")
    if check.closed_at:
        said.append(f"Closed on {date_words(check.closed_at, today, zone)}.")
    if got.by_call and check.state != "leaving":
        said.append(f"{count_words(got.by_call, 'client')} asked by phone.")
    if check.frozen_at:
        said.append("The wording stays since the first answer.")
    return " ".join(said)


def _next_acts(check: Check, got: Coverage) -> tuple[tuple[str, str], ...]:
    acts = []
    if got.by_call and check.state == "asking":
        acts.append(("Phone list", url_for("calls.phone_list", all="1")))
    return tuple(acts)
