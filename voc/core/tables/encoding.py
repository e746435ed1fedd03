"""Finds out in which encoding a file is written, and says how sure that is."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from voc.core.errors import Invalid

BROKEN = "\udcff"  # stands where bytes made no sense; no valid encoding decodes to it
ON_BROKEN = "voc_broken"
_CHUNK = 1 << 20
_SAMPLE = 20_000
_WESTERN = "cp1252"
_NAMES = {
    "utf_8": "UTF-8",
    "utf_8_sig": "UTF-8",
    "utf_16": "UTF-16",
    "utf_16_le": "UTF-16 (little-endian)",
    "utf_16_be": "UTF-16 (big-endian)",
    "cp1252": "Windows Western European (cp1252)",
    "cp932": "Japanese (Shift-JIS)",
}
# charset-normalizer looks among these only: the older encodings that spreadsheets still write.
_OLDER = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "koi8_r")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name for Python and for people; `is_guess` when the bytes allow others too."""

    name: str
    said: str
    is_guess: bool = False


def _mark(error: UnicodeError) -> tuple[str, int]:
    end = error.end if isinstance(error, UnicodeDecodeError) else 0
    return BROKEN, end


codecs.register_error(ON_BROKEN, _mark)


def named_encoding(name: str) -> Encoding:
    """The encoding a person asked for; Invalid when Python knows none of that name."""
    try:
        found = codecs.lookup(name).name.replace("-", "_")
        "".encode(found)
    except (LookupError, ValueError) as error:
        raise Invalid(
            f"“{name}” is no encoding we know; try utf-8, utf-16 or cp1252.",
            fields={"encoding": "Try utf-8, utf-16 or cp1252."},
        ) from error
    return Encoding(found, _NAMES.get(found, found))


def find_encoding(path: Path) -> Encoding:
    """How the file is written: its mark if it has one, UTF-8 where it fits, else the likeliest older one.

    A file that is UTF-8 but for some rows stays UTF-8: those rows become row errors.
    """
    with path.open("rb") as file:
        head = file.read(4_096)
    name = _by_mark(head) or _by_zeros(head)
    if name:
        return Encoding(name, _NAMES[name])
    good, broken, sample = _scan(path)
    if not broken or good > broken:
        return Encoding("utf_8", _NAMES["utf_8"])
    return _guess(sample)


def _by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf_8_sig"
    return "utf_16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _by_zeros(head: bytes) -> str | None:
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.4 and head[::2].count(0) < half * 0.1:
        return "utf_16_le"
    if half and head[::2].count(0) > half * 0.4 and head[1::2].count(0) < half * 0.1:
        return "utf_16_be"
    return None


def _scan(path: Path) -> tuple[int, int, bytes]:
    """Letters beyond ASCII that are good UTF-8, places that are not, and some lines with such bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors=ON_BROKEN)
    good, broken, sample = 0, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if text.isascii():
                continue
            here = text.count(BROKEN)
            broken += here
            good += len(text) - len(text.encode("ascii", "ignore")) - here
            if here and len(sample) < _SAMPLE:
                lines = [line for line in chunk.splitlines(keepends=True) if not line.isascii()]
                sample = (sample + b"".join(lines))[:_SAMPLE]
    return good, broken, sample


def _guess(sample: bytes) -> Encoding:
    """The likeliest older encoding; Western European where nothing speaks for another one more."""
    found = from_bytes(sample, cp_isolation=list(_OLDER))
    best = found.best()
    name = best.encoding if best else _WESTERN
    for one in found:
        fits = best is None or (one.chaos, -one.coherence) <= (best.chaos, -best.coherence)
        if fits and _WESTERN in one.could_be_from_charset:
            name = _WESTERN
    return Encoding(name, _NAMES.get(name, name), is_guess=True)
