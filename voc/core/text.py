"""The one cleaner of what people write, and the one masker of what others may read."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol

from voc.core.errors import Invalid
from voc.core.names import Names, by_place

TYPED_LIMIT = 10_000  # characters by form or API (acceptance.md B21)
BROUGHT_LIMIT = 100_000  # characters by import or mail (acceptance.md B21)
_INVISIBLE = {"Cf", "Zs", "Zl", "Zp", "Cc", "Mn"}
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class HasSpan(Protocol):
    """Anything with code-point offsets, half-open, and a kind."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """First code point after it."""

    @property
    def kind(self) -> str:
        """What is masked, such as email, phone or name."""


def clean_text(value: object, field: str = "text", *, limit: int = TYPED_LIMIT) -> str:
    """The words exactly as written, or Invalid naming `field`.

    Refuses what is not text, what is empty to the eye, control characters that no keyboard makes,
    lone surrogates, and more than `limit` code points.
    """
    if not isinstance(value, str):
        raise _invalid(field, "Please write this as text.", "not_text")
    found = _REFUSED.search(value)
    if found:
        shown = f"U+{ord(found.group()):04X}"
        raise _invalid(
            field,
            f"The character {shown} at place {found.start() + 1} is not allowed.",
            "character_not_allowed",
        )
    if all(mark.isspace() or unicodedata.category(mark) in _INVISIBLE for mark in value):
        raise _invalid(field, "Please write a few words first.", "text_empty")
    if len(value) > limit:
        raise _invalid(
            field,
            f"This has {len(value):,} characters; we take up to {limit:,}. Please shorten it.",
            "text_too_long",
        )
    return value


def clean_optional(value: object, field: str, *, limit: int = 1_000) -> str | None:
    """As `clean_text`, but what is missing or blank is None."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return clean_text(value, field, limit=limit)


def _invalid(field: str, message: str, code: str) -> Invalid:
    return Invalid(message, fields={field: message}, code=code)


def name_key(name: str) -> str:
    """What two spellings of one name share: NFC, case folded, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def fingerprint(*parts: str | None) -> str:
    """A stable 32-character hash over parts, None told apart from empty."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def masked_spans(
    text: str, spans: Iterable[HasSpan], names: Names, *, spare: Sequence[str] = ()
) -> list[tuple[int, int, str]]:
    """(start, end, kind) of all that `mask` hides, in order (`by_place`)."""
    cuts = [(span.start, span.end, span.kind) for span in spans]
    cuts += names.cuts(text, spare)
    return sorted(cuts, key=by_place)


def mask(text: str, spans: Iterable[HasSpan], names: Names, *, spare: Sequence[str] = ()) -> str:
    """`text` with each span, and each of `names`, shown as its kind in brackets; the people in `spare` keep theirs.

    `names` are all that are known today (`voc.accounts.names.known_names`): a reading's spans were found when it was read.
    """
    shown, place = [], 0
    for start, end, kind in masked_spans(text, spans, names, spare=spare):
        if end <= place:
            continue
        shown += [text[place : max(start, place)], f"[{kind}]" if start >= place else ""]
        place = end
    return "".join([*shown, text[place:]])
