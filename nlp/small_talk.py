"""How likely a text is courtesy, notice, chat or too vague to place: such texts make no issue."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import BATCH, FOLDER, centred, encoder
from nlp.features import WordHasher, times
from nlp.fitting import fit_logistic
from nlp.gist import sentences
from nlp.grouping_words import telling_words
from nlp.theme_bank import pairs_of

Floats = NDArray[np.float32]
STRENGTH = 10.0
"""As for themes known by examples."""
CERTAIN = 0.8
"""From here a comment is small talk by itself: of the demo's single-issue comments (seed 26, 2026-11-22) 2 % are."""

SHORT = 60
"""Characters below which a text that names nothing is too vague to place."""
NAMES = 2
"""Telling words that a matter takes: “cold soup”, “towels missing”."""


class SmallTalk:
    """A head learned at its first use (0.1 s) from the two lists of `config/small_talk.txt`."""

    def __init__(self) -> None:
        talk, matters = _examples()
        self._hasher = WordHasher()
        dots = pairs_of(encoder(), self._hasher, [*talk, *matters])
        truth = np.arange(len(dots))[:, None] < len(talk)
        alpha, bias = fit_logistic(dots, truth, STRENGTH)
        self._dense, self._words = dots.weights(alpha)
        self._bias = bias

    def of_sentences(self, said: Sequence[str]) -> Floats:
        """A score in [0, 1] for each sentence."""
        parts = [self._margins(said[at : at + BATCH]) for at in range(0, len(said), BATCH)]
        margins = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-margins)), dtype=np.float32)

    def _margins(self, said: Sequence[str]) -> Floats:
        table = encoder()
        lines = table.lines(said)
        dense = centred(table.vectors(lines)) @ self._dense
        margins = dense + times(self._hasher.features(table, lines), self._words) + self._bias
        return np.asarray(margins[:, 0], dtype=np.float32)

    def of_texts(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """For each text the score of its most telling sentence, and the mean over all; 1 where none says anything."""
        return self.of_cut([sentences(text) for text in texts])

    def of_cut(self, cut: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
        """The same for texts cut into sentences."""
        said = [one for pieces in cut for one in pieces]
        scores = self.of_sentences(said)
        owner = np.repeat(np.arange(len(cut)), [len(pieces) for pieces in cut])
        least = np.ones(len(cut), dtype=np.float32)
        np.minimum.at(least, owner, scores)
        least[[names_nothing(pieces) for pieces in cut]] = 1
        weight = np.array([len(one) for one in said], dtype=np.float32) ** 0.7
        total = np.bincount(owner, weight, minlength=len(cut))
        mean = np.bincount(owner, weight * scores, minlength=len(cut)) / np.maximum(total, 1e-9)
        return least, np.where(total > 0, mean, 1).astype(np.float32)


def names_nothing(said: Sequence[str]) -> bool:
    """Whether a short text names fewer than two things: “it happened again” can be about anything."""
    text = " ".join(said)
    return len(text) < SHORT and len(telling_words(text)) < NAMES


def _examples() -> tuple[list[str], list[str]]:
    lines = (FOLDER.parent / "config" / "small_talk.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    border = lines.index("== matters")
    return lines[:border], lines[border + 1 :]


@cache
def small_talk() -> SmallTalk:
    """The one judge of this process."""
    return SmallTalk()
