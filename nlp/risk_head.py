"""The head of departure and escalation: patterns and meanings of a sentence, its vector and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.components.notes import Batch
from nlp.components.tokens import words_of
from nlp.encoder.static import FOLDER, centred
from nlp.features import times
from nlp.leaving import Ending, Told, endings, leaving_traits, tellings
from nlp.patterns import STANDINGS, SUBJECTS, PatternFinder, Sighting, Signs, pattern_finder

PATTERNS = FOLDER.parent / "config" / "risk.toml"
HEAD = FOLDER.parent / "config" / "risk.npz"
KINDS = ("departure", "escalation")
VECTOR_SHARE, WORD_SHARE = 1.5, 3.0
GROUP_SHARE, SUBJECT_SHARE, MEANING_SHARE, PAIR_SHARE, LEAVING_SHARE = 1.0, 0.7, 0.5, 0.3, 1.0
"""How strongly the head may lean on each part (chosen by folds of the training labels, bench/risk_recipe.py)."""
_NEXT, _NEAR = 3, 6
"""A pair is two meanings with at most two known words between them and less than seven words apart."""
_MOST_LINKS = 10_000
"""Pairs of signs kept with their names (about 4 MB)."""
_ENDS = "ends"
"""The group whose words explain an ending that no pattern shows."""
_SHOWN = 4
"""So many words are shown from the word of ending on."""


def sentence_words(text: str) -> list[str]:
    """The lower-case words of a sentence as the patterns know them."""
    return words_of(text.lower().replace("’", "'"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the head looks at it: its words, their signs, what was sighted, its words of ending and of leaving."""

    words: list[str]
    signs: Signs
    seen: list[Sighting]
    endings: list[Ending]
    told: list[Told]


