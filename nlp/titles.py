"""A short human name for a group: the sentence that states its problem best, masked."""

import re
from collections.abc import Sequence

import numpy as np

from nlp.encoder.static import encoder
from nlp.gist import sentences
from nlp.personal import personal_spans, settle
from nlp.small_talk import small_talk
from nlp.spelling import as_most_spell

LONGEST = 80
WORDS = range(4, 13)
"""A title has 4 to 12 words (policy)."""
_MOST_TEXTS, _MOST_SPELLERS = 60, 1000
_MOST_TEXT = 4000
_TALK = 0.25
"""How much small talk counts against a sentence; its nearness to the middle counts 1."""
_CLAUSE = re.compile(
    r"\s*(?:[;:–—]|,\s+(?:and|but|so|because|which)\b|,|\s(?:because|although|however)\b)\s*"
)
_OPENERS = re.compile(
    r"^(?:(?:and|but|so|also|however|please|again|well|honestly|perhaps|once more|in fact|ps|fyi|for the record|"
    r"just to say|quick one|no panic|to be honest|as i said)\b[,.:!\s]+)+",
    re.IGNORECASE,
)
_UNFIT = re.compile(
    r"[\[\]{}()…\d@$€£\"“”]|\bX{2,}|^(?:or (?:madam|sir)|sir|madam|dear|regards|best|kind)\b", re.IGNORECASE
)
_OPEN_END = re.compile(
    r"\b(?:a|an|the|of|to|for|with|and|or|but|in|on|at|by|from|that|which|who|is|are|was|were|my|our|your|their|if|as|"
    r"because|when|so|than|not|i|we|they|mr|mrs|ms|dr)$",
    re.IGNORECASE,
)
_QUOTE_BEGINS, _QUOTE_ENDS = re.compile(r"(?<!\w)'(?=\w)"), re.compile(r"(?<=\w)'(?!\w)")
_TIGHT = re.compile(r"(?<=[^\W\d]),(?=[^\W\d])")
_ASKS = re.compile(
    r"^(?:what|why|when|where|who|how|which|can|could|would|will|do|does|did|is|are|was|were|may|should|let|"
    r"please|perhaps you|think about|use the|i suggest|my suggestion|one calendar|it would)\b",
    re.IGNORECASE,
)
_ASKING = 0.15
"""How much a question or a suggestion counts against a title: a statement as near as that is preferred (policy)."""
_HALF = re.compile(
    r"^(?:that|which|who|whom|whose|because|although|if|when|while|than|or|nor|as|since|until|it|this)\b",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """`text` with what is personal replaced by […]."""
    out, at = [], 0
    for mask in settle(personal_spans(text)):
        out += [text[at : mask.start], "[…]"]
        at = mask.end
    return "".join([*out, text[at:]])


def _fits(line: str) -> bool:
    return (
        len(line.split()) in WORDS
        and len(line) <= LONGEST
        and line[0].isalpha()
        and not line.isupper()
        and not _UNFIT.search(line)
        and not _OPEN_END.search(line)
        and "[…]" not in masked(line)
    )


def candidates(text: str) -> list[str]:
    """What of a text could be a title: whole sentences, or clauses that stand alone where no sentence fits."""
    said = [
        _bare(_OPENERS.sub("", _TIGHT.sub(", ", " ".join(one.split()))))
        for one in sentences(text[:_MOST_TEXT], gap="…")
    ]
    whole = [one for one in said if _fits(one)]
    if whole:
        return list(dict.fromkeys(whole))
    clauses = (_bare(piece) for one in said for piece in _CLAUSE.split(one))
    return [one for one in dict.fromkeys(clauses) if _fits(one) and not _HALF.match(one)]


def _bare(said: str) -> str:
    """Without what stands around it; a quotation that begins in it and ends with it keeps its end."""
    line = said.strip(" .!?-,\"'")
    return line + "'" * (len(_QUOTE_BEGINS.findall(line)) > len(_QUOTE_ENDS.findall(line)))


def title(texts: Sequence[str]) -> str:
    """The candidate nearest to the middle of all texts that is no small talk; '' without texts."""
    everything, texts = texts, list(texts)[:_MOST_TEXTS]
    if not texts:
        return ""
    found = [one for text in texts for one in candidates(text)]
    if not found:
        return _first_words(texts)
    middle = encoder().encode([" ".join(sentences(text)) or text for text in texts]).mean(axis=0)
    fit = encoder().encode(found) @ middle - _TALK * small_talk().of_sentences(found)
    fit -= np.array(
        [0.05 * bool(_HALF.match(one)) + _ASKING * bool(_ASKS.match(one)) for one in found], dtype=np.float32
    )
    chosen = as_most_spell(found[int(fit.argmax())], everything[:_MOST_SPELLERS])
    return chosen[0].upper() + chosen[1:]


def _first_words(texts: Sequence[str]) -> str:
    """The beginning of the first text that says something."""
    said = next(
        (" ".join(sentences(masked(text))) for text in texts if sentences(masked(text))), masked(texts[0])
    )
    line = " ".join(said.split())
    short = line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return short[:1].upper() + short[1:]
