"""load() once, then read(texts) in batches: the same text and version give the same reading."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, lru_cache
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it has no stubs

import nlp.components.entities
import nlp.components.gist
import nlp.components.language
import nlp.components.masking
import nlp.components.segments
import nlp.components.sentiment
import nlp.components.signals
import nlp.components.themes
import nlp.components.tokens  # noqa: F401 - the imports register the factories
from nlp.components.language import LanguageReader
from nlp.components.masking import MaskingReader
from nlp.components.notes import notes_of
from nlp.components.themes import ThemeReader
from nlp.encoder.choice import encoder, mark
from nlp.encoder.static import FOLDER
from nlp.features import WordHasher
from nlp.heads import HeadArrays, ThemeSpec
from nlp.parts import join_parts, parts_of
from nlp.personal import personal_spans, settle
from nlp.reading import Reading
from nlp.theme_bank import ThemeBank, empty_bank, fit_bank, with_heads

__all__ = ["HeadArrays", "Reader", "ThemeSpec", "load", "pipeline_version", "starter_bank", "strength"]

CONFIG = FOLDER.parent / "config" / "pipeline.cfg"
MOST_WORDS = 30_000
"""Words of texts that the tokenizer keeps."""
_LONG = 120
_ENDLESS = re.compile(rf"\S{{{_LONG},}}")


class Reader:
    """A loaded pipeline; not shared between threads."""

    def __init__(self, language: Language, *, version: str, batch: int, part: int, most: int) -> None:
        self.version = version
        self._language, self._batch, self._part, self._most = language, batch, part, most
        self._own_words = len(language.vocab)
        self._threads = ThreadpoolController()
        self._zone = ExitStack()
        self._zone.enter_context(language.memory_zone())

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading for each text, in order; a text over 20,000 characters is read in parts."""
        cut = [parts_of(text[: self._most], self._part) for text in texts]
        flat = [text[start:end] for text, places in zip(texts, cut, strict=True) for start, end in places]
        self._fresh_zone()
        with self._threads.limit(limits=1):  # products this small only wait for a second thread
            read = iter(
                [
                    reading
                    for at in range(0, len(flat), self._batch)
                    for reading in self._read_batch(flat[at : at + self._batch])
                ]
            )
        out = []
        for text, places in zip(texts, cut, strict=True):
            whole = join_parts([(start, next(read)) for start, _ in places])
            out.append(self._cover_rest(text, whole) if len(text) > self._most else whole)
        return out

    def _read_batch(self, texts: Sequence[str]) -> list[Reading]:
        """The whole batch through one component after the other, as Language.pipe does it doc by doc."""
        docs = [self._language.make_doc(_tame(text)) for text in texts]
        for _, component in self._language.pipeline:
            docs = list(component.pipe(docs, batch_size=self._batch))  # type: ignore[attr-defined]  # all of ours have it
        return [self._reading(doc) for doc in docs]

    def _fresh_zone(self) -> None:
        """Forget the words of past texts when there are many, so that memory stays flat over weeks."""
        if len(self._language.vocab) > self._own_words + MOST_WORDS:
            self._zone.close()
            self._zone.enter_context(self._language.memory_zone())

    def _cover_rest(self, text: str, reading: Reading) -> Reading:
        masks = settle([*reading.masks, *personal_spans(text)])
        return replace(reading, masks=masks, note=f"Only the first {self._most:,} characters were read.")

    def _reading(self, doc: Doc) -> Reading:
        notes = notes_of(doc)
        return Reading(
            version=self.version,
            language=notes.language,
            read_by_machine=notes.readable,
            themes=notes.themes,
            unsure=notes.unsure,
            severity=notes.severity,
            sentiment=notes.sentiment,
            escalation=notes.escalation,
            departure=notes.departure,
            entities=notes.entities,
            masks=notes.masks,
            vector=notes.vector,
            note=notes.note,
        )


def _tame(text: str) -> str:
    """Endless words become as many spaces, so that no rule meets them; offsets stay."""
    if len(text) < _LONG or max(map(len, text.split()), default=0) < _LONG:
        return text
    return _ENDLESS.sub(lambda found: " " * len(found.group()), text)


@cache
def background() -> tuple[str, ...]:
    """Sentences about nothing that a theme is for: they teach every theme to stay silent."""
    lines = (FOLDER.parent / "config" / "background.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def pipeline_version() -> str:
    """The version of rules, thresholds and encoder: a head learned with another one is learned anew."""
    return str(load_config(CONFIG)["reading"]["version"]) + mark()


def starter_bank(themes: Sequence[ThemeSpec]) -> ThemeBank:
    """What themes know from name, description and examples alone; people's corrections start from it."""
    settings = load_config(CONFIG)["components"]["themes"]
    return _fitted(tuple(themes), strength=settings["strength"], threshold=settings["threshold"])


def strength() -> float:
    """How far the few sentences of a theme may move its weights."""
    return float(load_config(CONFIG)["components"]["themes"]["strength"])


@lru_cache(maxsize=2)  # the same themes are loaded again each time one of them learned
def _fitted(themes: tuple[ThemeSpec, ...], *, strength: float, threshold: float) -> ThemeBank:
    if not themes:
        return empty_bank()
    return fit_bank(
        themes, background(), encoder=encoder(), hasher=WordHasher(), strength=strength, threshold=threshold
    )


def load(
    themes: Sequence[ThemeSpec],
    heads: Sequence[HeadArrays] = (),
    known_names: Sequence[str] = (),
    known_clients: Sequence[str] = (),
    *,
    model_set: int | None = None,
) -> Reader:
    """A reader for these themes, with what was learned about them; a head replaces what examples taught.

    Its readings carry the pipeline's version, and the number of the model set where one is given.
    """
    config = load_config(CONFIG)
    settings = {**config.pop("reading"), "version": pipeline_version()}
    if model_set is not None:
        settings["version"] = f"{settings['version']}+{model_set}"
    language = load_model_from_config(config, auto_fill=True)
    cast(LanguageReader, language.get_pipe("language")).known = encoder().whole_words()
    cast(MaskingReader, language.get_pipe("masking")).know(known_names, known_clients)
    reader = cast(ThemeReader, language.get_pipe("themes"))
    reader.names = {spec.key: spec.called or spec.name for spec in themes}
    reader.bank = with_heads(
        _fitted(tuple(themes), strength=reader.strength, threshold=reader.threshold), heads
    )
    return Reader(language, **settings)