class SentenceTraits:
    """What patterns, meanings, endings and phrases say about one sentence, by name."""

    def __init__(self, finder: PatternFinder) -> None:
        self.finder = finder
        self._meanings: dict[str, list[str]] = {}
        self._linked: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for name, signs in finder.table.classes.items():
            for sign in signs[1:-1]:
                self._meanings.setdefault(sign, []).append(name)

    def look(self, text: str) -> Sentence:
        """A sentence with all that is known of it."""
        words = sentence_words(text)
        signs = self.finder.table.read(words)
        seen = list(self.finder.sightings(signs.row))
        return Sentence(words, signs, seen, list(endings(words)), list(tellings(words)))

    def of(self, sentence: Sentence) -> dict[str, float]:
        """Each trait with its strength."""
        row = sentence.signs.row
        found = dict.fromkeys(leaving_traits(sentence.words, sentence.endings, sentence.told), LEAVING_SHARE)
        for seen in sentence.seen:
            name = f"{self.finder.groups[seen.group].name}:{STANDINGS[seen.standing]}"
            found[name] = GROUP_SHARE
            found[f"{name}:{SUBJECTS[seen.subject]}"] = SUBJECT_SHARE
        known = [(at, sign) for at, sign in enumerate(row) if sign in self._meanings]
        found |= dict.fromkeys((name for _, sign in known for name in self._meanings[sign]), MEANING_SHARE)
        found |= dict.fromkeys(self._pairs(row, known), PAIR_SHARE)
        return found

    def _pairs(self, row: str, known: list[tuple[int, str]]) -> list[str]:
        found: list[str] = []
        for first, (at, sign) in enumerate(known):
            for other, following in known[first + 1 : first + 1 + _NEXT]:
                if other - at > _NEAR:
                    break
                between = row[at:other]
                link = "|" if "," in between or "." in between or "?" in between else ">"
                names = self._linked.get((sign, link, following))
                found += self._link(sign, link, following) if names is None else names
        return found

    def _link(self, sign: str, link: str, following: str) -> tuple[str, ...]:
        """The names of a pair of signs, worked out once and kept."""
        if len(self._linked) > _MOST_LINKS:
            self._linked.clear()
        names = tuple(
            first + link + second for first in self._meanings[sign] for second in self._meanings[following]
        )
        self._linked[sign, link, following] = names
        return names


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence says of one kind: the calibrated score, what the words it rests on mean, and these (tokens)."""

    score: float
    say: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HeadWeights:
    """Learned numbers; the columns are the two kinds, then the two gates."""

    dense: NDArray[np.float32]
    words: NDArray[np.float32]
    bias: NDArray[np.float32]
    traits: dict[str, tuple[float, float]]
    slope: NDArray[np.float32]
    offset: NDArray[np.float32]
    gate: NDArray[np.float32]


@cache
def load_weights(path: Path) -> HeadWeights:
    """The weights of a file, once per process."""
    with np.load(path) as kept:
        traits = dict(
            zip(
                kept["traits"].tolist(), map(tuple, kept["trait_weights"].astype(float).tolist()), strict=True
            )
        )
        return HeadWeights(
            kept["dense"].astype(np.float32), kept["words"].astype(np.float32), kept["bias"], traits,
            kept["slope"], kept["offset"], kept["gate"],
        )  # fmt: skip


class RiskHead:
    """Scores sentences; those that the gate (vector and words alone) keeps out are not looked at closely."""

    def __init__(self, patterns: Path = PATTERNS, head: Path = HEAD) -> None:
        self._traits = SentenceTraits(pattern_finder(patterns))
        self._weights = load_weights(head)
        self._ends = next(group.say for group in self.finder.groups if group.name == _ENDS)

    @property
    def finder(self) -> PatternFinder:
        """The patterns behind the head."""
        return self._traits.finder

    def static(self, batch: Batch) -> NDArray[np.float32]:
        """(sentences, 4): what vector and words alone give for the two kinds, then for their two gates."""
        kept = self._weights
        dense = centred(batch.table) @ kept.dense
        return np.asarray(dense + times(batch.features, kept.words) + kept.bias, dtype=np.float32)

    def passes(self, static: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which sentences are worth a closer look."""
        return np.asarray((static[:, 2:] > self._weights.gate).any(axis=1))

    def findings(self, text: str, static: Sequence[float]) -> tuple[Finding, Finding]:
        """Departure and escalation of one sentence with its row of static scores."""
        sentence = self._traits.look(text)
        departure = escalation = 0.0
        known = self._weights.traits
        for name, share in self._traits.of(sentence).items():
            if name in known:
                weight = known[name]
                departure += weight[0] * share
                escalation += weight[1] * share
        return (
            self._finding(0, static[0] + departure, sentence),
            self._finding(1, static[1] + escalation, sentence),
        )

    def _finding(self, at: int, margin: float, sentence: Sentence) -> Finding:
        score = float(1 / (1 + np.exp(-(self._weights.slope[at] * margin + self._weights.offset[at]))))
        groups = self.finder.groups
        best = max(
            (one for one in sentence.seen if groups[one.group].kind == KINDS[at] and groups[one.group].says),
            key=lambda one: self._weights.traits.get(
                f"{groups[one.group].name}:{STANDINGS[one.standing]}", (0.0, 0.0)
            )[at],
            default=None,
        )
        starts = sentence.signs.starts
        if best is not None:
            return Finding(score, groups[best.group].say, starts[best.start], starts[best.end])
        return self._leaving(score, sentence) if at == 0 else Finding(score, None, 0, starts[-1])

    def _leaving(self, score: float, sentence: Sentence) -> Finding:
        """Departure shown by a word of ending, or else by the phrase that says most of it."""
        for one in sentence.endings:
            if one.says:
                return Finding(score, self._ends, one.at, min(one.at + _SHOWN, len(sentence.words)))
        told = max(sentence.told, key=self._weight, default=None)
        if told is None or self._weight(told) <= 0:
            return Finding(score, None, 0, len(sentence.words))
        return Finding(score, told.say, told.start, told.end)

    def _weight(self, told: Told) -> float:
        """How much a phrase that may be shown speaks for leaving as it stands there."""
        known = self._weights.traits
        return sum(known.get(name, (0.0, 0.0))[0] for name in told.traits) if told.say else 0.0
