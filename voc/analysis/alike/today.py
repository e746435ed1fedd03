"""The queue of comments that nobody is sure of the theme of, on the page of what is owed: alike ones are one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.analysis.alike.queries import Kind, in_a_kind, kind_of, kinds, totals
from voc.analysis.comments import comment_shown
from voc.analysis.queries import theme_ids
from voc.analysis.rules import NO_THEME
from voc.analysis.themes.queries import Choice, choices
from voc.analysis.themes.versions import current
from voc.analysis.waiting import number_waiting, unsure, waiting
from voc.core.principal import Principal
from voc.db.scope import principal_of
from voc.web.owed import Owed
from voc.web.panels import Rendered
from voc.web.words import count_words

QUEUE = "unsure"
_SURE = 0.5  # half of what is most like them has the theme (policy)
_KIND = "alike-"  # begins the key of a line that stands for several; the public id of one of them follows


@dataclass(frozen=True, slots=True)
class AlikeShown:
    """A kind with what one act can say of it: the theme it is nearest to first, then any of them."""

    kind: Kind
    guess: Choice | None
    is_sure: bool
    themes: tuple[Choice, ...]
    none_fits: str


def unsure_number(session: Session) -> tuple[int, str]:
    """How many lines the queue has, and in words how many kinds of how many comments."""
    number = number_waiting(session, QUEUE)
    found, held = totals(session, unsure(session))
    words = f"{count_words(number, 'comment')}, {count_words(found, 'kind')}"
    if number > held:
        words += f" and {number - held:,} by {'itself' if number - held == 1 else 'themselves'}"
    return found + number - held, words


def unsure_lines(session: Session, limit: int) -> Sequence[Owed]:
    """Kinds first, what hurts most clients most on top; then those that stand alone, newest first."""
    query = unsure(session)
    found = kinds(session, query, principal_of(session), limit=limit, listed=1)
    lines = [_line(one) for one in found]
    alone = waiting(session, QUEUE, limit - len(lines), but=in_a_kind(query)) if len(lines) < limit else ()
    return [*lines, *(Owed(one.public_id, one.account, one.said_at, one.words) for one in alone)]


def _line(kind: Kind) -> Owed:
    first = kind.said[0]
    who = f"{count_words(kind.number, 'alike', 'alike')}, {count_words(kind.clients, 'client')}"
    return Owed(_KIND + first.public_id, who, first.said_at, first.words)


def unsure_thing(session: Session, principal: Principal, key: str) -> Rendered:
    """A kind with its comments, or one comment; NotFound for what is not this person's to see."""
    public_id = key.removeprefix(_KIND)
    found = kind_of(session, unsure(session), principal, public_id) if key != public_id else None
    if found is None:
        return Rendered("analysis/_comment.html", comment_shown(session, principal, public_id))
    themes = choices(current(session).themes)
    guess, share = _guess(session, found, dict(themes))
    return Rendered("analysis/_alike.html", AlikeShown(found, guess, share >= _SURE, themes, NO_THEME))


def _guess(session: Session, kind: Kind, names: Mapping[str, str]) -> tuple[Choice | None, float]:
    """The theme in use that most of what is like the kind has, and their share."""
    keys = {number: key for key, number in theme_ids(session).items()}
    near = ((keys.get(theme, ""), share) for theme, share in kind.near)
    return next((((key, names[key]), share) for key, share in near if key in names), (None, 0.0))
