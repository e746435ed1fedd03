"""Notes the vector of what a text says: greeting, sign-off and all that is masked left out."""

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Notes, notes_of
from nlp.encoder.choice import encoder
from nlp.gist import gist


@Language.factory("everyclient_gist")
class GistReader:
    """The vector by which comments find their like; comes after masking."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name
        self._encoder = encoder()

    def __call__(self, doc: Doc) -> Doc:
        return self._read([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Batches share one matrix."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            yield from self._read(docs)

    def _read(self, docs: list[Doc]) -> list[Doc]:
        readable = [notes for notes in map(notes_of, docs) if notes.readable]
        vectors = self._encoder.vectors(self._encoder.lines([said(notes) for notes in readable]))
        for notes, vector in zip(readable, vectors, strict=True):
            if vector.any():
                notes.vector = vector.copy()
        return docs


def said(notes: Notes) -> str:
    """The gist of a text without what is masked; the whole of a text that has none."""
    pieces, at = [], 0
    for mask in notes.masks:
        pieces.append(notes.text[at : mask.start])
        at = mask.end
    return gist(" ".join([*pieces, notes.text[at:]])) or notes.text
