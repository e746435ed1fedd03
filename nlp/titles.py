"""A short human name for a group: the sentence its comments have most in common, masked."""

import re
from collections.abc import Sequence

import numpy as np

from nlp.components.segments import segments
from nlp.encoder.static import encoder
from nlp.personal import personal_spans, settle

LONGEST = 80
_CLAUSE = re.compile(r"\s*(?:[;:–—]|,\s+(?:and|but|so|because|which)\b|,|\s(?:because|although|however)\b)\s*")
_SCRUB = re.compile(r"\bX{2,}[X/ ]*")
_SHORTEST = 15
_MOST_TEXTS = 60
_OPENERS = re.compile(r"^(?:hello|hi|dear \w+|good (?:morning|afternoon)|and|but|so|also|however|please|again)[,.!\s]+", re.IGNORECASE)


def masked(text: str) -> str:
    """`text` with what is personal replaced by […]."""
    out, at = [], 0
    for mask in settle(personal_spans(text)):
        out += [text[at : mask.start], "[…]"]
        at = mask.end
    return "".join([*out, text[at:]])


def candidates(text: str) -> list[str]:
    """Sentences and clauses of a text that are short enough for a title."""
    found = []
    for span in segments(text[:4000]):
        sentence = " ".join(text[span.start : span.end].split())
        pieces = [sentence, *_CLAUSE.split(sentence)]
        found += [_OPENERS.sub("", piece).strip(" .!?-,\"'") for piece in pieces if piece]
    return [one for one in dict.fromkeys(found) if _SHORTEST <= len(one) <= LONGEST and not _SCRUB.search(one)]


def title(texts: Sequence[str]) -> str:
    """The candidate nearest to the middle of all texts, masked, never over 80 characters; '' without texts."""
    texts = list(texts)[:_MOST_TEXTS]
    if not texts:
        return ""
    whole = encoder().encode(texts)
    middle = whole.mean(axis=0)
    found = [one for text in texts for one in candidates(text)]
    if not found:
        first = " ".join(masked(texts[0]).split())
        return first if len(first) <= LONGEST else first[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    vectors = encoder().encode(found)
    fit = vectors @ middle - 0.0015 * np.abs(np.array([len(one) for one in found]) - 45)
    chosen = " ".join(masked(found[int(fit.argmax())]).split())[:LONGEST]
    return chosen[0].upper() + chosen[1:]
