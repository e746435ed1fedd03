"""How often each theme was seen: by the machine, added and taken away by people; parents with those under them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from voc.analysis.merged import merged_themes
from voc.analysis.models import Label, ReadingTheme, Theme
from voc.analysis.queries import Key
from voc.analysis.rules import PersonLabel, verdicts_of
from voc.analysis.themes.state import Themes, root_of, top_of
from voc.intake.models import Comment


@dataclass(frozen=True, slots=True)
class Counts:
    """Comments of a window with one theme, each counted once."""

    by_machine: int = 0
    added: int = 0
    taken_away: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people say of one theme of one comment, merges followed."""

    key: Key
    theme: str
    holds: bool
    said_at: datetime


def counts_since(session: Session, since: datetime, themes: Themes) -> dict[str, Counts]:
    """Each theme's counts by key; one that was merged has none, its comments count for the other."""
    own = {key: root_of(themes, key) for key in themes}
    tops = {key: top_of(themes, key) for key in themes}
    by_top = _counts(session, since, tops)
    by_own = by_top if own == tops else _counts(session, since, own)
    return {key: (by_top if tops[key] == key else by_own).get(key, Counts()) for key in themes}


def _counts(session: Session, since: datetime, counted_as: Mapping[str, str]) -> dict[str, Counts]:
    machine = _by_machine(session, since, counted_as)
    sides: dict[bool, dict[str, set[Key]]] = {True: defaultdict(set), False: defaultdict(set)}
    for one in verdicts_since(session, since):
        sides[one.holds][counted_as.get(one.theme, one.theme)].add(one.key)
    return {
        key: Counts(machine.get(key, 0), len(sides[True][key]), len(sides[False][key]))
        for key in {*counted_as.values()}
    }


def _by_machine(session: Session, since: datetime, counted_as: Mapping[str, str]) -> dict[str, int]:
    ids = dict(session.execute(select(Theme.key, Theme.id)).all())
    keys = {theme_id: key for key, theme_id in ids.items()}
    moved = {ids[key]: ids[other] for key, other in counted_as.items() if other != key}
    theme = (
        case(moved, value=ReadingTheme.theme_id, else_=ReadingTheme.theme_id)
        if moved
        else ReadingTheme.theme_id
    )
    number = func.count(ReadingTheme.comment_id.distinct()) if moved else func.count()
    query = (
        select(theme, number)
        .join(
            Comment, (Comment.account_id == ReadingTheme.account_id) & (Comment.id == ReadingTheme.comment_id)
        )
        .where(Comment.said_at >= since)
        .group_by(theme)
    )
    return {keys[theme_id]: found for theme_id, found in session.execute(query)}


def verdicts_since(session: Session, since: datetime) -> Iterable[Verdict]:
    """What people say of each comment's themes, of the comments said since then."""
    merged = merged_themes(session)
    rows = session.execute(
        select(Label.account_id, Label.comment_id, Comment.said_at, Label.value, Label.holds, Label.at)
        .join(Comment, (Comment.account_id == Label.account_id) & (Comment.id == Label.comment_id))
        .where(Label.kind == "theme", Comment.said_at >= since)
        .order_by(Label.id)
    )
    said: dict[tuple[Key, datetime], list[PersonLabel]] = defaultdict(list)
    for account, comment, said_at, value, holds, at in rows:
        label = PersonLabel("theme", value, "", holds, "", at, "")
        said[(account, comment), said_at].append(label)
    for (key, said_at), labels in said.items():
        for theme, label in verdicts_of(labels, merged).items():
            yield Verdict(key, theme, label.holds, said_at)


def commented(verdicts: Iterable[Verdict], family: Sequence[str], *, holds: bool) -> list[Key]:
    """The comments of which people say yes (or no) to any theme of a family, newest first."""
    found = {(one.said_at, one.key) for one in verdicts if one.theme in family and one.holds is holds}
    return [key for _, key in sorted(found, reverse=True)]
