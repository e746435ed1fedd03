"""Notes what must not leave the account, known names included."""

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlp.components.notes import notes_of
from nlp.known_names import any_case, as_written
from nlp.ordinary import is_ordinary
from nlp.personal import is_within, personal_spans, settle
from nlp.reading import Mask


@Language.factory("everyclient_masking")
class MaskingReader:
    """Masks by shape and context, and every name it was told."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._nlp = nlp
        self._whole: PhraseMatcher | None = None
        self._exact: PhraseMatcher | None = None

    def know(self, people: Sequence[str], clients: Sequence[str] = ()) -> None:
        """Mask these names too, and parts of people's; those that are ordinary words only where a capital says something."""
        make = self._nlp.make_doc
        self._whole = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._whole.add("name", [make(name) for name in any_case(people, clients)])
        self._exact = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._exact.add("name", [make(name) for name in as_written(people, clients)])

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        found = personal_spans(notes.text)
        for matcher in (self._exact, self._whole):
            if matcher is not None and len(matcher):
                for _, start, end in matcher(doc):
                    span = Mask(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]), "name")
                    if matcher is self._whole or _counts(notes.text, span):
                        found.append(span)
        if found:
            notes.masks = settle(found)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other."""
        return map(self.__call__, stream)


def _counts(text: str, span: Mask) -> bool:
    return not is_ordinary(text[span.start : span.end]) or is_within(text, span)
