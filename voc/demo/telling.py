"""Gives each turn its person, hour, channel and words: turns become comments."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from voc.demo.book import Book, address
from voc.demo.grammar import chance
from voc.demo.noise import Style
from voc.demo.parts import KNOWN_CONTACTS, LOUD_NAME, PARTS
from voc.demo.plot import Turn
from voc.demo.records import Account, Channel, Contact, DemoComment, Kind, TrueIssue
from voc.demo.scene import Speaker
from voc.demo.voice import Utterance, Voice
from voc.demo.words import Wordbook

_CHANNELS: tuple[Channel, ...] = ("form", "email", "staff_note", "api")
_CHANNEL_WEIGHTS = (46, 34, 13, 7)
_KINDS: dict[str, Kind] = {"praise": "praise", "suggestion": "suggestion"}
_HURTS = (1, 2, 4, 8)
_GRAVE = 4
_PHONE = re.compile(r"(?:\+44 |\b0)\d[\d ]{7,11}\d\b")
_ABROAD_SHARE = 0.6
_ABROAD_MOST = 2
_MOMENT_WHO = {
    "loud": "loud_client", "termination": "termination", "colleague": "named_colleague",
    "stopped": "stopped", "usage_up": "usage_up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A comment with what only the truth knows about it."""

    comment: DemoComment
    issues: tuple[str, ...]
    personal: tuple[str, ...]
    language: str


