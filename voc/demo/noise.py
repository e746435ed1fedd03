"""The keyboard's part in a text: capitals, full stops, slips; names and numbers stay as they are."""

import random
import re
from dataclasses import dataclass

from voc.demo.grammar import chance


@dataclass(frozen=True, slots=True)
class Style:
    """How one person writes; shares in [0, 1]; `tongue` is another language they fall into, or None."""

    polite: float
    lower: bool
    typo: float
    wordy: bool
    no_stop: bool
    loud: bool
    tongue: str | None

    @classmethod
    def draw(cls, rng: random.Random) -> "Style":
        """A person's manner, drawn once and kept for life."""
        return cls(
            polite=rng.choice((0.1, 0.5, 0.8, 0.95)),
            lower=chance(rng, 0.12),
            typo=rng.choice((0.0, 0.02, 0.06, 0.15, 0.35)),
            tongue=rng.choice(("de", "de", "fr", "nl", "nl")) if chance(rng, 0.3) else None,
            wordy=chance(rng, 0.25),
            no_stop=chance(rng, 0.2),
            loud=chance(rng, 0.08),
        )

    @classmethod
    def plain(cls) -> "Style":
        """The manner of somebody who types carefully."""
        return cls(polite=0.8, lower=False, typo=0.0, wordy=False, no_stop=False, loud=False, tongue=None)


_SENTENCE = re.compile(r"(^|[.?!]\s+|\n(?:[-*•>] |\d\) )?|\")([a-zà-ÿ])")
_WORD = re.compile(r"(?<![\w@.'-])[a-z]{5,}(?![\w@'-])")
_HASTY = 0.15
_SHORT = 40
_SLIPS = {
    "because": "becuase", "receive": "recieve", "definitely": "definately", "their": "thier",
    "until": "untill",
    "which": "wich", "again": "agian", "every": "evry", "before": "befor", "tomorrow": "tommorow",
    "invoice": "invioce", "delivery": "delivey", "cleaning": "cleanig", "really": "realy", "please": "pls",
    "missing": "mising", "morning": "mornign", "weeks": "weaks", "number": "nubmer", "without": "witout",
}  # fmt: skip


def tidy(text: str, style: Style) -> str:
    """Capitals at the start of sentences and a full stop at the end, unless this person does without."""
    if style.lower:
        return text.lower().rstrip(".")
    text = _SENTENCE.sub(lambda found: found[1] + found[2].upper(), text)
    if style.no_stop:
        return text.rstrip(".")
    return text if text[-1] in '.?!:"' or len(text) < _SHORT else f"{text}."


def roughen(text: str, style: Style, rng: random.Random) -> str:
    """The text with up to three slips and, for some people, more noise at the end."""
    for _ in range(3):
        if chance(rng, style.typo):
            text = _slip(text, rng)
    if style.loud and chance(rng, 0.5):
        text = text.rstrip(".") + rng.choice(("!!", "!!!", " :-(", "...", "!"))
    if style.typo >= _HASTY and chance(rng, 0.2):
        text = text.replace("'", "", 1).replace(", ", ",", 1)
    return text


def _slip(text: str, rng: random.Random) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    found = words[int(rng.random() * len(words))]
    return text[: found.start()] + _misspelt(found[0], rng) + text[found.end() :]


def _misspelt(word: str, rng: random.Random) -> str:
    if word in _SLIPS:
        return _SLIPS[word]
    at = 1 + int(rng.random() * (len(word) - 3))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    dropped = word[:at] + word[at + 1 :]
    doubled = word[: at + 1] + word[at:]
    return rng.choice((swapped, swapped, dropped, dropped, doubled))
