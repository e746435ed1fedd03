"""Issues, matches and vectors for pages and workers: frozen rows out."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.analysis.models import Reading, Vector
from voc.core import clock
from voc.core.names import Names
from voc.core.text import mask
from voc.db import lease, work
from voc.db.among import among
from voc.intake.models import Comment
from voc.issues.models import Act, GroupRun, Issue, IssueService, Match, NoProblem
from voc.issues.rules import (
    BACKLOG,
    LOOKS_APART,
    MOST_READING,
    WINDOW,
    is_look_due,
    is_look_near,
    is_too_early,
    look_after,
    root_of,
)

Key = tuple[int, int]  # (account_id, comment_id)
LEASE = "grouping"  # held by the worker that founds and looks over


_COSTS = 2  # severity from which a machine's guess is a harm: it costs time or work; that something annoys is easily guessed
_PLEASED = 0.45  # demo of seed 26, 2026-11-22: of machine-placed comments above it 11 are praise, 5 irony
CONCERN = (Comment.kind != "praise") & or_(
    Comment.hurt.is_not(None),
    Comment.wants_senior,
    Comment.kind.in_(("escalation", "termination")),
    Reading.escalation.is_not(None),
    Reading.departure.is_not(None),
    # A machine's guess does not make a harm of what the client calls a suggestion.
    (Comment.kind != "suggestion") & (Reading.severity >= _COSTS),
)
PRAISE = case((CONCERN, False), (Comment.kind == "praise", True), else_=Reading.sentiment >= _PLEASED)


@dataclass(frozen=True, slots=True)
class Placed:
    """One comment with its vector (256 little-endian float16), masked words, and issue or None.

    `is_concern`: the client or the machine says that it hurts, or somebody senior should see it. `is_praise`: nothing
    of the kind, and it is meant as praise or reads so.
    """

    account_id: int
    comment_id: int
    numbers: bytes
    words: str
    issue_id: int | None
    is_concern: bool
    is_praise: bool = False


def merged_into(session: Session) -> dict[int, int]:
    """Each merged issue and the one it went into."""
    rows = session.execute(select(Issue.id, Issue.merged_into_id).where(Issue.merged_into_id.is_not(None)))
    return {issue: into for issue, into in rows if into is not None}


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str


def masked_words(text: str, masks: Iterable[Sequence[Any]], names: Names) -> str:
    """The words with everything masked that a reading found, and all names of today; `masks` are [start, end, kind] as stored."""
    return mask(text, [_Span(int(start), int(end), str(kind)) for start, end, kind in masks], names)


def placed(session: Session, keys: Sequence[Key], *, encoder: str = "static") -> list[Placed]:
    """These comments with vector, words and issue; those without a vector of this encoder are left out."""
    merged, names = merged_into(session), known_names(session)
    rows = session.execute(
        _placed_query(encoder).where(among(session, (Vector.account_id, Vector.comment_id), keys))
    )
    return [_as_placed(row, merged, names) for row in rows]


def waiting_among_newest(session: Session, *, limit: int) -> list[Key]:
    """The keys of those in line to join that are of the newest `limit` comments.

    Asked once, from the newest: whoever goes through a line of a million older ones again and again takes hours.
    """
    newest = select(Comment.account_id, Comment.id).order_by(Comment.said_at.desc()).limit(limit).subquery()
    own = (newest.c.account_id == work.Work.account_id) & (newest.c.id == work.Work.comment_id)
    rows = session.execute(
        select(work.Work.account_id, work.Work.comment_id)
        .join(newest, own)
        .where(work.Work.stage == "match", ~work.Work.set_aside, work.Work.lease_until_ms == 0)
    )
    return [(account, comment) for account, comment in rows]


def still_free(session: Session, keys: Sequence[Key]) -> set[Key]:
    """Those of these comments that stand in no issue and of which nobody said that they need none."""
    stands = exists().where(
        Match.account_id == Vector.account_id, Match.comment_id == Vector.comment_id, Match.state != "refused"
    )
    rows = session.execute(
        select(Vector.account_id, Vector.comment_id).where(
            among(session, (Vector.account_id, Vector.comment_id), keys), ~stands, ~said_no_problem()
        )
    )
    return {(account, comment) for account, comment in rows}


def newest_places(session: Session, *, limit: int) -> Iterator[tuple[int, int]]:
    """(comment, issue) of the newest `limit` comments that stand in one; merged issues stand for what they went into."""
    merged = merged_into(session)
    newest = select(Comment.account_id, Comment.id).order_by(Comment.said_at.desc()).limit(limit).subquery()
    rows = session.execute(
        select(Match.comment_id, Match.issue_id)
        .join(newest, (newest.c.account_id == Match.account_id) & (newest.c.id == Match.comment_id))
        .where(Match.state != "refused")
    )
    return ((comment, root_of(issue, merged)) for comment, issue in rows)


def of_encoder(encoder: str) -> ColumnElement[bool]:
    """Whether a vector is this encoder's; a version names the encoder, unless it is the static one.

    Vectors of two encoders are never compared, also not while an archive is being read again.
    """
    accurate = Vector.version.contains("-accurate")
    return accurate if encoder == "accurate" else not_(accurate)


def _placed_query(encoder: str) -> Select[*tuple[Any, ...]]:  # eight columns, read by name in _as_placed
    stands = (Match.account_id == Vector.account_id) & (Match.comment_id == Vector.comment_id)
    return (
        select(
            Vector.account_id,
            Vector.comment_id,
            Vector.numbers,
            Comment.text,
            Reading.masks,
            Match.issue_id,
            CONCERN.label("is_concern"),
            PRAISE.label("is_praise"),
        )
        .join(Comment, (Comment.account_id == Vector.account_id) & (Comment.id == Vector.comment_id))
        .join(Reading, (Reading.account_id == Vector.account_id) & (Reading.comment_id == Vector.comment_id))
        .outerjoin(Match, stands & (Match.state != "refused"))
        .where(of_encoder(encoder), or_(Match.comment_id.is_not(None), not_(said_no_problem())))
    )


def said_no_problem() -> ColumnElement[bool]:
    """Whether a person said that it needs no issue: then no machine gives it one."""
    return exists().where(
        NoProblem.account_id == Vector.account_id, NoProblem.comment_id == Vector.comment_id
    )


def _as_placed(row: Row[*tuple[Any, ...]], merged: Mapping[int, int], names: Names) -> Placed:
    root = root_of(row.issue_id, merged) if row.issue_id is not None else None
    words = masked_words(row.text, row.masks, names)
    signs = bool(row.is_concern), bool(row.is_praise)
    return Placed(row.account_id, row.comment_id, row.numbers, words, root, *signs)


def newest_in_issues(session: Session, *, most: int, encoder: str = "static") -> list[Placed]:
    """The newest `most` comments of each issue with vector of this encoder, merged ones with theirs, oldest first."""
    merged, names = merged_into(session), known_names(session)
    place = (
        func.row_number().over(partition_by=Match.issue_id, order_by=Match.comment_id.desc()).label("place")
    )
    ranked = select(Match.account_id, Match.comment_id, Match.issue_id, place).where(Match.state != "refused")
    newest = ranked.subquery()
    stands = (
        (newest.c.account_id == Match.account_id)
        & (newest.c.comment_id == Match.comment_id)
        & (newest.c.issue_id == Match.issue_id)
    )
    query = _placed_query(encoder).join(newest, stands).where(newest.c.place <= most)
    found = (_as_placed(row, merged, names) for row in session.execute(query.order_by(Vector.comment_id)))
    return _last_of_each(found, most)


def _last_of_each(found: Iterable[Placed], most: int) -> list[Placed]:
    """Where two issues became one, the newest of both together; each comment once."""
    by_issue: dict[int, dict[int, Placed]] = {}
    for one in found:
        by_issue.setdefault(one.issue_id or 0, {})[one.comment_id] = one
    kept = {one.comment_id: one for inside in by_issue.values() for one in list(inside.values())[-most:]}
    return [kept[comment] for comment in sorted(kept)]


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on one comment and issue: confirmed, or taken out."""

    account_id: int
    comment_id: int
    issue_id: int
    is_confirmed: bool


