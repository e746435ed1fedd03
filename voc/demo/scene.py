"""Who speaks, where and when, and what the open places in a sentence are filled with."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from voc.demo.grammar import chance
from voc.demo.noise import Style
from voc.demo.records import Account, Contact
from voc.demo.words import load_cast

_GUESTS = {
    "Hospitals": "patient",
    "Clinics": "patient",
    "Care homes": "resident",
    "Laboratories": "visitor",
    "Schools": "pupil",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TIMES = (
    "7:15",
    "8:40",
    "9:50",
    "10:30",
    "11:20",
    "half past one",
    "13:45",
    "14:10",
    "quarter to three",
    "15:30",
    "four",
    "16:20",
)
_WEEKS = (
    "two weeks",
    "three weeks",
    "a month",
    "five weeks",
    "six weeks",
    "nearly two months",
    "ten days",
    "four weeks",
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person who speaks for an account, with the manner they keep."""

    account: str
    segment: str
    domain: str
    places: tuple[str, ...]
    colleague: str
    name: str
    role: str
    email: str | None
    phone: str | None
    style: Style

    @classmethod
    def of(cls, account: Account, contact: Contact, style: Style) -> "Speaker":
        """The contact as a speaker for the account."""
        return cls(
            account.name, account.segment, domain_of(account.group or account.name),
            _places()[account.segment],
            account.owner, contact.name, contact.role, contact.email, contact.phone, style,
        )  # fmt: skip

    @classmethod
    def plain(cls, account: Account, rng: random.Random) -> "Speaker":
        """Nobody in particular at this account."""
        return cls.of(account, Contact(account.name, _full(rng), "", None, None), Style.plain())


def domain_of(group: str) -> str:
    """The group's reserved mail domain: the first word of its name under .example."""
    return f"{group.split(maxsplit=1)[0].lower()}.example"


def phone_number(rng: random.Random) -> str:
    """A telephone number out of the ranges kept free for fiction."""
    area = rng.choice(("+44 20 7946", "+44 20 7946", "+44 161 496", "0161 496", "020 7946"))
    return f"{area} 0{rng.randrange(100, 1000)}"


@cache
def _places() -> dict[str, tuple[str, ...]]:
    return {segment["name"]: tuple(segment["places"]) for segment in load_cast()["segment"]}


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: dict[str, Any] = load_cast()["names"]  # Any: a TOML table
    return tuple(names["given"]), tuple(names["family"])


def _pick(options: tuple[str, ...], rng: random.Random) -> str:
    return options[int(rng.random() * len(options))]


def _full(rng: random.Random) -> str:
    given, family = _names()
    return f"{_pick(given, rng)} {_pick(family, rng)}"


class Scene:
    """One saying: remembers the personal strings it gives out, so that the truth knows what to mask."""

    def __init__(self, speaker: Speaker, on: date, rng: random.Random) -> None:
        self.speaker = speaker
        self._on = on
        self._rng = rng
        self._personal: list[str] = []

    def fill(self, name: str) -> str:
        """What stands in this place; an unknown name is a KeyError."""
        return _FILLERS[name](self)

    def sign(self) -> str:
        """The signature under a mail: a name, at times with role, account and number."""
        speaker = self.speaker
        name = self.personal(speaker.name if chance(self._rng, 0.6) else speaker.name.split()[0])
        lines = [name]
        if chance(self._rng, 0.35):
            lines.append(f"{speaker.role}, {speaker.account}" if chance(self._rng, 0.6) else speaker.role)
        if chance(self._rng, 0.25) and speaker.phone:
            lines.append(
                f"{_pick(('T', 'Tel.', 'Phone', 'Direct:'), self._rng)} {self.personal(speaker.phone)}"
            )
        return "\n".join(lines)

    def personal(self, said: str) -> str:
        """The same string, remembered as personal."""
        self._personal.append(said)
        return said

    def personal_in(self, text: str) -> tuple[str, ...]:
        """The remembered strings as they stand in the text, without repeats."""
        folded = text.lower()
        found = dict.fromkeys(
            text[folded.index(said.lower()) :][: len(said)]
            for said in self._personal
            if said.lower() in folded
        )
        return tuple(found)

    def number(self, low: int, high: int) -> str:
        """A whole number from low to high, both included."""
        return str(low + int(self._rng.random() * (high - low + 1)))

    def pick(self, options: tuple[str, ...]) -> str:
        """One of the options."""
        return _pick(options, self._rng)

    def day_before(self, nearest: int, farthest: int) -> date:
        """A day so many days before this saying."""
        return self._on - timedelta(days=nearest + int(self._rng.random() * (farthest - nearest)))

    def given(self) -> str:
        """Somebody's first name, remembered."""
        return self.personal(_pick(_names()[0], self._rng))

    def full(self) -> str:
        """Somebody's whole name, remembered."""
        return self.personal(_full(self._rng))

    def mail(self) -> str:
        """An address at this client, remembered."""
        return self.personal(f"{_full(self._rng).lower().replace(' ', '.')}@{self.speaker.domain}")

    def date_text(self) -> str:
        """A day in the last two and a half weeks, as people write it."""
        day = self.day_before(1, 18)
        return self.pick((f"{day.day} {day:%B}", f"{day.day} {day:%b}", f"the {day.day}{_ordinal(day.day)}"))

    def guests(self) -> str:
        """The people this client looks after."""
        return f"{_GUESTS[self.speaker.segment]}s"

    def who(self) -> str:
        """The contact as a colleague would name them in a note."""
        speaker = self.speaker
        role = speaker.role[:1].lower() + speaker.role[1:]
        if not speaker.role or chance(self._rng, 0.25):
            return self.personal(speaker.name)
        return self.pick(
            (f"the {role}", f"{self.personal(speaker.name)} ({role})", self.personal(speaker.name))
        )

    def invoice(self) -> str:
        """An invoice number of the provider's form."""
        return f"LQ-{self._on.year}-{self.number(10400, 48900)}"


def _ordinal(day: int) -> str:
    if day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


_FILLERS: dict[str, Callable[[Scene], str]] = {
    "account": lambda scene: scene.speaker.account,
    "big": lambda scene: scene.number(11, 48),
    "colleague": lambda scene: scene.personal(scene.speaker.colleague),
    "colleague_first": lambda scene: scene.personal(scene.speaker.colleague.split()[0]),
    "date": Scene.date_text,
    "day": lambda scene: scene.pick(_DAYS),
    "family": lambda scene: scene.personal(scene.pick(_names()[1])),
    "first": Scene.given,
    "full": Scene.full,
    "guest": lambda scene: scene.guests()[:-1],
    "guests": Scene.guests,
    "hot": lambda scene: scene.number(64, 76),
    "inv": Scene.invoice,
    "mail": Scene.mail,
    "month": lambda scene: f"{scene.day_before(25, 70):%B}",
    "n": lambda scene: scene.number(2, 6),
    "person": Scene.full,
    "phone": lambda scene: scene.personal(phone_number(scene._rng)),  # noqa: SLF001
    "place": lambda scene: scene.pick(scene.speaker.places),
    "po": lambda scene: scene.pick(("PO ", "45", "order ")) + scene.number(100300, 987000),
    "time": lambda scene: scene.pick(_TIMES),
    "weeks": lambda scene: scene.pick(_WEEKS),
    "who": Scene.who,
}
