"""What a demo's client does with a mail, and after how many days: from the generator's truth alone."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from voc.demo.records import Behaviour, Temper, Truth

Act = Literal["answer", "not_me", "pass_on", "stop_asking", "bounce", "solved", "look"]
_REMINDER_DAYS = 5
_WISHES_NO_MORE = 23  # one in so many of those who answer also says: do not ask me again
_SAYS_WORDS = 2  # one in so many adds a line
_PARTS: tuple[Temper, ...] = ("bounces", "not_me", "angry")


@dataclass(frozen=True, slots=True)
class Deed:
    """One act, so many days after the mail; `value` is the answer, `with_words` whether a line goes with it."""

    act: Act
    days: int
    value: str = ""
    with_words: bool = False
    is_angry: bool = False
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """The truth with the parts that one round of a question needs somebody to play."""

    truth: Truth
    parts: Mapping[str, Temper] = field(default_factory=dict)

    def behaviour(self, email: str) -> Behaviour | None:
        """How this person behaves; None for an address that the truth does not know."""
        known = self.truth.behaviour.get(email)
        temper = self.parts.get(email)
        return replace(known, temper=temper) if known is not None and temper is not None else known

    def asked(self, email: str, key: str, since_on: date, *, is_reminder: bool) -> Deed | None:
        """What comes of a question about this issue since that day; None is silence."""
        who = self.behaviour(email)
        if who is None or who.temper == "silent":
            return None
        if who.temper == "bounces":
            return None if is_reminder else Deed("bounce", 0)
        if who.needs_reminder != is_reminder:
            return None
        days = max(0, who.days_to_answer - (_REMINDER_DAYS if is_reminder else 0))
        if who.temper == "not_me":
            return Deed("not_me", days)
        if who.temper == "answers" and _one_in(_WISHES_NO_MORE, email, key):
            return Deed("stop_asking", days)
        said = self._truly(who).answer(email, key, since_on)
        words = said in ("problem", "manages", "no") and _one_in(_SAYS_WORDS, email, key)
        return Deed("answer", days, said, with_words=words, is_angry=who.temper == "angry")

    def told_solved(self, email: str, key: str) -> Deed | None:
        """What comes of “is it solved?”; None is silence."""
        who = self.behaviour(email)
        if who is None:
            return None
        truth = self._truly(who)
        said = truth.signs_off(email, key)
        if said == "silence":
            return None
        days = min(who.days_to_answer, _REMINDER_DAYS)
        return Deed(
            "solved", days, said, with_words=said == "no", satisfaction=truth.satisfaction(email, key)
        )

    def _truly(self, who: Behaviour) -> Truth:
        return replace(self.truth, behaviour={who.email: who})


def cast(truth: Truth, asked: Iterable[str], spared: Iterable[str] = ()) -> Conduct:
    """The conduct of one round: where nobody of those asked would bounce, be the wrong one or be angry, somebody is."""
    keep = set(spared)
    people = [truth.behaviour[email] for email in sorted(set(asked)) if email in truth.behaviour]
    free = [one for one in people if one.email not in keep and one.temper in ("silent", "answers")]
    parts: dict[str, Temper] = {}
    for part in _PARTS:
        if all(one.temper != part for one in people) and len(free) > len(_PARTS):
            taken = free.pop(zlib.crc32(part.encode()) % len(free))
            parts[taken.email] = part
    return Conduct(truth, parts)


def _one_in(sides: int, who: str, what: str) -> bool:
    return zlib.crc32(f"{what} {who}".encode()) % sides == 0
