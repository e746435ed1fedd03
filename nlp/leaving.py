"""Who ends what: each word of ending with who acts, how it is meant and what it is said of, and phrases of leaving."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from nlp.encoder.static import FOLDER

PHRASES = FOLDER.parent / "config" / "leaving.toml"
with PHRASES.open("rb") as _file:
    _KNOWN = tomllib.load(_file)
_END = re.compile(
    r"(?:clos(?:e|ed|ing|es|ure|er)|canc(?:e)?l\w*|terminat\w+|discontinu\w+|deactivat\w+|delet\w+|rescind\w*|rescission|"
    r"dissolv\w+|end|ended|ending|void|quit|quitting|exit|unsubscrib\w+|stop|stopped|stopping|drop|dropped|dropping)"
)
_STEM = re.compile(r"clos|canc|terminat|delet|stop|drop|end|")
_END_OF_SOMETHING = re.compile(
    r"(?:the|an|no|this|back|dead|other|wits?|wit's|my|our|their|week|year|month|tail) end\b|\bend of|\bend(?:ed|ing|s)? up\b|"
    r"\bending in|\bends? meet|\bnon ?stop|\bstop payment|\bnever ending|\bopen end"
)
_RELATION = frozenset(_KNOWN["words"]["relation"].split())
_ONE_THING = frozenset(_KNOWN["words"]["one"].split())
_DOOR = frozenset(_KNOWN["words"]["door"].split())
_KINDS = (
    dict.fromkeys(_RELATION, "relation")
    | dict.fromkeys(_ONE_THING, "one")
    | dict.fromkeys(("request", "requests"), "request")
    | dict.fromkeys(("bank", "checking", "banking"), "bank")
)
_POINTING = frozenset(("it", "this", "that", "them", "everything", "both", "all"))
_STOPS, _BREAKS = frozenset(".?!;"), frozenset(".?!;:,")
_CLAUSE = frozenset(_KNOWN["words"]["clause"].split())
_WE = r"(?:i|we|im|ive|i'm|i've|i'd|we've|we're|id|i'll|we'll|ill)"
_THEY = (
    r"(?:they|he|she|it|who|which|company|bank|rep|representative|representatives|lender|affirm|merchant|seller|companies|agent|"
    r"manager|supervisor|credit|union|x+|you|service|that|system|app|website|people|person|lady|guy|woman|man|department|team|"
    r"someone|contractor)"
)
_SAYERS = (
    r"(?:they|he|she|who|rep|representative|representatives|lender|affirm|seller|agent|manager|supervisor|x+|lady|guy|woman|man|"
    r"department|team|bank|company)"
)
_NOT = (
    r"(?:not|n't|never|won't|wont|wouldn't|wouldnt|can't|cant|cannot|couldn't|couldnt|didn't|didnt|don't|dont|doesn't|doesnt|"
    r"unable|unwilling|refus\w+|fail\w*|declin\w+|denied|impossible|hard|difficult|no|without|instead)"
)
_LAST_WE = re.compile(rf"\b{_WE}\b(?!.*\b{_WE}\b)")
_LAST_THEY = re.compile(rf"\b{_THEY}\b(?!.*\b{_THEY}\b)")
_REFUSED = re.compile(_NOT + r"(?: \w+){0,4}$")
_DENIED = re.compile(_NOT + r"(?: [\w']+){0,3} ?$")
_STILL_REFUSED = re.compile(
    r"\b(?:refus\w+|won't|wont|will not|would not|unable|unwilling)\b(?: [\w']+){0,8} (?:or|nor|to)$"
)
_DO_NOT = re.compile(
    r"\b(?:do not|don't|dont|did not|didn't|didnt|not|never|will not|won't)(?: want| wish| like| have| need| plan| intend| mean)?(?: to)?$"
)
_ASKED = re.compile(
    r"\b(?:ask\w*|request\w*|demand\w*|insist\w*|told|tell|telling|call|called|calling|email\w*|e-mail\w*|contact\w*|wrote|write|"
    r"writing|inform\w*|messag\w*|notif\w*|reach\w*|spoke|begg\w*|submitt\w*|submit|beg|chat|sent|send|letter|letters|said|"
    r"instruct\w*|petition\w*|grievance|wants?|wanting|went|visit\w*|ticket|tickets)\b(?: [\w'/-]+){0,9}$"
)
_TOLD_BY_THEM = re.compile(
    r"(?:\b(?:was|were|been|am|got|get) (?:\w+ )?(?:told|asked|advised|informed|instructed|required|given|offered)|"
    rf"\b{_SAYERS} (?:(?!i |we |to |me |my )[\w']+ ){{0,3}}(?:told|tell|telling|asked|ask|advised|said|says|say|informed|instructed|"
    r"offer\w*|want\w*|claim\w*|stated|state|states|explained|threaten\w*)\b)(?: [\w']+){0,8}$"
)
_WANTED = re.compile(
    r"\b(?:try|tried|trying|attempt\w*|want|wanted|wants|wanting|wish|wished|like|need|needed|needing|looking|decid\w+|decision|"
    r"going|plan|plans|planned|planning|intend\w*|intention|ready|have|had|must|about|chose|choose|opt|opted|ended up|end up|"
    r"consider\w*|rather|prefer\w*|able|option|process|how|way|right|will|shall|threaten\w*|hope|hoping|proceed\w*|wait|before|"
    r"prior|forced|preparing|prepared|due|agreed|should|would|could|might|may)\b(?: \w+){0,3}$"
)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|is|are|got|get|being|be|gets|becomes|became|as|already)(?: \w+){0,2}$"
)
_WE_ARE = re.compile(
    r"\b(?:(?:we|i) (?:are|am|were|was|will be|remain|stay)|we're|i'm|im)(?: (?:also|still|now|already))?$"
)
_NOT_YET = re.compile(r"\b(?:not|n't|never|isn't|wasn't|still not)\b")
_WANTED_DONE = re.compile(
    r"\b(?:want\w*|need\w*|like|ask\w*|request\w*|demand\w*|insist\w*|get|have|prefer|call\w*|told|email\w*|inform\w*|please|try\w*|"
    r"tried|trying|wish\w*|seek\w*|instruct\w*|hope|seek)\b(?: [\w'/,-]+){0,10}$"
)
_HAVE_DONE = re.compile(
    r"\b(?:want\w*|need\w*|like|ask\w*|request\w*|demand\w*|get|getting|have|insist\w*|would like)\b(?: \w+){1,6}$"
)
_OUR_NOUN = re.compile(
    r"\b(?:my|our|request\w*|letter|notice|notices|filed|file|sent|send|submit\w*|demand\w*|want\w*)\b"
    r"(?: (?:of|for|the|a|an|my|our|notice|letter|written))*$"
)
_UNREAL = re.compile(
    r"\b(?:if|unless|would have|wouldve|could have|had (?:i|we)|almost|nearly|used to|when|in case)\b"
)
_DOING = re.compile(r"\b(?:am|are|im|i'm|we're|be)$")
_BARE = re.compile(r"(?:^|,|:|please|pls|just|kindly|and|then|to)$")
_REPORT = re.compile(
    r"\b(?:credit (?:report|bureau|file|profile|score)\w*|bureaus?|equifax|transunion|experian|tradeline|fcra|1681|identity theft|"
    r"fraudulent|fraudulently|never opened|not mine|consumer report\w*)\b"
)
_BEFORE, _AFTER = 14, 7
"""So many words before and after a word of ending tell who ends what."""
_BEGUN = 4
_SAYS = frozenset(_KNOWN["words"]["says"].split())
"""Moods in which the word of ending may be shown as what was said."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of leaving told by a whole phrase, as config/leaving.toml has it; empty `say`: never shown."""

    name: str
    needs: frozenset[str]
    pattern: re.Pattern[str]
    say: str


