"""The look over all comments: finds groups anew, keeps ids, and says of the rest why they stand in no issue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import structlog
from numpy.typing import NDArray

from nlp.at_length import are_letters, letters_apart
from nlp.gist import sentences
from nlp.grouping import find_groups
from nlp.grouping_words import describe
from nlp.issue_heads import IssueHeads
from nlp.lean import give_back
from nlp.leftovers import MOST, find_leftovers
from nlp.said import Said
from nlp.small_talk import CERTAIN, names_nothing, small_talk
from nlp.titles import title
from voc.core.principal import SYSTEM
from voc.issues import queries, service, ungrouped
from voc.issues.models import WHYS
from voc.issues.queries import Placed
from voc.issues.rules import (
    LEAST_COMMENTS,
    WINDOW,
    Member,
    Placement,
    assign_groups,
    is_issue,
    is_leftover_issue,
    why_here,
    why_left,
)
from voc.issues.seen import Seen, newest_seen
from voc.issues.ungrouped import Standing
from workers.ahead import Ahead, top_up
from workers.linked import held_issues
from workers.middles import Middles
from workers.moving import Going, Moving
from workers.scope import Scope
from workers.taught import halves, heads_of

log = structlog.get_logger(__name__)

CHUNK = 500
_FOUND_LATE = 0.5  # how well a comment belongs that no crowd of neighbours speaks for: fairly
Floats = NDArray[np.float32]
Halves = NDArray[np.float16]  # as stored: those of a whole window hold half as much


@dataclass
class Look:
    """One look: what it saw, what people taught, and where it left each comment."""

    comments: Sequence[Placed]
    vectors: Halves
    held: frozenset[int]
    heads: IssueHeads
    middle: Floats  # of the whole field, `vectors` may be a part of it
    moving: Moving
    row_of: Mapping[int, int] = field(default_factory=dict)
    loose: dict[int, str] = field(default_factory=dict)  # row to why
    waits: dict[int, tuple[Placed, str]] = field(default_factory=dict)  # in no group so far, and why
    taken: set[int] = field(default_factory=set)  # issues that groups of this look are
    stored: int = 0

    def vector(self, one: Placed) -> Floats:
        """Where the meaning of `one` lies."""
        return np.asarray(self.vectors[self.row_of[one.comment_id]], dtype=np.float32)

    def wait(self, some: Iterable[Placed], why: str) -> None:
        """Remembers that no group held these so far: they are compared once more among themselves."""
        self.waits.update((one.comment_id, (one, why)) for one in some)

    def leave(self, some: Iterable[Placed], why: str) -> None:
        """Remembers why these stand in no issue."""
        self.loose.update((self.row_of[one.comment_id], why) for one in some)


def regroup(here: Scope, ahead: Ahead | None = None) -> None:
    """Finds groups among the newest comments anew; what was made ready `ahead` need not be read again.

    Issues that people touched only gain comments; untouched ones are formed as today's comments say,
    and keep their ids. What no group holds, or people's word keeps out of one, is compared once more
    among itself. Each group is settled in transactions of its own: whatever ends a look halfway,
    every comment stands in an issue or in none, and the next look goes on from there.
    """
    begun = _begin(here, ahead or Ahead())
    if begun is None:
        return
    look, said = begun
    del begun
    here.beat()
    give_back()
    found = find_groups(look.vectors, said)
    del said
    texts = [one.words for one in look.comments]
    found = letters_apart(found, texts, [one.account_id for one in look.comments])
    labels = found.labels.tolist()
    groups: dict[int, list[tuple[Placed, float]]] = defaultdict(list)
    for one, label, score in zip(look.comments, labels, found.score.tolist(), strict=True):
        groups[-1 if one.is_praise else label].append((one, score))
    rest = [one for one, _ in groups.pop(-1, [])]
    here.beat()
    words = describe([one.words for one in look.comments], labels)
    issues = assign_groups([[_as_member(one, look.held) for one, _ in group] for group in groups.values()])
    look.taken.update(issue for issue in issues if issue is not None)
    for (label, group), issue in zip(groups.items(), issues, strict=True):
        here.beat()
        free = [pair for pair in group if pair[0].issue_id not in look.held]
        _settle(look, free, issue, words.get(label, ()))
    look.moving.write()
    _settle_rest(here, look, [one for one in rest if one.issue_id not in look.held])
    gather(here, look)
    for why in WHYS:
        _loosen(here, look, [one for one, told in look.waits.values() if told == why], why)
    _say_why(here, look)
    with here.database.deriving(SYSTEM) as session:
        left = queries.not_grouped(session)
        service.keep_run(
            session,
            comments=len(look.comments),
            stored=look.stored,
            founded=look.moving.founded,
            not_grouped=left,
        )
    log.info(
        "grouped", comments=len(look.comments), groups=len(groups), founded=look.moving.founded, left=left
    )


def _begin(here: Scope, ahead: Ahead) -> tuple[Look, Said] | None:
    """What there is to look at, and what its words say; `ahead` holds nothing of it afterwards."""
    with here.database.reading(SYSTEM) as session:
        held = held_issues(session)
        found = _one_each(newest_seen(session, limit=WINDOW, encoder=here.settings.encoder), held)
        order = top_up(here, session, ahead, found)
        if not found:
            return None
        vectors, said = ahead.vectors(order), ahead.said(order)
        rows = range(len(found)) if order is None else order.tolist()
        comments = [
            Placed(
                one.account_id, one.comment_id, b"", ahead.words[row], one.issue_id, one.is_concern, one.is_praise
            )
            for one, row in zip(found, rows, strict=True)
        ]  # fmt: skip
        ahead.forget()
        middle = vectors.mean(axis=0, dtype=np.float32)
        heads = heads_of(session, middle, encoder=here.settings.encoder)
        stored = queries.number_stored(session)
    at = {one.comment_id: row for row, one in enumerate(comments)}
    return Look(comments, vectors, held, heads, middle, Moving(here), at, stored=stored), said


def _one_each(found: Iterable[Seen], held: frozenset[int]) -> list[Seen]:
    """Each comment once: where it stands in several issues, the one that people touched counts."""
    each: dict[int, Seen] = {}
    for one in found:
        if one.comment_id not in each or one.issue_id in held:
            each[one.comment_id] = one
    return list(each.values())


def _as_member(one: Placed, held: frozenset[int]) -> Member:
    return Member(one.issue_id, one.issue_id in held)


def _settle(
    look: Look, free: Sequence[tuple[Placed, float]], issue: int | None, words: Sequence[str]
) -> None:
    """Puts a group's free comments with its issue, or founds one; what people's word keeps out stays out."""
    kept = [pair for pair in free if issue is None or not look.heads.refuses(issue, look.vector(pair[0]))]
    out = {one.comment_id for one, _ in free} - {one.comment_id for one, _ in kept}
    look.wait([one for one, _ in free if one.comment_id in out], "taken_out")
    alone = [one for one, _ in kept]
    if issue is None and not is_issue(len(kept), sum(one.is_concern for one in alone)):
        look.wait(alone, why_left(len(alone), len({one.account_id for one in alone})))
        return
    if issue is None and look.moving.was_dissolved(alone):
        look.wait(alone, "taken_out")
        return
    name = title([one.words for one, _ in sorted(kept, key=lambda pair: -pair[1])]) if kept else ""
    members = [(one, score, why_here(score)) for one, score in kept]
    look.moving.add(Going(members, issue, name, words))


def _settle_rest(here: Scope, look: Look, rest: Sequence[Placed]) -> None:
    """Comments of no group: an issue that people taught may claim one, the others stand in none."""
    claimed: list[tuple[Placed, int, float]] = []
    for one in rest:
        claim = look.heads.claimant(look.vector(one))
        if claim is not None:
            claimed.append((one, *claim))
    talk = set(talk_among([one for one, _, _ in claimed]))
    claimed = [claim for claim in claimed if claim[0].comment_id not in talk]
    _claim(here, look, claimed)
    ids = {one.comment_id for one, _, _ in claimed}
    left = [one for one in rest if one.comment_id not in ids]
    talk = set(talk_among(left))
    look.wait([one for one in left if one.comment_id in talk], "small_talk")
    look.wait([one for one in left if one.comment_id not in talk], "nothing_near")


def talk_among(some: Sequence[Placed]) -> list[int]:
    """The ids of those that are praise, greetings and the like; never where somebody says that it hurts."""
    least, _ = small_talk().of_texts([one.words for one in some])
    pairs = zip(some, least.tolist(), strict=True)
    return [
        one.comment_id for one, score in pairs if one.is_praise or (score >= CERTAIN and not one.is_concern)
    ]


def gather_loose(
    here: Scope, some: Sequence[Placed], held: frozenset[int], heads: IssueHeads, middle: Floats
) -> int:
    """As `gather`, between two looks, of comments that stand in no issue; gives how many issues it founded."""
    rows = {one.comment_id: row for row, one in enumerate(some)}
    look = Look(some, halves(b"".join(one.numbers for one in some)), held, heads, middle, Moving(here), rows)
    talk = set(talk_among(some))
    look.wait([one for one in some if one.comment_id not in talk], "nothing_near")
    gather(here, look)
    log.info("gathered", comments=len(some), founded=look.moving.founded)
    return look.moving.founded


def gather(here: Scope, look: Look) -> None:
    """Founds issues of what no group held: alike, of two clients and more, and saying that something hurts.

    So what people took out of an issue stands together where it is a matter of its own, never where it
    was taken out of. An issue founded so before keeps its id.
    """
    waits = [one for one, why in look.waits.values() if why != "small_talk"]
    some = [one for one in waits if not names_nothing(sentences(one.words))][-MOST:]
    rows = [look.row_of[one.comment_id] for one in some]
    texts = [one.words for one in some]
    here.beat()
    heaps = find_leftovers(look.vectors[rows].astype(np.float32), texts, look.middle, smallest=LEAST_COMMENTS)
    heaps = [heap for heap in heaps if not are_letters([texts[at] for at in heap])]
    heaps = [heap for heap in heaps if _is_matter([some[at] for at in heap])]
    marked = np.full(len(some), -1)
    for label, heap in enumerate(heaps):
        marked[heap] = label
    words = describe(texts, marked.tolist()) if heaps else {}
    members = [[_as_member(some[at], look.held) for at in heap] for heap in heaps]
    issues = assign_groups(members, taken=frozenset(look.taken))
    for label, (heap, issue) in enumerate(zip(heaps, issues, strict=True)):
        here.beat()
        for at in heap:
            look.waits.pop(some[at].comment_id)
        _settle(look, [(some[at], _FOUND_LATE) for at in heap], issue, words.get(label, ()))
    look.moving.write()


def _is_matter(some: Sequence[Placed]) -> bool:
    clients = len({one.account_id for one in some})
    return is_leftover_issue(len(some), clients, sum(one.is_concern for one in some))


def _claim(here: Scope, look: Look, claimed: Sequence[tuple[Placed, int, float]]) -> None:
    for start in range(0, len(claimed), CHUNK):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            chunk = claimed[start : start + CHUNK]
            refused = service.refused_pairs(
                session, [(one.account_id, one.comment_id) for one, _, _ in chunk]
            )
            goes = [one for one in chunk if (one[0].account_id, one[0].comment_id, one[1]) not in refused]
            service.move_by_machine(
                session,
                [
                    Placement(
                        one.account_id, one.comment_id, issue, round(near, 4),
                        (why_here(0, learned_from=look.heads.confirmed(issue)),),
                    )
                    for one, issue, near in goes
                ],
            )  # fmt: skip
        gone = {one.comment_id for one, _, _ in goes}
        look.leave([one for one, _, _ in chunk if one.comment_id not in gone], "taken_out")


def _loosen(here: Scope, look: Look, some: Sequence[Placed], why: str) -> None:
    """Takes comments out of untouched issues that no group holds any more, and remembers why."""
    look.leave(some, why)
    stands = [one for one in some if one.issue_id is not None and one.issue_id not in look.held]
    for start in range(0, len(stands), CHUNK):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            chunk = stands[start : start + CHUNK]
            service.move_by_machine(
                session, [Placement(one.account_id, one.comment_id, None) for one in chunk]
            )


def _say_why(here: Scope, look: Look) -> None:
    """Stores why comments stand in no issue and which issues they are nearest to."""
    look.leave(look.moving.taken_out, "taken_out")
    if not look.loose:
        return
    stands: dict[int, int] = {}
    with here.database.reading(SYSTEM) as session:
        for comment, issue in queries.newest_places(session, limit=WINDOW):
            if comment in look.row_of and (comment not in stands or issue in look.held):
                stands[comment] = issue
    rows = [look.row_of[comment] for comment in stands]
    middles = Middles.of(look.vectors[rows], list(stands.values()), look.middle)
    loose = sorted(look.loose)
    near = middles.nearest(look.vectors[loose])
    said = [
        Standing(look.comments[row].account_id, look.comments[row].comment_id, look.loose[row], near_one)
        for row, near_one in zip(loose, near, strict=True)
    ]
    for start in range(0, len(said), CHUNK):
        here.beat()
        with here.database.deriving(SYSTEM) as session:
            ungrouped.keep_why(session, said[start : start + CHUNK])
