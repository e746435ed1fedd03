"""What somebody wrote in a reply, without the mail it answers and without the signature."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from voc.core.text import BROUGHT_LIMIT

_OPENERS = ("on ", "op ", "am ", "le ", "el ", "il ")
_CLOSERS = ("wrote:", "schreef:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "ha scritto:")
_MIDDLES = (" schreef ", " schrieb ")
_RULED = re.compile(
    r"[-_ ]{0,10}(?:original message|oorspronkelijk bericht|ursprüngliche nachricht|message d'origine)",
    re.IGNORECASE,
)
_FROM = ("from:", "van:", "von:", "de :", "de:")
_BELOW_FROM = ("sent:", "verzonden:", "gesendet:", "envoyé", "date:", "datum:", "to:", "aan:", "an:")
_DEVICES = (
    "sent from my ",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "von meinem ",
    "get outlook for ",
    "envoyé de mon ",
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol"})
_SKIPPED = frozenset({"style", "script", "head", "title", "blockquote"})
_LOOK_AHEAD = 3
_LINES = 5_000
_LONGEST_INTRODUCTION = 500


def own_words(text: str) -> str:
    """The words that are new in this mail; all of it where nothing would be left. Never more than a comment may hold."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    own = "\n".join(_kept(plain.split("\n")[:_LINES])).strip()
    return (own or plain.strip())[:BROUGHT_LIMIT]


def _kept(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(lines) and not _ends_here(lines, place):
        introduced = _introduction(lines, place)
        if introduced and not _answers_below(lines, place + introduced):
            break
        line = lines[place]
        if not introduced and not line.startswith(">") and not line.strip().casefold().startswith(_DEVICES):
            kept.append(line)
        place += introduced or 1
    return kept


def _ends_here(lines: Sequence[str], place: int) -> bool:
    """Whether all that follows is a signature or the mail before, as office programs draw it."""
    low = lines[place].strip().casefold()
    if low == "--" or low.startswith("_" * 10) or _RULED.match(low):
        return True
    below = [line.strip().casefold() for line in lines[place + 1 : place + 1 + _LOOK_AHEAD]]
    return low.startswith(_FROM) and any(line.startswith(_BELOW_FROM) for line in below)


def _introduction(lines: Sequence[str], place: int) -> int:
    """How many lines “On Monday Ines wrote:” takes here: up to three, and 0 when it does not stand here."""
    if not lines[place].strip().casefold().startswith(_OPENERS):
        return 0
    for length in range(1, _LOOK_AHEAD + 1):
        further = "".join(lines[place + length - 1 : place + length]).strip().casefold()
        if not further or (length > 1 and further.startswith(_OPENERS)):
            break
        said = " ".join(line.strip() for line in lines[place : place + length]).casefold()[
            :_LONGEST_INTRODUCTION
        ]
        if said.endswith(_CLOSERS) or (said.endswith(":") and any(word in said for word in _MIDDLES)):
            return length
    return 0


def _answers_below(lines: Sequence[str], place: int) -> bool:
    """Whether quoted lines follow here and somebody wrote beneath or between them."""
    rest = [line for line in lines[place:] if line.strip()]
    return bool(rest) and rest[0].startswith(">") and not all(line.startswith(">") for line in rest)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_history = any(name == "class" and "gmail_quote" in (value or "") for name, value in attrs)
        if tag in _SKIPPED or is_history or (self._skipping and tag == self._skipping[-1]):
            self._skipping.append(tag)
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words.append(" ".join(data.split()) + " " if data.strip() else " ")


def words_of_html(html: str) -> str:
    """The words of an HTML mail, without its quoted history."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
