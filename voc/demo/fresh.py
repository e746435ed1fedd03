"""What clients say on a day after the story was told, out of the same book, truth and grammar."""

import random
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from voc.demo.book import Book
from voc.demo.fate import cast_groups
from voc.demo.grammar import chance
from voc.demo.parts import ISSUE_PARTS, PARTS
from voc.demo.plot import Plot, Turn, who_says_what
from voc.demo.records import DemoComment, Story
from voc.demo.telling import Teller
from voc.demo.words import load_wordbook

_SATURDAY = 5
_ON_A_WEEKDAY, _AT_THE_WEEKEND = (4, 7), (0, 2)
_MANNERS = ("chatter", "chatter", "praise", "suggestion")
_MANNER_SHARE, _LOUD_SHARE = 0.25, 0.5
_MUTE = frozenset(PARTS[part] for part in ("stopped", "termination", "quiet_client"))


def said_on(story: Story, on: date, settled: AbstractSet[str] = frozenset()) -> tuple[DemoComment, ...]:
    """A handful of comments of that day, the same for the same story and day; none about `settled` issues."""
    rng = random.Random(f"{story.told_on} {on}")
    book = Book(story.provider, story.staff, story.services, story.accounts, story.contacts)
    words = load_wordbook()
    teller = Teller(book, words, story.truth.issues, rng)
    turns = list(_turns(_plot(story), on, settled, rng))
    return tuple(
        replace(told.comment, source_id=f"demo-{on}-{number:02d}")
        for number, told in enumerate(teller.tell(turns), 1)
    )


def _plot(story: Story) -> Plot:
    hurts = {key: each.hurt for key, each in load_wordbook().issues.items()}
    return Plot(story.told_on, story.truth.issues, hurts, story.truth.talk, cast_groups(0))


def _turns(plot: Plot, on: date, settled: AbstractSet[str], rng: random.Random) -> Iterator[Turn]:
    loud = ISSUE_PARTS["dropped_process"]
    low, high = _AT_THE_WEEKEND if on.weekday() >= _SATURDAY else _ON_A_WEEKDAY
    pairs, weights = who_says_what(plot)
    for group, key in rng.choices(pairs, weights, k=rng.randint(low, high)):
        if group not in _MUTE:
            manner = rng.choice(_MANNERS) if key in settled or chance(rng, _MANNER_SHARE) else None
            yield Turn(group, on, () if manner else (key,), manner)
    if loud not in settled and on.weekday() < _SATURDAY and chance(rng, _LOUD_SHARE):
        yield Turn(PARTS["loud_client"], on, (loud,))
