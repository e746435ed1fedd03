"""A wished change as its page shows it: in words, with its examples, and how to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import ThemeDraft
from voc.analysis.themes import drafts, rules, versions
from voc.analysis.themes.comparing import Compared, Example
from voc.analysis.themes.meeting import WordChange, word_changes
from voc.analysis.themes.sentences import Named, found_words, theme_words, wished
from voc.analysis.themes.showing import ShownWords, shown_words
from voc.analysis.themes.state import Taught
from voc.analysis.themes.versions import Current
from voc.analysis.themes.wishes import BringBack, Describe, Merge, Move, TakeBack, Wish, theme_of
from voc.core import clock
from voc.core.errors import VocError
from voc.core.principal import Principal
from voc.web.context import settings
from voc.web.words import count_words, date_words

_STATES: Final[Mapping[str, str]] = {
    "waiting": "being looked at", "ready": "ready to look at", "failed": "could not be looked at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenWish:
    """A wish in the list of those that nobody has applied or left."""

    public_id: str
    words: str
    by: str
    made_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Sides:
    """What one theme would get and lose, in words, with the comments this person may see."""

    name: str
    words: str
    gets: int
    loses: int
    gained: tuple[ShownWords, ...]
    lost: tuple[ShownWords, ...]


@dataclass(frozen=True, slots=True)
class WishShown:
    """One wished change; `found` is None while it is looked at.

    `problem` says why it cannot be done any more, or, where it `can_be_done`, why it could not be looked at.
    `words` are those of a theme that would be written otherwise; it `is_overtaken` where others wrote there since.
    """

    public_id: str
    title: str
    by: str
    made_at: datetime
    state: str
    number: int
    is_overtaken: bool
    words: tuple[WordChange, ...]
    looked: int
    of: int
    is_silent: bool
    can_be_done: bool
    problem: str | None
    found: str | None
    label_words: str
    sides: tuple[Sides, ...]

    @property
    def is_working(self) -> bool:
        """Whether waiting makes sense: the page looks again by itself."""
        return self.state == "waiting" and not self.is_silent and self.can_be_done

    @property
    def may_apply_unseen(self) -> bool:
        """Whether it can be applied although nobody knows what it would change."""
        return self.state in drafts.OPEN and self.can_be_done and self.found is None and not self.is_working


def open_wishes(session: Session) -> tuple[OpenWish, ...]:
    """What is wished and neither applied nor left, the newest first."""
    return tuple(
        OpenWish(draft.public_id, words_of(session, drafts.wish_of(draft)), by, draft.made_at, _STATES[draft.state])
        for draft, by in drafts.open_drafts(session)
    )  # fmt: skip


def words_of(session: Session, wish: Wish) -> str:
    """The wish as a heading."""
    then = ""
    if isinstance(wish, BringBack):
        zone = ZoneInfo(settings().time_zone)
        at = versions.version(session, wish.number).at
        then = date_words(at, clock.today(settings().time_zone), zone)
    return wished(versions.current(session).themes, wish, then=then)


def wish_shown(session: Session, principal: Principal, draft: ThemeDraft) -> WishShown:
    """One wished change as this person may see it."""
    wish, now = drafts.wish_of(draft), versions.current(session)
    found = drafts.found_of(draft, now.number)
    about = _about(session, now, wish) if found else ()
    sides = _sides(session, principal, found, about) if found else ()
    problem = _problem(session, wish) if draft.state in drafts.OPEN else None
    return WishShown(
        public_id=draft.public_id,
        title=words_of(session, wish),
        by=session.get_one(User, draft.by_id).name,
        made_at=draft.made_at,
        state=draft.state,
        number=now.number,
        is_overtaken=problem is not None and problem.code == rules.OVERTAKEN,
        words=_words(now, wish) if draft.state in drafts.OPEN and problem is None else (),
        looked=draft.looked,
        of=draft.of,
        is_silent=drafts.is_silent(draft, clock.now()),
        can_be_done=problem is None,
        problem=problem.message if problem else draft.trouble,
        found=found_words(found, about) if found else None,
        label_words=_label_words(session, found, wish) if found else "",
        sides=sides,
    )


def _problem(session: Session, wish: Wish) -> VocError | None:
    try:
        rules.changed(versions.current(session).themes, wish, drafts.earlier_of(session, wish))
    except VocError as error:
        return error
    return None


def _words(now: Current, wish: Wish) -> tuple[WordChange, ...]:
    if not isinstance(wish, Describe):
        return ()
    after = rules.changed(now.themes, wish, {})
    return word_changes(now.themes[wish.key], after[wish.key])


def _label_words(session: Session, found: Compared, wish: Wish) -> str:
    if not found.with_labels:
        return ""
    one = found.with_labels == 1
    words = f"A person set the themes of {count_words(found.with_labels, 'comment')}; {'that one stays' if one else 'those stay'}."
    if not isinstance(wish, Merge):
        return words
    themes = versions.current(session).themes
    if wish.key not in themes or wish.into not in themes:
        return words
    return f"{words} What they said of “{themes[wish.key].name}” counts for “{themes[wish.into].name}” then, and for “{themes[wish.key].name}” again when you take it back."


def _about(session: Session, now: Current, wish: Wish) -> tuple[Named, ...]:
    """The themes that a wish is about, those that would be new first."""
    try:
        after = rules.changed(now.themes, wish, drafts.earlier_of(session, wish))
    except VocError:
        return ()
    if isinstance(wish, BringBack | TakeBack):
        return ()
    new = [key for key in after if key not in now.themes]
    about = None if isinstance(wish, Move) else theme_of(wish)  # a move changes what it stands under alone
    named = (about, getattr(wish, "into", None), getattr(wish, "under", None))
    keys = dict.fromkeys([*new, *(key for key in named if key in after)])
    return tuple((key, after[key].name) for key in keys)


def _sides(
    session: Session, principal: Principal, found: Compared, about: Sequence[Named]
) -> tuple[Sides, ...]:
    def words(examples: tuple[Example, ...]) -> tuple[ShownWords, ...]:
        wanted = [Taught(one.comment, one.starts_at, one.ends_at) for one in examples]
        shown = shown_words(session, principal, wanted)
        return tuple(shown[one.comment] for one in wanted if one.comment in shown)

    keys = {key for key, _ in about}
    return tuple(
        Sides(one.name, theme_words(one), one.gets, one.loses, words(one.gained), words(one.lost))
        for one in sorted(found.themes, key=lambda one: one.key not in keys)
    )
