"""What a demo's client does with a mail, and after how many days: from the generator's truth alone."""

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from voc.demo.records import Behaviour, Story, Temper, Truth

Act = Literal["answer", "not_me", "pass_on", "stop_asking", "bounce", "solved"]
_REMINDER_DAYS = 5
_SOON_DAYS = 3
_SAYS_WORDS = 2  # one in so many adds a line
_TEMPERS: tuple[Temper, ...] = ("bounces", "not_me", "angry")


@dataclass(frozen=True, slots=True)
class Deed:
    """One act, so many days after the mail; `value` is the answer, `with_words` whether a line goes with it.

    `colleague` is the address to which the question is passed on as well.
    """

    act: Act
    days: int
    value: str = ""
    with_words: bool = False
    is_angry: bool = False
    colleague: str | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What one round of a question needs somebody to play, beyond what people are like anyway."""

    tempers: Mapping[str, Temper] = field(default_factory=dict)
    wants_no_more: str | None = None
    passes_on: str | None = None
    differs: str | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """The truth about people, with the parts of one round."""

    truth: Truth
    parts: Parts = field(default_factory=Parts)

    def behaviour(self, email: str, key: str) -> Behaviour | None:
        """How this person behaves about this issue; None for an address that the truth does not know."""
        known = self.truth.behaviour.get(email)
        if known is None:
            return None
        if email == self.parts.differs:
            return replace(
                known, temper="answers", days_to_answer=1, needs_reminder=False, differs_on=frozenset({key})
            )
        if email in (self.parts.passes_on, self.parts.wants_no_more):
            soon = min(known.days_to_answer, _SOON_DAYS)
            return replace(
                known, temper="answers", days_to_answer=soon, needs_reminder=False, differs_on=frozenset()
            )
        temper = self.parts.tempers.get(email)
        if temper is None:
            return known
        soon = min(known.days_to_answer, _SOON_DAYS)
        return replace(known, temper=temper, days_to_answer=soon, needs_reminder=False)

    def asked(self, email: str, key: str, since_on: date, *, is_reminder: bool) -> Deed | None:
        """What comes of a question about this issue since that day; None is silence."""
        who = self.behaviour(email, key)
        if who is not None and who.temper == "silent" and who.needs_reminder and is_reminder:
            who = replace(who, temper="answers")  # some of the silent only wanted to be asked twice
        if who is None or who.temper == "silent":
            return None
        if who.temper == "bounces":
            return None if is_reminder else Deed("bounce", 0)
        if who.needs_reminder != is_reminder:
            return None
        days = max(0, who.days_to_answer - (_REMINDER_DAYS if is_reminder else 0))
        if who.temper == "not_me":
            return Deed("not_me", days)
        if email == self.parts.wants_no_more:
            return Deed("stop_asking", days)
        said = self._truly(who).answer(email, key, since_on)
        words = said in ("problem", "manages", "no") and _one_in(_SAYS_WORDS, email, key)
        colleague = self.parts.differs if email == self.parts.passes_on else None
        act: Act = "pass_on" if colleague else "answer"
        return Deed(act, days, said, words, is_angry=who.temper == "angry", colleague=colleague)

    def told_solved(self, email: str, key: str) -> Deed | None:
        """What comes of “is it solved?”; None is silence."""
        who = self.behaviour(email, key)
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


def cast(story: Story, key: str, asked: Iterable[str]) -> Conduct:
    """The conduct of one round of a question: whatever the people asked are like, each of these happens once.

    A mail comes back, somebody is the wrong person, somebody is angry, somebody wants no more questions,
    and two colleagues differ. The clients whom a visitor of the demo can be play no part.
    """
    truth = story.truth
    yours = {person.account for person in story.people.values()}
    known = [truth.behaviour[email] for email in sorted(set(asked)) if email in truth.behaviour]
    people = [one for one in known if one.group not in yours]
    passes_on, differs = _two_who_differ(story, key, people)
    free = {one.email for one in people if one.temper in ("silent", "answers")} - {passes_on}
    heard = {
        one.email for one in people if truth.talk.get(one.group, 0) > 0
    }  # only they have cause for anger
    tempers: dict[str, Temper] = {}
    for temper in _TEMPERS:
        fit = free & heard if temper == "angry" else free
        if fit and all(one.temper != temper or one.needs_reminder for one in people):
            email = _pick(fit, temper)
            free.discard(email)
            tempers[email] = temper
    return Conduct(truth, Parts(tempers, _pick(free, "no more") if free else None, passes_on, differs))


def _two_who_differ(story: Story, key: str, people: Iterable[Behaviour]) -> tuple[str | None, str | None]:
    """One of those asked who has the issue, and a colleague at the same place who will say no."""
    at = {one.email: one.account for one in story.contacts if one.email}
    has = story.truth.issues[key].has
    asked = {one.email for one in people}
    pairs = {
        one.email: others
        for one in people
        if one.group in has
        and (
            others := [
                other for other, place in at.items() if place == at.get(one.email) and other not in asked
            ]
        )
    }
    if not pairs:
        return None, None
    first = _pick(pairs, key)
    return first, _pick(pairs[first], key)


def _pick(emails: Collection[str], what: str) -> str:
    """One of them by the lot; others joining rarely changes who it is."""
    return min(emails, key=lambda email: (zlib.crc32(f"{what} {email}".encode()), email))


def _one_in(sides: int, who: str, what: str) -> bool:
    return zlib.crc32(f"{what} {who}".encode()) % sides == 0
