"""The one reader of JSON: UTF-8 only, no doubled keys, no numbers that JSON does not have, not too deep."""

import json
import math
import re

from flask import Request

from voc.core.errors import Unreadable, WrongType

DEEPEST = 32
_BIGGEST = 2**63 - 1
_DIGITS = 19
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_BOM = b"\xef\xbb\xbf"


def read_json(request: Request) -> object:
    """The body as plain values; WrongType or Unreadable says why it cannot be read."""
    check_type(request)
    return parse(request.get_data(cache=True))


def parse(body: bytes) -> object:
    """As `read_json`, for bytes that claim to be JSON."""
    text = _decode(body)
    _check_depth(text)
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This is not JSON that we can read. Check brackets, commas and quotes.") from error


def check_type(request: Request) -> None:
    """Raises WrongType unless the headers say plain JSON in UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8").casefold()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise WrongType("Send JSON in UTF-8, with the header “Content-Type: application/json”.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise WrongType("Send the body without compression.")


def _decode(body: bytes) -> str:
    if body.startswith(_BOM):
        raise Unreadable("The body begins with a byte order mark. Send plain UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"The body is not UTF-8: byte {error.start + 1} cannot be read.") from error


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for found in _BRACKETS.finditer(_STRINGS.sub("", text)):
        depth += 1 if found.group() in "[{" else -1
        if depth > DEEPEST:
            raise Unreadable(f"This is nested more than {DEEPEST} deep.")


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _DIGITS or abs(int(digits)) > _BIGGEST:
        raise Unreadable("A whole number is too large.")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable("A number is too large.")
    return number


def _constant(name: str) -> object:
    raise Unreadable(f"“{name}” is not JSON.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"The key “{twice[:50]}” stands twice in one object.")
    return found


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
)
