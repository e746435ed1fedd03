"""A moment of the demo's past, and one of its people acting there."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from voc.access.models import User
from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import Principal
from voc.demo.hands import acting, person_of, user_of
from voc.demo.records import Story

_HERE = Path(__file__).parent
_SATURDAY = 5
Words = Mapping[str, Any]  # Any: nested TOML tables


@cache
def load_words() -> dict[str, Any]:  # Any: nested TOML tables
    """What was asked, decided, told and promised, as written in words.toml."""
    return tomllib.loads((_HERE / "words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Past:
    """One chapter's transaction, with the story and those who act in it."""

    session: Session
    story: Story
    settings: Settings

    @property
    def zone(self) -> str:
        """The provider's time zone."""
        return self.settings.time_zone

    def day(self, days_ago: int) -> date:
        """So many days before the story was told, or the Friday before a weekend; below 0 it is to come."""
        day = self.story.told_on - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))

    def moment(self, days_ago: int, hour: int = 9, minute: int = 10) -> datetime:
        """That time of that day."""
        return datetime.combine(self.day(days_ago), time(hour, minute), tzinfo=UTC)

    @contextmanager
    def on(self, days_ago: int, hour: int = 9, *, by: str = "lead") -> Iterator[Session]:
        """The session as it was then, in the hands of this person of the story."""
        with clock.frozen(self.moment(days_ago, hour)), acting(self.session, self.person(by)):
            yield self.session

    @contextmanager
    def now(self, *, by: str = "lead") -> Iterator[Session]:
        """The session of this moment: what the machine did just now cannot be undone earlier."""
        with acting(self.session, self.person(by)):
            yield self.session

    def user(self, who: str) -> User:
        """The colleague who plays this part: lead, executive or admin."""
        return user_of(self.session, self.story, who)

    def person(self, who: str) -> Principal:
        """The same as somebody who is signed in."""
        return person_of(self.session, self.story, who)