@dataclass(frozen=True, slots=True)
class Told:
    """A phrase of leaving: its words (tokens, half-open), what it means to a person (empty: not shown) and its traits."""

    say: str
    start: int
    end: int
    traits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """A word of ending: its place, its form (b, d, g, n), how it is meant, of what it is said, whether only perhaps."""

    at: int
    form: str
    mood: str
    what: str
    perhaps: bool

    @property
    def says(self) -> bool:
        """Whether it can be shown as words of leaving."""
        return self.mood in _SAYS and self.what not in {"one", "bank", "door"}


def endings(words: Sequence[str]) -> Iterator[Ending]:
    """Each word of ending in lower-case words, in order."""
    for at, word in enumerate(words):
        if not _END.fullmatch(word):
            continue
        if word[:3] in {"end", "sto"} and _END_OF_SOMETHING.search(" ".join(words[max(0, at - 1) : at + 2])):
            continue
        yield _ending(words, at)


def tellings(words: Sequence[str]) -> Iterator[Told]:
    """Each phrase of leaving in lower-case words, at its first place."""
    joined, places = _joined(words)
    said = " ".join(joined)
    letters = [0, *accumulate(len(word) + 1 for word in joined)][:-1]
    begun = {word[:_BEGUN] for word in joined}
    for phrase in known_phrases():
        if not phrase.needs.isdisjoint(begun) and (hit := phrase.pattern.search(said)):
            first, last = (bisect_right(letters, at) - 1 for at in (hit.start(), hit.end() - 1))
            yield Told(phrase.say, places[first], places[last + 1], _standing(phrase.name, said, hit.start()))


