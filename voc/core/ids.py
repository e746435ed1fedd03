"""Makes keys: 64-bit and time-ordered inside, random 128-bit in URLs, short and random on receipts."""

import secrets
import threading
from typing import NewType

from voc.core import clock

AccountId = NewType("AccountId", int)
CommentId = NewType("CommentId", int)
IssueId = NewType("IssueId", int)
UserId = NewType("UserId", int)
PublicId = NewType("PublicId", str)

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC; 41 bits of milliseconds last until 2089
_LOW_BITS = 22
_LOW_MASK = (1 << _LOW_BITS) - 1
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [
    one + other for one in _LETTERS for other in _LETTERS
]  # ten bits at once: an archive needs 200,000 of them
_SHIFTS = range(120, -1, -10)
_RECEIPT_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels, no 0/O, 1/I/L: read aloud without mistakes

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A fresh key: 41 bits of milliseconds since 2020, then 22 bits that start at random.

    Within one process keys only rise. Two processes meet in one millisecond with a chance of about
    one in a million; the primary key then refuses the second, nothing is overwritten.
    """
    global _last  # noqa: PLW0603 - the last key given is the state that keeps them rising
    stamp = (int(clock.now().timestamp() * 1000) - _EPOCH_MS) << _LOW_BITS
    with _lock:
        fresh = stamp | secrets.randbits(_LOW_BITS - 1)
        same_millisecond = (_last & ~_LOW_MASK) == stamp
        _last = _last + 1 if same_millisecond else fresh
        return _last


def new_public_id() -> str:
    """26 lower-case letters and digits, 128 random bits: the only name a row has in a URL."""
    number = secrets.randbits(128) << 2  # 26 letters hold 130 bits, as in base32
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def new_receipt() -> str:
    """A receipt number such as `K7MX-4RTD`: random, so that it counts nothing (27^8 of them)."""
    number = secrets.randbits(64)  # 2^64 is 65 million times 27^8: the odds stay even
    letters = ""
    for _ in range(8):
        number, place = divmod(number, len(_RECEIPT_LETTERS))
        letters += _RECEIPT_LETTERS[place]
    return f"{letters[:4]}-{letters[4:]}"


def new_token() -> str:
    """256 random bits for links, sessions and keys; only its hash is stored."""
    return secrets.token_urlsafe(32)
