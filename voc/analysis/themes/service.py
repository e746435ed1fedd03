"""Adds, changes, retires and puts back themes; each change keeps what it replaced, so that undo can."""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.analysis.forms import ThemeWanted
from voc.analysis.models import Theme
from voc.analysis.themes.queries import handle_of, newest_act
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.text import name_key

_KEY_LENGTH = 40


def find_theme(session: Session, public_id: str) -> Theme:
    """The theme of this public id; raises NotFound."""
    theme = session.scalar(select(Theme).where(Theme.public_id == public_id))
    if theme is None:
        raise NotFound
    return theme


def add_theme(session: Session, wanted: ThemeWanted) -> Theme:
    """A new theme, in use for comments that are read from now on; Invalid when the name is in use."""
    _check_free(session, wanted.name, but=None)
    theme = Theme(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        key=_free_key(session, wanted.name),
        name=wanted.name,
        description=wanted.description,
        examples=[],
        created_at=clock.now(),
    )
    session.add(theme)
    session.flush()
    record(session, "theme.add", _thing(theme), name=theme.name)
    return theme


def change_theme(session: Session, theme: Theme, wanted: ThemeWanted) -> None:
    """Renames or describes anew; the theme's key and all that was read with it stay."""
    _check_free(session, wanted.name, but=theme)
    record(
        session, "theme.change", _thing(theme), name=wanted.name, name_before=theme.name,
        about=wanted.description, about_before=theme.description,
    )  # fmt: skip
    theme.name, theme.description = wanted.name, wanted.description
    session.flush()


def retire_theme(session: Session, theme: Theme) -> None:
    """Takes the theme out of use for what is read from now on; what was read with it stays."""
    if theme.retired_at is None:
        theme.retired_at = clock.now()
        record(session, "theme.retire", _thing(theme), name=theme.name)


def restore_theme(session: Session, theme: Theme) -> None:
    """Puts a retired theme back in use; Invalid when another has its name by now."""
    if theme.retired_at is not None:
        _check_free(session, theme.name, but=theme)
        theme.retired_at = None
        record(session, "theme.restore", _thing(theme), name=theme.name)


def undo_handle(session: Session, theme: Theme) -> str:
    """The handle of the newest change of `theme`, for its Undo."""
    row = newest_act(session, theme.public_id)
    if row is None:
        raise NotFound
    return handle_of(row.id)


def undo(session: Session, theme: Theme, handle: str) -> None:
    """Puts back what the newest change replaced; Conflict when something was changed since."""
    row = newest_act(session, theme.public_id)
    if row is None or handle_of(row.id) != handle:
        raise Conflict(
            "This theme was changed again since then. Look at it as it is now, and change it by hand."
        )
    if row.act == "theme.change":
        theme.name = str(row.detail["name_before"])
        theme.description = str(row.detail["about_before"])
    elif row.act in {"theme.add", "theme.restore"}:
        theme.retired_at = clock.now()
    elif row.act == "theme.retire":
        theme.retired_at = None
    record(session, "theme.undo", _thing(theme), undone=row.act)


def _thing(theme: Theme) -> str:
    return f"theme {theme.public_id}"


def _check_free(session: Session, name: str, *, but: Theme | None) -> None:
    taken = session.scalars(select(Theme).where(Theme.retired_at.is_(None)))
    for theme in taken:
        if theme is not but and name_key(theme.name) == name_key(name):
            words = f"There is a theme “{theme.name}” already. Choose another name, or change that one."
            raise Invalid(words, fields={"name": words})


def _free_key(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_KEY_LENGTH] or "theme"
    taken = set(session.scalars(select(Theme.key)))
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)