@dataclass(slots=True)
class Teller:
    """Finds the words for turns, one after the other; remembers texts so that no two are equal."""

    book: Book
    words: Wordbook
    issues: Mapping[str, TrueIssue]
    rng: random.Random
    _texts: set[str] = field(default_factory=set)
    _abroad: Counter[str] = field(default_factory=Counter)
    _speakers: dict[tuple[str, str], Speaker] = field(default_factory=dict)

    def tell(self, turns: Iterable[Turn]) -> list[Told]:
        """The turns as comments, in the order given; source ids come later."""
        voice = Voice(self.words, self.rng)
        return [self._told(turn, voice) for turn in turns]

    def moments(self, today: date) -> list[Told]:
        """The written-out sayings of the story."""
        return [self._moment(moment, today) for moment in self.words.moments]

    def _told(self, turn: Turn, voice: Voice) -> Told:
        speaker, contact = self._who(turn)
        channel = self._channel(contact, turn)
        abroad = self._may_be_abroad(turn, speaker, channel)
        for _ in range(60):
            said = self._say(turn, voice, speaker, channel, abroad=abroad)
            if not self._known(said.text):
                break
        self._texts.add(_folded(said.text))
        comment = self._comment(turn, speaker, contact, channel, said.text)
        return Told(comment, turn.issues, said.personal, said.language)

    def _known(self, text: str) -> bool:
        return _folded(text) in self._texts

    def _say(
        self, turn: Turn, voice: Voice, speaker: Speaker, channel: Channel, *, abroad: bool
    ) -> Utterance:
        if turn.manner:
            return voice.say_frames(turn.manner, speaker, turn.on, channel)
        issues = [self.words.issues[key] for key in turn.issues]
        if abroad:
            return voice.speak_abroad(issues[0], speaker, turn.on)
        return voice.speak(issues, speaker, turn.on, channel)

    def _may_be_abroad(self, turn: Turn, speaker: Speaker, channel: Channel) -> bool:
        if turn.manner or len(turn.issues) > 1 or channel not in ("form", "email"):
            return False
        many = turn.group in (PARTS["loud_client"], PARTS["loud_alone"])
        speaks = speaker.style.tongue in self.words.issues[turn.issues[0]].abroad
        if (
            many
            or not speaks
            or self._abroad[speaker.name] >= _ABROAD_MOST
            or not chance(self.rng, _ABROAD_SHARE)
        ):
            return False
        self._abroad[speaker.name] += 1
        return True

    def _who(self, turn: Turn) -> tuple[Speaker, Contact]:
        account = self._account(turn)
        people = self.book.contacts_of(account.name) or self.book.contacts_of(turn.group)
        weights = [1 / place**1.3 for place in range(1, len(people) + 1)]
        contact = self.rng.choices(people, weights)[0]
        if turn.group == PARTS["loud_client"] and "late_round" in turn.issues:
            account = self._group(turn.group)
            contact = self.book.contacts_of(turn.group)[0]
        known = self._speakers.get((account.name, contact.name))
        if known is None:
            style = Style.draw(self.rng)
            style = (
                replace(style, lower=False, typo=0.05, wordy=True, no_stop=False, loud=False)
                if contact.name == LOUD_NAME
                else style
            )
            known = self._speakers[account.name, contact.name] = Speaker.of(account, contact, style)
        return known, contact

    def _group(self, name: str) -> Account:
        return next(account for account in self.book.accounts if account.name == name)

    def _account(self, turn: Turn) -> Account:
        sites = self.book.sites_of(turn.group)
        if not sites or chance(self.rng, 0.45):
            return self._group(turn.group)
        concerned = self.issues[turn.issues[0]].sites.get(turn.group, ()) if turn.issues else ()
        named = [site for site in sites if site.name in concerned]
        return self.rng.choice(named or list(sites)) if named or not turn.issues else self._group(turn.group)

    def _channel(self, contact: Contact, turn: Turn) -> Channel:
        if contact.email is None:
            return "staff_note"
        if turn.manner == "vague":
            return self.rng.choice(("form", "form", "api"))
        return self.rng.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]

    def _comment(
        self, turn: Turn, speaker: Speaker, contact: Contact, channel: Channel, text: str
    ) -> DemoComment:
        issue = self.words.issues[turn.issues[0]] if turn.issues else None
        form = channel == "form"
        hurt = self._hurt(issue.hurt) if issue and form and chance(self.rng, 0.6) else None
        senior = issue is not None and form and issue.hurt >= _GRAVE and chance(self.rng, 0.035)
        return DemoComment(
            source_id="", said_at=self._moment_of(turn.on), account=speaker.account,
            contact=None if channel == "staff_note" and chance(self.rng, 0.4) else contact.email,
            channel=channel,
            kind="escalation" if senior else _KINDS.get(turn.manner or "", "comment"),
            text=text, hurt=hurt,
            touches=self._touches(turn, speaker) if form and chance(self.rng, 0.25) else None,
            would_solve=self._would_solve(turn) if form and chance(self.rng, 0.12) else None,
            wants_senior=senior, may_ask_others=form and issue is not None and chance(self.rng, 0.15),
            not_seen_by=None,
        )  # fmt: skip

    def _hurt(self, usual: int) -> int:
        place = _HURTS.index(usual) + self.rng.choice((-1, 0, 0, 0, 1))
        return _HURTS[min(3, max(0, place))]

    def _touches(self, turn: Turn, speaker: Speaker) -> str | None:
        if not turn.issues:
            return None
        service = self.words.issues[turn.issues[0]].services[0]
        place = self.rng.choice(speaker.places)
        return self.rng.choice((service, service.lower(), place, f"{service}, {place}"))

    def _would_solve(self, turn: Turn) -> str | None:
        if not turn.issues:
            return None
        voice = Voice(self.words, self.rng)
        speaker = self._who(turn)[0]
        return voice.wish(self.words.issues[turn.issues[0]], speaker, turn.on)

    def _moment_of(self, on: date) -> datetime:
        hour = self.rng.choices(range(5, 22), (1, 3, 7, 9, 9, 9, 7, 5, 7, 8, 7, 5, 2, 2, 2, 2, 1))[0]
        at = time(hour, self.rng.randrange(60), self.rng.randrange(60), tzinfo=UTC)
        return datetime.combine(on, at)

    def _moment(self, moment: Mapping[str, Any], today: date) -> Told:  # Any: a TOML table
        group = PARTS[_MOMENT_WHO[moment["who"]]]
        domain = f"{group.split()[0].lower()}.example"
        name = KNOWN_CONTACTS[group][0][0]
        staff = {colleague.name: colleague.email for colleague in self.book.staff}
        comment = DemoComment(
            source_id="", said_at=self._moment_of(today - timedelta(days=moment["days_ago"])), account=group,
            contact=address(name, domain), channel="email" if moment["who"] != "colleague" else "form",
            kind=moment["kind"], text=moment["text"], hurt=moment.get("hurt"), touches=None, would_solve=None,
            wants_senior=moment.get("senior", False), may_ask_others=moment.get("may_ask", False),
            not_seen_by=staff.get(moment.get("not_seen_by", "")),
        )  # fmt: skip
        self._texts.add(_folded(comment.text))
        named = [
            name,
            name.split()[0],
            *staff,
            *(each.split()[0] for each in staff),
            *_PHONE.findall(comment.text),
        ]
        personal = tuple(word for word in named if word in comment.text)
        return Told(comment, ("late_round",) if moment["who"] == "loud" else (), personal, "en")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
