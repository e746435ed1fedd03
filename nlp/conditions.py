"""Keeps the condition under which something is said: "If this goes on we will leave" is no "we will leave"."""

import re

from nlp.reading import Span

_IF = re.compile(r"\b(?:if|unless|otherwise|in case|as long as|provided that)\b", re.IGNORECASE)
_NO_CONDITION = re.compile(
    r"\b(?:as|ask\w*|know|see|check\w*|wonder\w*|unsure|sure|doubt\w*|grateful|appreciate(?: it)?|mind)\s*$", re.IGNORECASE
)  # fmt: skip
"""Words after which an if sets none: "we asked if", "as if", "I would be grateful if"."""
_OPENS = re.compile(r"\W*(?:should|another|one more|once more)\b", re.IGNORECASE)
"""Beginnings of a sentence that set a condition without an if: "One more late delivery and we leave"."""
_OR = re.compile(r"\bor(?:\s+else)?\W*$", re.IGNORECASE)
"""What stands before a threat that follows a demand: "Mend it or we leave"."""


def with_condition(text: str, said: Span, sentence: Span) -> Span:
    """The words `said` with the condition that their sentence sets, before or after them; else as they are."""
    before, rest = text[sentence.start : said.start], text[said.start : sentence.end]
    starts = [one.start() for one in _IF.finditer(before) if not _NO_CONDITION.search(before[: one.start()])]
    start, end = said.start, said.end
    if starts:
        start = sentence.start + starts[0]
    elif _OPENS.match(before) or _OR.search(before) or rest.lower().startswith("or "):
        start = sentence.start
    after = next((one for one in _IF.finditer(rest) if not _NO_CONDITION.search(rest[: one.start()])), None)
    if after is not None and after.start() > 0:
        end = sentence.end
    return Span(start, end)
