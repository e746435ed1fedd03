"""Changes that are only wished: kept, looked at by a worker, applied, or left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import ThemeDraft, ThemeVersion
from voc.analysis.themes import comparing, rules, versions, wishes
from voc.analysis.themes.comparing import Compared
from voc.analysis.themes.sentences import done
from voc.analysis.themes.state import Themes
from voc.analysis.themes.wishes import BringBack, Describe, Rename, TakeBack, Wish
from voc.analysis.themes.writing import write
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound, VocError
from voc.db.scope import principal_of
from voc.db.session import ring_later
from voc.jobs import PREVIEW

OPEN: Final = ("waiting", "ready", "failed")
TRIES: Final = 3
SILENT_SECONDS: Final = 20  # a look begins within 2 s of a free worker and tells of itself every 5 s


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker compares: the themes as they are (version `number`) and as wished."""

    draft_id: int
    mark: int
    number: int
    today: Themes
    wished: Themes


def earlier_of(session: Session, wish: Wish) -> Mapping[int, Themes]:
    """The versions that a wish speaks of: brought back, taken back, or written on; empty for every other wish."""
    if isinstance(wish, BringBack):
        return {wish.number: versions.themes_of(session, wish.number)}
    if isinstance(wish, TakeBack):
        return {one: versions.themes_of(session, one) for one in (wish.number - 1, wish.number)}
    if isinstance(wish, Rename | Describe) and wish.opened:
        return {wish.opened: versions.themes_of(session, wish.opened)}
    return {}


def wish_of(draft: ThemeDraft) -> Wish:
    """What is wished."""
    return wishes.from_stored(draft.wish)


def wish(session: Session, wanted: Wish, *, draft: ThemeDraft | None = None) -> ThemeDraft:
    """Keeps a wish, or another one in place of `draft`'s, and asks a worker to look what it would change.

    Raises what `rules.changed` raises when it cannot be wished, Conflict when `draft` has ended.
    """
    rules.changed(versions.current(session).themes, wanted, earlier_of(session, wanted))
    now = clock.now()
    if draft is None:
        by = principal_of(session).user_id
        if by is None:
            raise Invalid("Only a signed-in person can do this.")
        draft = ThemeDraft(
            id=ids.new_id(), public_id=ids.new_public_id(), by_id=by, made_at=now, state="waiting", mark=0,
            wish={}, moved_at=now,
        )  # fmt: skip
        session.add(draft)
    _refuse_ended(session, draft)
    draft.wish = wishes.to_stored(wanted)
    _ask(session, draft)
    return draft


def look_again(session: Session, draft: ThemeDraft) -> None:
    """Asks once more what it would change."""
    _refuse_ended(session, draft)
    _ask(session, draft)


def _ask(session: Session, draft: ThemeDraft) -> None:
    draft.state, draft.mark, draft.moved_at = "waiting", ids.new_id(), clock.now()
    draft.tries = draft.looked = 0
    draft.trouble = None
    session.flush()
    ring_later(session, PREVIEW)


def find(session: Session, public_id: str) -> ThemeDraft:
    """The wish of this public id; raises NotFound."""
    draft = session.scalar(select(ThemeDraft).where(ThemeDraft.public_id == public_id))
    if draft is None:
        raise NotFound
    return draft


def open_drafts(session: Session) -> tuple[tuple[ThemeDraft, str], ...]:
    """The wishes that nobody has applied or left, the newest first, each with who wished it."""
    rows = session.execute(
        select(ThemeDraft, User.name)
        .join(User, User.id == ThemeDraft.by_id)
        .where(ThemeDraft.state.in_(OPEN))
        .order_by(ThemeDraft.id.desc())
    )
    return tuple((draft, by) for draft, by in rows)


def found_of(draft: ThemeDraft, number: int) -> Compared | None:
    """What it would change, where a worker has looked at just this wish and version `number`."""
    if draft.state != "ready" or draft.looked_version != number or draft.found is None:
        return None
    return comparing.from_stored(draft.found)


def is_silent(draft: ThemeDraft, now: datetime) -> bool:
    """Whether the look is waited for and no worker gets on with it."""
    return draft.state == "waiting" and now - draft.moved_at > timedelta(seconds=SILENT_SECONDS)


def apply(session: Session, draft: ThemeDraft, *, seen: int | None, unseen: bool) -> ThemeVersion:
    """Makes the wish hold, as a new version.

    `seen` is the version that the page compared with. Raises Conflict when the themes were changed since,
    or the wish can no longer be done; `unseen` is the person's own word to apply it without looking.
    """
    _refuse_ended(session, draft)
    now, wanted = versions.current(session), wish_of(draft)
    was_looked_at = found_of(draft, now.number) is not None and seen == now.number
    if not was_looked_at and not unseen:
        raise Conflict(_not_looked(session, now.number, seen))
    themes = rules.changed(now.themes, wanted, earlier_of(session, wanted))
    words = done(now.themes, wanted)
    draft.state = "applied"
    session.flush()
    row = write(session, themes, act=wishes.kind_of(wanted), words=words, was_looked_at=was_looked_at)
    draft.version, draft.ended_at = row.number, clock.now()
    return row