def words_of_people(session: Session) -> list[Word]:
    """Every match that a person confirmed or refused, by the issue that counts, oldest first."""
    merged = merged_into(session)
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.issue_id, Match.state)
        .where(Match.state != "machine")
        .order_by(Match.at, Match.comment_id)
    ).all()
    return [
        Word(account, comment, root_of(issue, merged), state == "confirmed")
        for account, comment, issue, state in rows
    ]


def vectors_stored(session: Session, keys: Sequence[Key], *, encoder: str = "static") -> dict[Key, bytes]:
    """The vectors of these comments by this encoder, as stored."""
    rows = session.execute(
        select(Vector.account_id, Vector.comment_id, Vector.numbers).where(
            among(session, (Vector.account_id, Vector.comment_id), keys), of_encoder(encoder)
        )
    )
    return {(account, comment): numbers for account, comment, numbers in rows}


def issue_sizes(session: Session) -> dict[int, int]:
    """How many comments stand in each issue, merged ones counted with theirs."""
    merged = merged_into(session)
    rows = session.execute(
        select(Match.issue_id, func.count()).where(Match.state != "refused").group_by(Match.issue_id)
    ).all()
    sizes: dict[int, int] = {}
    for issue, number in rows:
        root = root_of(issue, merged)
        sizes[root] = sizes.get(root, 0) + number
    return sizes


def named_issues(session: Session) -> frozenset[int]:
    """The issues a person gave a name."""
    return frozenset(session.scalars(select(Issue.id).where(Issue.is_named)))


