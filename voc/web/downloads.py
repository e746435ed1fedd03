"""Answers with a file to keep: its name is made of plain letters, whatever words it is named after."""

import re
import unicodedata

from flask import Response, make_response

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST = 60


def file_name(words: str, kind: str) -> str:
    """A name such as `week-of-4-may.csv`: lower-case letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain)[:_LONGEST].strip('-') or 'table'}.{kind}"


def download(content: bytes, words: str, kind: str) -> Response:
    """`content` as a file of `kind`, csv or xlsx, that is saved and never shown in the page."""
    response = make_response(content)
    response.headers["Content-Type"] = _KINDS[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(words, kind)}"'
    return response
