"""Tells English from other languages and from what is no language."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import notes_of

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SIGNS = ".,;:!?\"'()[]{}<>“”‘’«»…*_/\\-–—"
_WORDLIKE = re.compile(r"[^\W\d_]+(?:['’/-][^\W\d_]+)*")
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LOOK = 3000
"""Characters looked at."""
FUNCTION_WORDS: dict[str, str] = {
    "en": "the and to of a in is it you that was for on are with as i his they be at one have this from or had by hot "
    "but some what there we can out other were all your when up use how said an each she which do their if will "
    "my has would could our me not no been did does am so about after again please why where who just get got "
    "still than then them very any more because into only over also don't didn't doesn't can't it's i'm how's",
    "de": "der die das und ist nicht wir sie ich ein eine einen dem den des mit für auf von zu im es haben hat wird "
    "werden sind war aber auch bei nach noch nur oder wenn kann können seit unsere unser ihre uns mir sehr kein keine",
    "fr": "le la les et est pas nous vous je un une des du de que qui dans pour sur avec au aux ce cette il elle sont "
    "ont mais plus notre votre nos vos être avoir fait très depuis toujours aucun été c'est n'est j'ai",
    "es": "el la los las y es no nosotros usted yo un una de del que en por para con se su sus nuestro nuestra está "
    "están pero más muy como hemos han ha fue cuando sin sobre también desde porque todavía",
    "it": "il lo la i gli le e è non noi voi io un una di del della che in per con su sono ha hanno ma più nostro "
    "nostra vostro molto come abbiamo stato quando anche perché dal alla ancora questo",
    "nl": "de het een en is niet wij jullie ik van dat die in voor op met te zijn heeft hebben wordt maar ook bij nog "
    "onze ons uw zeer geen wel naar als kan al dit deze",
    "pt": "o a os as e é não nós você eu um uma de do da que em por para com se seu sua nosso nossa está estão mas "
    "mais muito como temos foi quando sem também desde ainda dos das ao",
    "pl": "i w nie na się że z do jest to jak ale o po za od przez dla są mamy nasz nasza bardzo już tylko czy było",
    "sv": "och är inte vi ni jag en ett det som på för med av till har den men från vår vårt mycket också när om kan",
    "da": "og er ikke vi jeg en et det som på for med af til har den men fra vores meget også når om kan blev",
    "tr": "ve bir bu için ile değil çok ama biz siz ben olarak daha gibi kadar var yok olan her",
    "cs": "a je se na že v to není jsme jsou ale jako pro s k od už byl naše velmi které který",
    "fi": "ja on ei se että me te hän ovat mutta kun tai myös oli ole kuin meidän erittäin",
    "ro": "și este nu noi voi eu un o de la că în pentru pe cu sunt are dar mai foarte nostru noastră",
}
_ENGLISH = frozenset(FUNCTION_WORDS["en"].split())
_FOREIGN: dict[str, tuple[str, ...]] = {
    word: tuple(code for code, few in FUNCTION_WORDS.items() if code != "en" and word in few.split())
    for words in FUNCTION_WORDS.values()
    for word in words.split()
}
_SURELY_ENGLISH = 0.3
_SCRIPTS = (
    ("ru", "Ѐ", "ӿ"), ("el", "Ͱ", "Ͽ"), ("ar", "؀", "ۿ"), ("he", "֐", "׿"), ("hi", "ऀ", "ॿ"),
    ("th", "฀", "๿"), ("ja", "぀", "ヿ"), ("ko", "가", "힯"), ("zh", "一", "鿿"),
)  # fmt: skip
_MOST_FOREIGN = 0.3
_SHORT = 4
_ENGLISH_SHARE = 0.12
_KNOWN_SHARE = 0.5


NO_WORDS = "There are no words in it that we can read, so a person looks at this one."
_MARKS = re.compile("[\u0300-\u036f]")
_BURIED = 0.5
"""Letters with half as many loose marks are ornament: no language of ours writes more than one to three letters."""
_LONGEST_WORD = 30
_WORDS_SHARE = 0.3


def has_words(text: str) -> bool:
    """Whether a good part of `text` are words, in any script: no wall of signs, no code, no letters under ornament."""
    look = unicodedata.normalize("NFC", text[:_LOOK])
    if _is_buried(look):
        return False
    if not look.isascii() and _script(look) is not None:
        return True
    pieces = [piece.strip(_SIGNS) for piece in look.split()]
    words = [piece for piece in pieces if _WORDLIKE.fullmatch(piece) and len(piece) <= _LONGEST_WORD]
    return sum(map(len, words)) >= _WORDS_SHARE * max(1, sum(map(len, look.split())))


def _is_buried(look: str) -> bool:
    return len(_MARKS.findall(look)) > _BURIED * sum(map(str.isalpha, look))


def detect(text: str, known: frozenset[str]) -> str | None:
    """The language of `text` as a two-letter code, None when it is none we know.

    `known` holds whole English words; they decide where a text has no function words.
    """
    look = text[:_LOOK]
    if look.isascii():
        words = _ASCII_WORD.findall(look.lower())
    else:
        words = [] if _is_buried(look) else [word.lower().replace("’", "'") for word in _WORD.findall(look)]
        script = _script(look)
        if script is not None:
            return script
    if not words:
        return None
    english = sum(map(_ENGLISH.__contains__, words)) / len(words)
    if english >= _SURELY_ENGLISH:
        return "en"
    votes = Counter(code for word in words for code in _FOREIGN.get(word, ()))
    best, times = votes.most_common(1)[0] if votes else ("", 0)
    if times / len(words) > max(english, _ENGLISH_SHARE):
        return best
    familiar = sum(map(known.__contains__, words)) / len(words)
    if familiar >= _KNOWN_SHARE and (english >= _ENGLISH_SHARE or len(words) <= _SHORT * 2 or familiar > 0.7):  # noqa: PLR2004
        return "en"
    return None


def _script(look: str) -> str | None:
    letters = [char for char in look if char.isalpha()]
    for code, low, high in _SCRIPTS:
        if letters and sum(low <= char <= high for char in letters) > _MOST_FOREIGN * len(letters):
            return code
    return None


@Language.factory("everyclient_language")
class LanguageReader:
    """Notes the language, and why a text is not read."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name
        self.known: frozenset[str] = frozenset()

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        code = detect(notes.text, self.known)
        notes.language, notes.readable = code, code == "en"
        if code is None:
            unsure = "We could not tell the language, so a person reads this one."
            notes.note = unsure if has_words(notes.text) else NO_WORDS
        elif code != "en":
            notes.note = "This is not in English, so a person reads this one."
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other."""
        return map(self.__call__, stream)