def applied_by(session: Session, draft: ThemeDraft, user_id: int | None) -> ThemeVersion | None:
    """The version that this person made of a wish; None while nobody did, or somebody else."""
    row = session.get(ThemeVersion, draft.version) if draft.version is not None else None
    return row if row is not None and row.by_id == user_id else None


def rename(session: Session, wanted: Rename) -> ThemeVersion:
    """Another name at once: nothing is read or counted differently, so there is nothing to look at."""
    now = versions.current(session)
    themes = rules.changed(now.themes, wanted, earlier_of(session, wanted))
    return write(session, themes, act="rename", words=done(now.themes, wanted))


def leave(session: Session, draft: ThemeDraft) -> None:
    """Ends a wish without any change; does nothing when it was left before."""
    if draft.state != "left":
        _refuse_ended(session, draft)
        draft.state, draft.ended_at = "left", clock.now()


def take_up(session: Session, draft: ThemeDraft) -> None:
    """Opens again a wish that was left: the undo of leaving."""
    if draft.state != "left":
        raise Conflict("This change is not one that was left. Look at it as it is now.")
    draft.ended_at = None
    _ask(session, draft)


def _refuse_ended(session: Session, draft: ThemeDraft) -> None:
    if draft.state == "applied":
        by = versions.version(session, draft.version).by if draft.version else None
        raise Conflict(f"{by or 'Somebody'} has applied this already. Look at the themes as they are now.")
    if draft.state == "left":
        raise Conflict("This change was left. Wish it anew on the page of themes.")


def _not_looked(session: Session, number: int, seen: int | None) -> str:
    newest = versions.history(session, limit=1)
    if seen is not None and seen != number and newest:
        by = versions.by_whom(session, newest[0].by)
        return (
            f"{by} changed the themes since you looked: {newest[0].words}. What your change would do now is "
            "being worked out anew. Open it again in a moment, look, and decide once more."
        )
    return (
        "What this would change is not worked out yet. Wait for it, or say that you apply it without looking."
    )


def claim(session: Session) -> Look | None:
    """The oldest wish that waits to be looked at; None when none waits.

    One that can no longer be done is set aside with the reason on the way, as is one whose look failed thrice.
    """
    now = versions.current(session)
    for draft in session.scalars(
        select(ThemeDraft).where(ThemeDraft.state == "waiting").order_by(ThemeDraft.id)
    ):
        wanted = wish_of(draft)
        if draft.tries >= TRIES:
            _set_aside(draft, "What it would change could not be worked out.")
            continue
        try:
            wished = rules.changed(now.themes, wanted, earlier_of(session, wanted))
        except VocError as error:
            _set_aside(draft, error.message)
            continue
        draft.tries += 1
        draft.moved_at = clock.now()
        return Look(draft.id, draft.mark, now.number, now.themes, wished)
    return None


def _set_aside(draft: ThemeDraft, why: str) -> None:
    draft.state, draft.trouble = "failed", why


def beat(session: Session, look: Look) -> bool:
    """Says that a worker gets on with a look; False when another wish or version took its place."""
    return _change(session, look, {"moved_at": clock.now()})


def tell(session: Session, look: Look, *, looked: int, of: int) -> bool:
    """Says how far a look is; False when another wish or version took its place, so that it may stop."""
    return _change(session, look, {"looked": looked, "of": of, "moved_at": clock.now()})


def keep(session: Session, look: Look, found: Compared) -> bool:
    """Keeps what a look found; False when another wish or version took its place meanwhile."""
    values = {
        "state": "ready", "found": comparing.to_stored(found), "looked_version": look.number,
        "looked": found.comments, "of": found.comments, "tries": 0, "moved_at": clock.now(),
    }  # fmt: skip
    return _change(session, look, values)


def _change(session: Session, look: Look, values: Mapping[str, object]) -> bool:
    done_to = session.execute(
        update(ThemeDraft)
        .where(ThemeDraft.id == look.draft_id, ThemeDraft.mark == look.mark, ThemeDraft.state == "waiting")
        .values(**values)
        .returning(ThemeDraft.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return done_to is not None


def is_any_waiting(session: Session) -> bool:
    """Whether a look is waited for."""
    return session.scalar(select(ThemeDraft.id).where(ThemeDraft.state == "waiting").limit(1)) is not None
