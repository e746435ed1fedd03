"""Clients' words on the pages of themes: through the door, masked by the ordinary rules for who looks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.models import Reading, ReadingTheme, Theme
from voc.analysis.queries import Key, masks_of
from voc.analysis.say import excerpt
from voc.analysis.themes.counting import commented, verdicts_since
from voc.analysis.themes.state import Taught, Themes, root_of
from voc.core.names import Names
from voc.core.policy import DEFAULT
from voc.core.principal import Principal
from voc.core.text import mask
from voc.intake.models import Comment
from voc.intake.queries import window_end

MOST_TO_SPLIT: Final = 40  # comments to tick from: a few minutes' work
_AROUND: Final = 90  # characters shown on each side of the words that count


@dataclass(frozen=True, slots=True)
class ShownWords:
    """One comment in short: `marked` are the words that count; all is empty where they may not be read."""

    public_id: str
    account: str
    said_at: datetime
    before: str
    marked: str
    after: str
    is_masked: bool
    may_read: bool


def shown_words(session: Session, principal: Principal, wanted: Iterable[Taught]) -> dict[str, ShownWords]:
    """These comments by public id, each cut around its span; those that are not this person's to see are absent."""
    spans = {one.comment: one for one in wanted}
    rows = session.execute(
        select(Comment, Account.name, Reading)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(Comment.public_id.in_(list(spans)))
    ).all()
    names = known_names(session)
    return {
        one.public_id: _shown(principal, one, account, reading, names, spans[one.public_id])
        for one, account, reading in rows
    }


def _shown(
    principal: Principal,
    comment: Comment,
    account: str,
    reading: Reading | None,
    names: Names,
    span: Taught,
) -> ShownWords:
    sight = sight_of_words(principal, comment.kind, wants_senior=comment.wants_senior)
    words = ("", "", "")
    if sight is Sight.OPEN:
        words = _cut(comment.text, span)
    elif sight is Sight.MASKED:
        words = (excerpt(mask(comment.text, masks_of(reading), names)), "", "")
    is_masked, may_read = sight is Sight.MASKED, sight is not Sight.CLOSED
    return ShownWords(comment.public_id, account, comment.said_at, *words, is_masked, may_read)


def _cut(text: str, span: Taught) -> tuple[str, str, str]:
    """The words around the span, on one line each; how it begins, where there is no span."""
    if span.starts_at is None or span.ends_at is None or span.ends_at > len(text):
        return excerpt(text, 2 * _AROUND), "", ""
    first, last = max(0, span.starts_at - _AROUND), min(len(text), span.ends_at + _AROUND)
    before, after = _line(text[first : span.starts_at]), _line(text[span.ends_at : last])
    marked = _line(text[span.starts_at : span.ends_at])
    return ("…" if first else "") + before, marked, after + ("…" if last < len(text) else "")


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def to_split(session: Session, themes: Themes, key: str) -> tuple[Taught, ...]:
    """The newest comments of one theme, each with the words that speak for it: what a split is taught by."""
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    own = [one for one in themes if root_of(themes, one) == key]
    verdicts = list(verdicts_since(session, since))
    people = commented(verdicts, own, holds=True)[:MOST_TO_SPLIT]
    refused = set(commented(verdicts, own, holds=False))
    machine = _machine(session, own, since)
    spans = {place: (start, end) for place, start, end in machine}
    keys = [*people, *(place for place in spans if place not in refused and place not in set(people))]
    ids = _public_ids(session, keys[:MOST_TO_SPLIT])
    return tuple(
        Taught(ids[place], *spans.get(place, (None, None))) for place in keys[:MOST_TO_SPLIT] if place in ids
    )


def _machine(
    session: Session, keys: Sequence[str], since: datetime
) -> list[tuple[Key, int | None, int | None]]:
    rows = session.execute(
        select(Comment.account_id, Comment.id, ReadingTheme.starts_at, ReadingTheme.ends_at)
        .join(
            ReadingTheme,
            (ReadingTheme.account_id == Comment.account_id) & (ReadingTheme.comment_id == Comment.id),
        )
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .where(Theme.key.in_(keys), Comment.said_at >= since)
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(2 * MOST_TO_SPLIT)
    )
    return [((account, comment), start, end) for account, comment, start, end in rows]


def _public_ids(session: Session, keys: Sequence[Key]) -> Mapping[Key, str]:
    rows = session.execute(
        select(Comment.account_id, Comment.id, Comment.public_id).where(
            tuple_(Comment.account_id, Comment.id).in_(list(keys))
        )
    )
    return {(account, comment): public_id for account, comment, public_id in rows}
