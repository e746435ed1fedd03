"""Words on their way into a header: one line, no control characters, nothing that a mail program decodes."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST = 150


def one_line(words: object, longest: int = _LONGEST) -> str:
    """`words` as a header may carry them; encoded words are decoded first, so that nothing hides in them."""
    plain = str(words)
    for _ in range(3):  # an encoded word may hold another one
        if "=?" not in plain:
            break
        plain = decoded(plain)
    plain = " ".join(_UNSEEN.sub(" ", plain).split()).replace("=?", "= ?")
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def plain_line(words: str, longest: int) -> str:
    """`words` as one line of a mail's text, without what no eye sees."""
    return " ".join(_UNSEEN.sub(" ", words[: longest * 2]).split())[:longest]


def plain_lines(words: str) -> str:
    """`words` as lines of a mail's text, without what no eye sees."""
    return "\n".join(_UNSEEN.sub(" ", line).rstrip() for line in words.replace("\r\n", "\n").split("\n"))


def decoded(value: str) -> str:
    """A header's value with its encoded words read; as it stands where they cannot be."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value
