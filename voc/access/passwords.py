"""Passwords: argon2id, a few at a time, and the same time for unknown people."""

import threading
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from voc.core.errors import Invalid

SHORTEST = 8
LONGEST = 128
# 19 MiB, 2 rounds, 1 lane: the least that OWASP's cheat sheet accepts (acceptance.md S4).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(4)
_COMMON = frozenset(
    [
        "password",
        "passwort",
        "wachtwoord",
        "motdepasse",
        "qwertyuiop",
        "qwertzuiop",
        "azertyuiop",
        "1q2w3e4r",
        "1qaz2wsx",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "trustno1",
        "letmein1",
        "welcome1",
        "welkom01",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "dragon12",
        "monkey12",
        "abc12345",
        "abcd1234",
        "qwerty12",
        "qwerty123",
        "password1",
        "password12",
        "password123",
        "administrator",
        "changeme",
        "starwars",
        "whatever",
        "michelle",
        "jennifer",
        "computer",
        "internet",
        "samantha",
    ]
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password opens; `fresh_hash` replaces the stored one when ours became stronger."""

    opens: bool
    fresh_hash: str | None = None


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _at_once:
        return _hasher.hash(password)


def verify(stored: str | None, password: str) -> Verdict:
    """Whether `password` is the one behind `stored`; None takes as long and never opens."""
    with _at_once:
        try:
            opens = _hasher.verify(stored or _nobodys(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            opens = False
        renew = opens and stored is not None and _hasher.check_needs_rehash(stored)
        return Verdict(opens, _hasher.hash(password) if renew else None)


def check_new(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Raises Invalid for a password that is short, common, one row of keys, or made of `about`."""
    folded = password.casefold()
    too_plain = (
        folded in _COMMON
        or len(set(folded)) <= 2  # noqa: PLR2004 - "aaaaaaaa", "abababab"
        or _is_run(folded)
        or any(word and word.casefold() in folded and len(password) < len(word) + 6 for word in about)
    )
    if not SHORTEST <= len(password) <= LONGEST:
        raise _invalid(f"Choose {SHORTEST} to {LONGEST} characters; 15 or more are better.")
    if too_plain:
        raise _invalid(
            "Many people would guess this one. Four words that have nothing to do with you are good."
        )


def _is_run(folded: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    return steps in ({1}, {-1})


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"password": message}, code="password_weak")
