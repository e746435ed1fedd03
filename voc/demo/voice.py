"""How one person says one thing: frames put together by that person's manner, with slips of the keyboard."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from voc.demo.grammar import Sequence as Frame
from voc.demo.grammar import chance, expand
from voc.demo.noise import Style, roughen, tidy
from voc.demo.records import Channel
from voc.demo.scene import Scene, Speaker
from voc.demo.words import IssueWords, Wordbook

__all__ = ["Speaker", "Utterance", "Voice"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text, the personal strings that stand in it, and its language."""

    text: str
    personal: tuple[str, ...]
    language: str


_SHAPES = (
    "short",
    "say",
    "say_then",
    "say_mood",
    "say_ask",
    "open_ask",
    "long",
    "wry",
    "bullets",
    "forward",
    "letter",
)
_SHAPE_WEIGHTS = (15, 22, 18, 9, 9, 8, 7, 5, 4, 8, 4)
_GRAVE = 8
_TALKATIVE_WEIGHTS = (8, 18, 18, 10, 12, 12, 12, 6, 3, 4, 8)


class Voice:
    """Speaks with one random generator over one wordbook; the order of calls decides the words."""

    def __init__(self, words: Wordbook, rng: random.Random) -> None:
        self._words = words
        self._rng = rng

    def speak(self, issues: Sequence[IssueWords], speaker: Speaker, on: date, channel: Channel) -> Utterance:
        """What the speaker says about these issues (one or two) through this channel on this day."""
        scene = Scene(speaker, on, self._rng)
        weights = _TALKATIVE_WEIGHTS if speaker.style.wordy else _SHAPE_WEIGHTS
        shape = self._rng.choices(_SHAPES, weights)[0]
        body = self._body(shape, issues, scene, channel)
        return self._finish(body, scene, channel)

    def say_frames(self, name: str, speaker: Speaker, on: date, channel: Channel) -> Utterance:
        """A saying of no issue: chatter, praise, suggestion, vague and the like, by the manner's name."""
        scene = Scene(speaker, on, self._rng)
        parts = [self._manner(name, scene)]
        if name in ("chatter", "suggestion") and chance(self._rng, 0.2):
            parts.append(self._manner(name, scene))
        if name != "vague" and chance(self._rng, 0.12):
            parts.insert(0, self._manner("opener", scene))
        if name == "vague" and channel != "staff_note":
            channel = "form"
        return self._finish(_join(parts), scene, channel)

    def speak_abroad(self, issue: IssueWords, speaker: Speaker, on: date) -> Utterance:
        """The issue in the speaker's own language, which the issue must have."""
        scene = Scene(speaker, on, self._rng)
        code = speaker.style.tongue or min(issue.abroad)
        text = self._one(issue.abroad[code], scene)
        hello, bye = _ABROAD[code]
        if chance(self._rng, 0.6):
            text = f"{self._rng.choice(hello)}\n\n{text}\n\n{self._rng.choice(bye)}\n{scene.sign()}"
        return Utterance(text, scene.personal_in(text), code)

    def wish(self, issue: IssueWords, speaker: Speaker, on: date) -> str:
        """What would solve it, in the speaker's words."""
        text = self._one(issue.ask, Scene(speaker, on, self._rng))
        return tidy(text, speaker.style)

    def speak_briefly(self, issue: IssueWords, speaker: Speaker, on: date) -> str:
        """One or two sentences and no more, for volume."""
        scene = Scene(speaker, on, self._rng)
        text = self._one(issue.say, scene)
        if chance(self._rng, 0.5):
            text = f"{text} {self._one(issue.then, scene)}"
        return text[:1].upper() + text[1:]

    def _one(self, frames: Sequence[Frame], scene: Scene) -> str:
        return expand(frames[int(self._rng.random() * len(frames))], self._rng, scene.fill)

    def _manner(self, name: str, scene: Scene) -> str:
        return self._one(self._words.manner[name], scene)

    def _body(self, shape: str, issues: Sequence[IssueWords], scene: Scene, channel: Channel) -> str:
        parts = self._parts(shape, issues[0], scene)
        for other in issues[1:]:
            parts += [self._manner("joint", scene), self._one(other.say, scene)]
        if shape == "bullets" and channel != "staff_note":
            marks = self._rng.choice(("- ", "* ", "• ", "1) 2) 3) 4) 5) 6) "))
            return _bullets(parts, marks)
        if shape == "forward" and channel == "email":
            lead = self._manner("forward", scene)
            return lead + _join(parts) + ('"' if lead.endswith('"') else "")
        return _join(parts)

    def _parts(self, shape: str, issue: IssueWords, scene: Scene) -> list[str]:
        if shape == "short":
            return [self._one(issue.short, scene)]
        if shape == "wry":
            return [self._one(issue.wry, scene)]
        if shape == "bullets":
            frames = (issue.short, issue.then, issue.ask)
            return [self._manner("bullets", scene), *(self._one(each, scene) for each in frames)]
        if shape == "letter":
            return self._letter(issue, scene)
        parts = [self._one(issue.say, scene)]
        if shape in ("say_then", "open_ask", "long", "forward", "letter"):
            parts.append(self._one(issue.then, scene))
        if shape in ("say_mood", "long"):
            parts.append(self._manner("grave" if issue.hurt >= _GRAVE else "mood", scene))
        if shape in ("say_ask", "open_ask", "long"):
            parts.append(self._one(issue.ask, scene))
        return self._lengthened(shape, parts, issue, scene)

    def _letter(self, issue: IssueWords, scene: Scene) -> list[str]:
        parts = [self._manner("opener", scene), self._one(issue.say, scene), self._one(issue.then, scene)]
        for frames in (issue.say, issue.say, issue.then):
            parts += self._another(frames, parts, scene)
        parts += [
            self._manner("grave" if issue.hurt >= _GRAVE else "mood", scene),
            self._one(issue.ask, scene),
        ]
        return [*parts, self._manner("ask", scene)]

    def _lengthened(self, shape: str, parts: list[str], issue: IssueWords, scene: Scene) -> list[str]:
        if shape in ("long", "open_ask") and chance(self._rng, 0.6):
            parts = [self._manner("opener", scene), *parts]
        if shape == "long":
            second = self._another(issue.say, parts, scene)
            parts = [*parts[:2], *second, *parts[2:]]
            if chance(self._rng, 0.4):
                parts.append(self._manner("ask", scene))
        return parts

    def _another(self, frames: Sequence[Frame], parts: list[str], scene: Scene) -> list[str]:
        sentence = self._one(frames, scene)
        return [] if sentence[:14] in {part[:14] for part in parts} else [sentence]

    def _finish(self, body: str, scene: Scene, channel: Channel) -> Utterance:
        style = scene.speaker.style
        text = roughen(tidy(body, style), style, self._rng)
        if channel == "email":
            text = self._as_mail(text, scene)
        elif channel == "staff_note":
            text = self._as_note(body, scene)
        return Utterance(text, scene.personal_in(text), "en")

    def _as_mail(self, text: str, scene: Scene) -> str:
        style = scene.speaker.style
        if chance(self._rng, style.polite):
            text = f"{self._manner('greeting', scene)}\n{'' if chance(self._rng, 0.2) else chr(10)}{text}"
        if chance(self._rng, style.polite):
            text = f"{text}\n\n{self._manner('farewell', scene)}\n{scene.sign()}"
        return text

    def _as_note(self, body: str, scene: Scene) -> str:
        return tidy(self._manner("note", scene) + tidy(body, Style.plain()), Style.plain()) + '"'


_ABROAD = {
    "de": (
        ("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,"),
        ("Mit freundlichen Grüßen", "Viele Grüße"),
    ),
    "fr": (("Bonjour,", "Madame, Monsieur,"), ("Cordialement,", "Bien à vous,")),
    "nl": (("Goedemorgen,", "Hallo,", "Beste,"), ("Met vriendelijke groet,", "Groeten,")),
}


def _join(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return " ".join(part if part[-1] in '.?!:,"' else f"{part}." for part in parts)


def _bullets(parts: Sequence[str], marks: str) -> str:
    numbered = marks.startswith("1)")
    lines = [
        f"{number}) {part}" if numbered else f"{marks}{part}"
        for number, part in enumerate((part for part in parts[1:] if not part.endswith(":")), 1)
    ]
    return "\n".join([parts[0], *lines])
