"""What a text says, without greeting, sign-off, lead-in and placeholders."""

import re

_OPENING = re.compile(
    r"""(?:
        (?:fwd?|re)\s*:\s*                                      # a forwarded or answered mail
      | (?:from|sent|to|subject)\b:?\s[^\n.!?]{0,60}$           # its head lines
      | -{3,}.*$
      | (?:hi|hello|hey|dear|good\ (?:morning|afternoon|evening|day)|to\ whom\ it\ may\ concern)\b
        [^.!?\n]{0,40}?(?:[,!:.]+\s*|$)
      | [^.!?"“]{0,90}:\s*(?=["“])                              # who said it: "..."
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGN_OFF = re.compile(
    r"""(?:^|\n|[.!?]\s)\s*
    (?: (?:many|kind|best|warm|warmest)\s+(?:thanks|regards|wishes) | regards | best | cheers | sincerely | greetings
      | yours\s+(?:sincerely|faithfully|truly) | (?:thank\ you|thanks)(?:\ in\ advance)? )
    \s*[,.!]?\s*(?:\n|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_GREETED = re.compile(
    r"\s*(?:hi|hello|hallo|hey|dear|good (?:morning|afternoon|evening|day)|to who(?:m|ever)\b)[^.!?\n]{0,40}\n\s*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]”]?\s+|\n\s*|;\s+")
_PLACEHOLDER = re.compile(r"\[(?:name|email|phone|id|iban|card|ip|…)\]|\bX{2,}[X/ ]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_EDGES = " -–—•*'\"“”‘’"
_SHORTEST_BODY = 10
"""A sign-off sooner than this is the message itself."""
_LONGEST_NAME = 150
"""Name, role, firm and number below a sign-off; where more follows, people write on."""
_FIRST = frozenset("fFrRsStThHdDgG-")
"""What an opening without a colon begins with; most sentences begin otherwise and need no look."""
_OPENINGS = 3
"""Head line, greeting and lead-in may follow each other."""


def sentences(text: str, *, gap: str = " ") -> list[str]:
    """The sentences that say something, in order, with `gap` for each placeholder; empty when none does."""
    found = (_told(piece, gap) for piece in _SENTENCE_END.split(_body(text)))
    return [said for said in found if _WORD.search(said)]


def gist(text: str) -> str:
    """The sentences as one text; '' when none says something."""
    return " ".join(sentences(text))


def body_of(text: str) -> tuple[int, int]:
    """Where a letter's own words begin and end: without a greeting on a line of its own, sign-off, name and role."""
    if "\n" not in text:
        return 0, len(text)
    greeted = _GREETED.match(text)
    start = greeted.end() if greeted else 0
    for found in _SIGN_OFF.finditer(text, start):
        if text[start : found.start()].strip() and len(text) - found.end() <= _LONGEST_NAME:
            return start, found.start() + 1
    return (start, len(text)) if text[start:].strip() else (0, len(text))


def _body(text: str) -> str:
    """The text up to its sign-off."""
    text = text.strip()
    for found in _SIGN_OFF.finditer(text):
        if found.start() > _SHORTEST_BODY:
            return text[: found.start() + 1]
    return text


def _told(piece: str, gap: str) -> str:
    """A sentence without what opens it."""
    piece = piece.strip().strip(" -•*'")
    for _ in range(_OPENINGS):
        if piece[:1] not in _FIRST and ":" not in piece:
            break
        opening = _OPENING.match(piece)
        if opening is None:
            break
        piece = piece[opening.end() :].strip()
    if "[" in piece or "XX" in piece:
        piece = _PLACEHOLDER.sub(gap, piece)
    return piece.strip(_EDGES)
