"""Pages of long lists: a cursor says where the last page ended, signed so that it cannot be made up."""

import hashlib
import hmac
from dataclasses import dataclass

from flask import request

from voc.core.errors import Invalid
from voc.web.context import settings

MOST = 200
_DEFAULT = 50
_SIGNATURE = 16
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """What the request asks for: rows with a key below `before` (None: from the top), `size` of them."""

    size: int
    before: int | None


def wanted_page(listing: str, *, size: int = _DEFAULT) -> Page:
    """The page named by `?limit=` and `?cursor=`; Invalid for a limit outside 1 to 200 or a foreign cursor.

    `listing` binds cursors to one list and filter: a cursor of another list is refused.
    """
    limit = request.args.get("limit")
    cursor = request.args.get("cursor")
    return Page(_size(limit) if limit is not None else size, _open(listing, cursor) if cursor else None)


def cursor_after(listing: str, key: int) -> str:
    """The cursor that goes on below `key`."""
    return f"{key:x}.{_sign(listing, key)}"


def page_number() -> int:
    """The page named by `?page=`, from 1 to 10,000; Invalid for anything else."""
    value = request.args.get("page", "1")
    if value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= _MOST_PAGES:  # noqa: PLR2004 - enough digits
        return int(value)
    raise _invalid("page", f"“{value[:20]}” is no page of this list. Leave it out to begin at the top.")


def _size(limit: str) -> int:
    if limit.isascii() and limit.isdigit() and len(limit) < 5 and 1 <= int(limit) <= MOST:  # noqa: PLR2004 - enough for 200
        return int(limit)
    raise _invalid("limit", f"“{limit[:20]}” is no number from 1 to {MOST}.")


def _open(listing: str, cursor: str) -> int:
    shown, _, signature = cursor.partition(".")
    try:
        key = int(shown, 16) if len(shown) <= _SIGNATURE else -1
    except ValueError:
        key = -1
    if key < 0 or not hmac.compare_digest(signature.encode(), _sign(listing, key).encode()):
        raise _invalid("cursor", "This place in the list is not known. Begin again without `cursor`.")
    return key


def _sign(listing: str, key: int) -> str:
    message = f"cursor\x1f{listing}\x1f{key}".encode()
    return hmac.new(settings().secret_key.encode(), message, hashlib.sha256).hexdigest()[:_SIGNATURE]


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