def _standing(name: str, said: str, at: int) -> tuple[str, ...]:
    """A phrase's name with who stands before it, and whether it is only perhaps so or denied."""
    before = said[max(0, at - 40) : at + 8]
    who = "we" if _LAST_WE.search(before) else "they" if _LAST_THEY.search(before) else "no"
    left = said[max(0, at - 40) : at]
    found = [f"leave:{name}", f"leave:{name}:{who}"]
    if _UNREAL.search(left):
        found.append(f"leave:{name}:perhaps")
    if _DENIED.search(left):
        found.append(f"leave:{name}:not")
    return tuple(found)


def _joined(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Words with "can not" as one, and the place of each among those given; the last place is their number."""
    joined: list[str] = []
    places: list[int] = []
    for at, word in enumerate(words):
        if word == "not" and joined and joined[-1] == "can":
            joined[-1] = "cannot"
        else:
            joined.append(word)
            places.append(at)
    return joined, [*places, len(words)]


def leaving_traits(words: Sequence[str], found: Sequence[Ending], told: Sequence[Told]) -> set[str]:
    """The names of what endings and phrases say of a sentence."""
    report = bool(_REPORT.search(" ".join(words)))
    traits = {"leave:report"} if report else set()
    for one in found:
        stem = _STEM.match(words[one.at])
        traits |= _names(one, stem.group(0) if stem and stem.group(0) else "other", report=report)
    for phrase in told:
        traits.update(phrase.traits)
    return traits


def _names(one: Ending, stem: str, *, report: bool) -> set[str]:
    mood, what = one.mood, one.what
    names = {
        mood,
        f"{mood}:{what}",
        f"{stem}:{mood}",
        f"{stem}:{what}",
        f"{stem}:{mood}:{what}",
        f"{one.form}:{mood}",
    }
    if report:
        names.add(f"{mood}:{what}:report")
    if one.perhaps:
        names.add(f"{mood}:perhaps")
    return {f"end:{name}" for name in names}


@cache
def known_phrases() -> tuple[Phrase, ...]:
    """Every phrase of leaving, compiled once."""
    found = _KNOWN["phrase"]
    return tuple(
        Phrase(one["name"], frozenset(one["needs"].split()), re.compile(one["pattern"]), one.get("say", ""))
        for one in found
    )


def _ending(words: Sequence[str], at: int) -> Ending:
    start = at
    while start > 0 and words[start - 1] not in _STOPS and at - start < _BEFORE:
        start -= 1
    left = " ".join(words[start:at])
    for apart, joined in (("ca n't", "can't"), ("can not", "cannot"), ("do n't", "don't")):
        left = left.replace(apart, joined)
    cut = max(left.rfind(" , "), left.rfind(" but "), left.rfind(" because "), left.rfind(" that "))
    near = left[cut + 1 :].strip(" ,") if cut >= 0 else left
    form, what = _form(words[at]), _what_follows(words, at)
    if what is None and form in "dn":
        what = _what_precedes(words, at)
    if what is None:
        what = "stop" if at == len(words) - 1 or words[at + 1] in _STOPS or words[at + 1] == "," else "none"
    if form == "n":
        mood = _noun(words[at + 1] if at + 1 < len(words) else "", left)
    elif form == "d":
        mood = _done(words, at, left, near)
    else:
        mood = _verb(form, left, near, first=start == at)
    return Ending(at, form, mood, what, bool(_UNREAL.search(left)))


def _form(word: str) -> str:
    if word.endswith(("tion", "sion", "ure", "tions")):
        return "n"
    if word.endswith("ing"):
        return "g"
    return "d" if word.endswith("ed") or word == "void" else "b"


def _what_follows(words: Sequence[str], at: int) -> str | None:
    """What an ending is said of, by the words after it: relation, one thing, bank, door, request, or something pointed at."""
    pointed = at + 1 < len(words) and words[at + 1] in _POINTING
    for place in range(at + 1, min(len(words), at + _AFTER)):
        if words[place] in _BREAKS or words[place] in _CLAUSE:
            return "it" if pointed and place == at + 2 else None
        if kind := _kind(words, place, at):
            return kind
    return "it" if pointed and at + 2 >= len(words) else None


def _kind(words: Sequence[str], place: int, at: int) -> str | None:
    """What the word at `place` is, after an ending at `at`."""
    kind = _KINDS.get(words[place])
    if kind is None:
        return "door" if words[place] in _DOOR and place <= at + 2 else None
    following = words[place + 1] if place + 1 < len(words) else ""
    of_one = _KINDS.get(following) == "one" and following != "card" and words[place] != "account"
    return "one" if kind == "relation" and of_one else kind


def _what_precedes(words: Sequence[str], at: int) -> str | None:
    for place in range(at - 1, max(-1, at - _AFTER - 1), -1):
        word = words[place]
        if word in _STOPS:
            return None
        if word in {"doors", "door", "office", "branch", "store"}:
            return "door"
        of_account = word in {"information", "info"} and "account" in words[max(0, place - 8) : place]
        if word in _ONE_THING and not of_account:
            return "one"
        if word in _RELATION:
            return "bank" if place and words[place - 1] in {"bank", "checking", "banking"} else "relation"
        if word in {"bank", "checking", "banking"}:
            return "bank"
    return None


def _noun(following: str, left: str) -> str:
    if following in {"fee", "fees", "policy", "period", "process", "date", "clause", "option"}:
        return "n_fee"
    if _OUR_NOUN.search(left):
        return "n_we"
    if following in {"request", "requests", "letter", "notice", "form", "papers"}:
        return "n_req"
    return "n_their" if left.endswith(("their", "its", "his", "the")) else "n"


def _actor(left: str) -> str:
    we, they = _LAST_WE.search(left), _LAST_THEY.search(left)
    if we and (not they or we.start() > they.start()):
        return "we"
    return "they" if they else "none"


def _done(words: Sequence[str], at: int, left: str, near: str) -> str:
    """How closed, cancelled and so on is meant: done by somebody, wanted, or how things are."""
    if _WE_ARE.search(near):
        return "we_are"
    if _PASSIVE.search(near[-40:]):
        mood = "want_done" if _WANTED_DONE.search(left) and not _TOLD_BY_THEM.search(left) else "passive"
        return mood + "_not" if _NOT_YET.search(near[-25:]) else mood
    who = _actor(left)
    if _HAVE_DONE.search(near) and _what_precedes(words, at):
        return "they_want_done" if who == "they" else "want_done"
    return "other" if who == "none" else who + "_did"


def _verb(form: str, left: str, near: str, *, first: bool) -> str:
    """How close, cancel, closing and so on is meant."""
    who = _actor(left)
    if _TOLD_BY_THEM.search(left[-70:]):
        return "told_by_not" if _REFUSED.search(near[-30:]) else "told_by"
    if refused := _refusal(left, near, who):
        return refused
    if _ASKED.search(left):
        return "asked_they" if who == "they" and _LAST_WE.search(left) is None else "asked"
    if _WANTED.search(near):
        return "want_" + who
    if form == "b" and (first or not near or _BARE.search(near)):
        return _bare(near, who)
    return _plain(form, near, who)


def _refusal(left: str, near: str, who: str) -> str | None:
    if _REFUSED.search(near[-45:]):
        if who == "we":
            return "we_not" if _DO_NOT.search(near[-30:]) else "unable"
        return "refused" if who == "they" else "cannot"
    return "refused" if who == "they" and _STILL_REFUSED.search(left) else None


def _plain(form: str, near: str, who: str) -> str:
    if form == "g":
        return ("doing_" if _DOING.search(near) else "ger_") + who
    return "other" if who == "none" else who + "_did"


def _bare(near: str, who: str) -> str:
    """An order, or a verb joined to what stands before it."""
    if near in {"", "please", "pls", "kindly", "just"}:
        return "imp"
    if "please" in near:
        return "imp_please"
    return ("to_" if near.endswith("to") else "and_") + who
