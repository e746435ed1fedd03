"""The telling words of a comment: what two forms of a word share, sentence by sentence, nothing that is masked."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

Span = tuple[int, int]
Said = tuple[frozenset[str], ...]
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]”]?\s+|\s*\n\s*|;\s+")
_PLACEHOLDER = re.compile(r"\[(?:name|email|phone|id|iban|card|ip|…)\]")
_SHORTEST = 3  # letters; shorter words tell nothing
LONGEST = 30  # letters; what is longer is no word
_ENDINGS = (
    ("ies", "y"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
)
_STEM = 4  # letters that stay at least, three where another ending takes its place
PLAIN = frozenset(
    "about above after again against all almost already also although always and another any anyone anything are around "  # noqa: SIM905
    "ask asked away back became because been before being best better between both but bye came can cannot cheers come "
    "could day days dear did didn't does doesn't doing don't done down each either else enough even ever every everyone "
    "everything feel feeling feels felt few first for frankly from gave get gets getting give given goes going gone good got great had has hasn't have "
    "having hello help her here hers him his honestly hope hoped how however i'd i'll i'm i've isn't it's its itself just keep kept kind knew "
    "know known last later least less let like little long look looked looking looks made make makes many matter maybe mean might mine month "
    "months more morning most much must myself need needed needs neither never next nobody none nor not nothing now "
    "off often once one ones only other others our ours out over own people perhaps please quite rather really regards "
    "right said same saw say says see seem seen several shall she should since some somebody someone something sometimes sorry "
    "soon still such sure take taken tell than thank thanks that that's the their theirs them then there there's these "
    "they thing things think this those though thought three through thus time times today together told tomorrow too "
    "took toward tried try two under until upon use used very via want wanted wants was wasn't way ways we'd we'll we're "
    "we've week weeks well went were weren't what when where whether which while who whole whom whose why will with "
    "within without won't wonder worried would wouldn't year years yes yesterday yet you your yours january february march april may "
    "june july august september october november december monday tuesday wednesday thursday friday saturday sunday".split()
)


def blanked(text: str, hidden: Iterable[Span] = ()) -> str:
    """The text with a dot for each character of `hidden` and of what stands for something masked; as long as before."""
    spans = [*hidden, *(found.span() for found in _PLACEHOLDER.finditer(text))]
    out, at = [], 0
    for start, end in sorted(spans):
        low, high = max(start, at), min(end, len(text))
        if low < high:
            out += [text[at:low], "·" * (high - low)]
            at = high
    return "".join([*out, text[at:]])


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What “invoice”, “invoices” and “invoiced” share; '' for a word that tells nothing."""
    low = word.lower().replace("’", "'")
    if low in PLAIN or not _SHORTEST <= len(low) <= LONGEST:
        return ""
    low = low.removesuffix("'s")
    for ending, instead in _ENDINGS:
        stays = len(low) - len(ending) + len(instead)
        if low.endswith(ending) and stays >= _STEM - bool(instead) and not low.endswith("ss"):
            low = low[: -len(ending)] + instead
            break
    if len(low) > _STEM and low[-1] == low[-2] and low[-1] not in "ls":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > _STEM else low


def said_in(blank: str) -> Said:
    """The stems of each sentence of a text without what is hidden."""
    lines = (frozenset(map(stem, WORD.findall(line))) - {""} for line in SENTENCE_END.split(blank))
    return tuple(line for line in lines if line)


def uses(said: Iterable[Said]) -> Counter[str]:
    """How many comments use each stem."""
    whole = (lines[0] if len(lines) == 1 else frozenset().union(*lines) for lines in said)
    return Counter(chain.from_iterable(whole))
