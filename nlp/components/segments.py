"""Cuts a text into sentences and turns a whole batch of them into vectors and word features."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, notes_of
from nlp.encoder.choice import encoder
from nlp.features import WordHasher
from nlp.gist import body_of
from nlp.reading import Span

_END = re.compile(r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])|\s*\n\s*(?=\S)|(?<=[.!?]{2})\s+")
_SMALL_END = re.compile(_END.pattern + r"|(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[a-z])")
"""The ends of somebody who begins sentences with a small letter."""
_BEGUN = re.compile(r"(?<=[.!?])\s+(?:([A-Z])|[a-z])")
_MAY_END = re.compile(r"[.!?][\"')\]]?\s|\n")
"""What every end has: most short comments have none."""
_SHORTEST = 25
"""A shorter piece joins the one before it."""
_LONGEST = 600
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|no|nr|tel|vs|etc|e\.g|i\.e|[ap]\.m|approx|Inc|Ltd|Co|Corp|Jr|Sr)|\b[A-Z])\.$"
)


def segments(text: str) -> list[Span]:
    """The sentences of `text` as spans that cover all words but those of greeting and sign-off; at least one, in order."""
    spans: list[Span] = []
    start, stop = body_of(text)
    for found in _ends(text).finditer(text, start, stop) if _MAY_END.search(text) else ():
        end = found.start()
        if end - start < _SHORTEST or _ABBREVIATED.search(text[max(start, end - 8) : end]):
            continue
        spans.extend(_cut(text, start, end))
        start = found.end()
    if start < stop or not spans:
        tail = len(text[:stop].rstrip())
        if spans and tail - start < _SHORTEST and tail - spans[-1].start <= _LONGEST:
            spans[-1] = Span(spans[-1].start, max(tail, spans[-1].end))
        else:
            spans.extend(_cut(text, start, max(tail, start)))
    return spans


def _ends(text: str) -> re.Pattern[str]:
    """What ends a sentence: before a small letter only where most are begun so, for "3 p.m. sharp" ends nothing."""
    large = [bool(found) for found in _BEGUN.findall(text)]
    return _SMALL_END if 2 * sum(large) < len(large) else _END


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence, in pieces at spaces when it is overlong."""
    while end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        stop = space if space > 0 else start + _LONGEST
        yield Span(start, stop)
        start = stop
    yield Span(start, end)


@Language.factory("everyclient_segments")
class SegmentReader:
    """Notes each text's sentences and the batch their vectors lie in."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name
        self._encoder = encoder()
        self._hasher = WordHasher()

    def __call__(self, doc: Doc) -> Doc:
        return self._read([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Batches share one matrix."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            yield from self._read(docs)

    def _read(self, docs: list[Doc]) -> list[Doc]:
        texts: list[str] = []
        readable = [doc for doc in docs if notes_of(doc).readable]
        for place, doc in enumerate(readable):
            notes = notes_of(doc)
            text = notes.text
            notes.segments, notes.first, notes.place = segments(text), len(texts), place
            texts += [text[span.start : span.end] for span in notes.segments]
        if texts:
            self._encode(readable, texts)
        return docs

    def _encode(self, readable: list[Doc], texts: list[str]) -> None:
        lines = self._encoder.lines(texts)
        vectors, table = self._encoder.with_table(lines)
        firsts = np.array([notes_of(doc).first for doc in readable])
        batch = Batch(lines, vectors, table, self._hasher.features(self._encoder, lines), firsts)
        for doc in readable:
            notes_of(doc).batch = batch
