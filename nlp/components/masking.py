"""Notes what must not leave the account, known names included."""

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlp.components.notes import notes_of
from nlp.personal import personal_spans, settle
from nlp.reading import Mask

_SHORTEST_NAME = 3


@Language.factory("everyclient_masking")
class MaskingReader:
    """Masks by shape and context, and every name it was told."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._nlp = nlp
        self._whole: PhraseMatcher | None = None
        self._exact: PhraseMatcher | None = None

    def know(self, names: Sequence[str]) -> None:
        """Mask these names too: names of several words in any case, single words as written or in capitals."""
        names = [name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME]
        single = [name for name in names if len(name.split()) == 1]
        several = [name for name in names if len(name.split()) > 1]
        self._exact = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._exact.add(
            "name", [self._nlp.make_doc(form) for name in single for form in (name, name.upper())]
        )
        self._whole = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._whole.add("name", [self._nlp.make_doc(name) for name in several])

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        found = personal_spans(notes.text)
        for matcher in (self._exact, self._whole):
            if matcher is not None and len(matcher):
                for _, start, end in matcher(doc):
                    span = doc[start:end]
                    found.append(Mask(span.start_char, span.end_char, "name"))
        if found:
            notes.masks = settle(found)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other."""
        return map(self.__call__, stream)
