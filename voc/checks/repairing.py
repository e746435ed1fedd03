"""Repairs a wording where that needs no judgement: drops, exchanges, splits."""

import re
from collections.abc import Callable, Iterator

from voc.checks import lexicon
from voc.checks.screening import FEWEST, PERIOD
from voc.checks.sentences import WORD, clean_what, has_verb, is_verb, joints, phrases, words_of

_NOT_WITHOUT = re.compile(
    r"\b(was|were|is|are|been|be|had|came|could|would)\s+not\s+(.+?)\bwithout\b", re.IGNORECASE
)
IsTold = Callable[[str], bool]  # whether a wording holds a run of words of a client
_PREPOSITIONS = frozenset({"to", "with", "by", "from", "of", "for", "at", "through", "about", "behind"})


def repair(what: str, is_told: IsTold) -> str | None:
    """The wording with everything repaired that a machine can; None when that changes nothing or leaves too little.

    `is_told` says whether a wording still holds words of a client.
    """
    better = _plain_repairs(what)
    better = _other_words(better, is_told)
    better = clean_what(_articles(better))
    if better == what or len(words_of(better)) < FEWEST or not has_verb(words_of(better)):
        return None
    return better


def _plain_repairs(what: str) -> str:
    what = _told_not_asked(what.replace("?", "").strip())
    joint = next(joints(what), None)
    if joint:
        what = what[: joint.start()]
    what = _NOT_WITHOUT.sub(r"\1 \2with", what)
    what = PERIOD.sub("", what)
    what = _our_people(what)
    for table in (lexicon.PRESUMING, lexicon.BLAMING, lexicon.LOADED):
        for found in list(phrases(what, table)):
            instead = table[found.casefold().replace("’", "'")]
            if instead is not None and found.casefold() != "right":
                what = re.sub(
                    rf"(?<![\w’'-]){re.escape(found)}(?![\w’'-])", instead, what, flags=re.IGNORECASE
                )
    return re.sub(r"\s+([,.;])", r"\1", " ".join(what.split())).strip(" ,")


def _told_not_asked(what: str) -> str:
    """“did an invoice come late” as “an invoice came late”; unchanged where the verb is not known."""
    words = what.split()
    if words[:1] and words[0].casefold() == "did":
        for place, word in enumerate(words[1:], start=1):
            past = lexicon.PAST.get(word.casefold())
            if past:
                return " ".join([*words[1:place], past, *words[place + 1 :]])
    return what


def _our_people(what: str) -> str:
    people = sorted(lexicon.OUR_PEOPLE, key=len, reverse=True)
    pattern = rf"(\w+\s+)?\b(?:our (?:{'|'.join(people)})|your account manager)(?![\w’'-])(\s+[\w’']+)?"

    def instead(found: re.Match[str]) -> str:
        before, after = found.group(1) or "", found.group(2) or ""
        acts = before.strip().casefold() not in _PREPOSITIONS and is_verb(after.strip().casefold(), "")
        return before + ("we" if acts else "us") + after

    return re.sub(pattern, instead, what, flags=re.IGNORECASE)


def _other_words(what: str, is_told: IsTold) -> str:
    """The wording with single words exchanged until no run of four is a client's own; unchanged when that fails."""
    if not is_told(what):
        return what
    tried = [what]
    for wording in tried:
        for variant in _variants(wording):
            if not is_told(variant):
                return variant
        if wording == what:
            tried += list(_variants(what))
    return what


def _variants(what: str) -> Iterator[str]:
    for found in WORD.finditer(what):
        for instead in lexicon.SYNONYMS.get(found.group().casefold(), ()):
            yield what[: found.start()] + instead + what[found.end() :]


def _articles(what: str) -> str:
    """“an late answer” as “a late answer”, and the other way round."""
    what = re.sub(r"\b([Aa])n (?=[^aeiou\W\d])", r"\1 ", what)
    return re.sub(r"\b([Aa]) (?=[aeio]\w|un[^i])", r"\1n ", what)
