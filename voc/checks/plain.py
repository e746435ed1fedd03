"""Which of the five answers a short reply is, where that is beyond doubt; all else is for a person to say."""

import re

from voc.checks.rules import SAYS_WORDS

_MARKS = re.compile(r"[^\w\s']+")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|thank you|thanks)\b", re.IGNORECASE
)
_FAREWELL = re.compile(
    r"(?:(?:kind|best|warm|many)\s)?(?:regards|wishes|greetings|thanks|thank you|cheers|best|sincerely|yours)\b", re.IGNORECASE
)  # fmt: skip
_SHORT = 6  # words of a line that may be a greeting or a farewell
_SAME = {
    "no it has not": "no", "no it did not": "no", "no it hasn't": "no", "no never": "no", "nope": "no",
    "we don't use this": "not_used", "we do not use it": "not_used", "we don't use it": "not_used",
    "i can't tell": "cannot_tell", "i cannot say": "cannot_tell", "i do not know": "cannot_tell",
    "i don't know": "cannot_tell",
}  # fmt: skip
_KNOWN = {**_SAME, **{_MARKS.sub("", words).casefold(): says for says, words in SAYS_WORDS.items()}}


def plain_answer(text: str) -> str | None:
    """The answer that a reply is, word for word; None where it says more, or anything else.

    "Yes" alone is none: whether it is a problem or they manage is what the question is for.
    """
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if lines and len(lines) > 1 and _is_short(lines[0]) and _GREETING.match(lines[0]):
        lines = lines[1:]
    end = next(
        (at for at, line in enumerate(lines) if at and _is_short(line) and _FAREWELL.match(line)), len(lines)
    )
    said = _MARKS.sub("", " ".join(lines[:end]).replace("’", "'")).casefold()
    return _KNOWN.get(" ".join(said.split()))


def _is_short(line: str) -> bool:
    return len(line.split()) <= _SHORT