def last_change(session: Session) -> tuple[int, int]:
    """The newest act of a person and the newest group run: when either rises, an index in memory is old."""
    act = session.scalar(select(func.max(Act.id))) or 0
    run = session.scalar(select(func.max(GroupRun.id))) or 0
    return act, run


def standing_acts(session: Session) -> frozenset[int]:
    """The acts of people that stand: two of these, compared, tell what they did and took back in between."""
    return frozenset(session.scalars(select(Act.id).where(Act.undone_at.is_(None))))


def changed_since(session: Session, before: frozenset[int]) -> frozenset[int]:
    """The issues of acts that were done or taken back since `standing_acts` gave `before`."""
    differ = list(before ^ standing_acts(session))
    acts = session.scalars(select(Act).where(among(session, (Act.id,), [(one,) for one in differ])))
    return frozenset(issue for act in acts for issue in issues_in(act))


def issues_in(act: Act) -> set[int]:
    """The issues that an act touched."""
    matches, into = act.after.get("matches"), act.after.get("merged_into_id")
    found = {one["issue"] for one in matches} if isinstance(matches, list) else set()
    return found | {act.issue_id} | ({into} if isinstance(into, int) else set())


def touched_issues(session: Session) -> frozenset[int]:
    """The issues people have named or done anything with: no machine takes a comment out of them."""
    merged = merged_into(session)
    acted = session.scalars(select(Act.issue_id).distinct())
    named = session.scalars(select(Issue.id).where(Issue.is_named))
    return frozenset(root_of(issue, merged) for issue in [*acted, *named, *merged])


def not_grouped(session: Session) -> int:
    """How many read comments stand in no issue and wait for one: the visible "not grouped yet"."""
    stands = (Match.account_id == Vector.account_id) & (Match.comment_id == Vector.comment_id)
    query = select(func.count()).select_from(Vector).outerjoin(Match, stands & (Match.state != "refused"))
    return session.scalar(query.where(Match.comment_id.is_(None), not_(said_no_problem()))) or 0


def is_look_due_now(session: Session) -> bool:
    """Whether the group worker should look over all comments again."""
    before = _at_last_look(session)
    reading = work.number_waiting(session, "read", most=MOST_READING)
    rests = _rests(session)
    # While a file comes in this is asked all the time, and how many there are takes long to count.
    if is_too_early(reading, rests=rests):
        return False
    return is_look_due(before + _fresh(session, before, most=WINDOW), before, reading, rests=rests)


def _rests(session: Session) -> bool:
    """Whether the last look is so short ago that no other begins while a file is still being read."""
    last = session.scalar(select(GroupRun.at).order_by(GroupRun.id.desc()).limit(1))
    return last is not None and clock.now() - last < LOOKS_APART


def is_look_near_now(session: Session) -> bool:
    """Whether so much is new, or being read, that a look comes as soon as all is read."""
    before = _at_last_look(session)
    most = math.ceil(look_after(before))
    reading = work.number_waiting(session, "read", most=most)
    if reading < most:  # else there is no need to count
        reading += _fresh(session, before, most=most)
    return is_look_near(before + reading, before)


def is_looking(session: Session) -> bool:
    """Whether the group worker changes every issue, or soon will: a look, a backlog that joins, a file just before a look."""
    if not lease.is_held(session, LEASE):
        return _rests(session) and is_look_near_now(session)
    return work.number_waiting(session, "match", most=BACKLOG + 1) > BACKLOG or is_look_due_now(session)


def number_stored(session: Session) -> int:
    """How many comments can be grouped, in the window or not."""
    return session.scalar(select(func.count()).select_from(Vector)) or 0


def _fresh(session: Session, before: int, *, most: int) -> int:
    """How many came since there were `before`, up to `most`: more of a million are not counted again and again."""
    some = select(Vector.comment_id).limit(before + most).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) - before


def _at_last_look(session: Session) -> int:
    there = func.coalesce(GroupRun.stored, GroupRun.comments)
    return session.scalar(select(there).order_by(GroupRun.id.desc()).limit(1)) or 0


def is_settled(session: Session) -> bool:
    """Whether all that came in is read and grouped, as far as machines go."""
    if any(work.number_waiting(session, stage, most=1) for stage in ("read", "match")):
        return False
    return not lease.is_held(session, LEASE) and not is_look_due_now(session)


def services_of(session: Session, issue_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """The services each issue can touch; an issue without any is absent."""
    rows = session.execute(
        select(IssueService.issue_id, IssueService.service_id).where(
            IssueService.issue_id.in_(list(issue_ids))
        )
    )
    found: dict[int, set[int]] = {}
    for issue, service in rows:
        found.setdefault(issue, set()).add(service)
    return {issue: frozenset(services) for issue, services in found.items()}
