"""What a row of signs must hold for an expression to be found in it: most expressions need not be tried at all."""

from collections.abc import Iterable, Sequence

Signs = frozenset[str]


class _Reader:
    """Reads the small language of pattern expressions: signs, classes, brackets, gaps, and what may be left out."""

    def __init__(self, expression: str, first_sign: str) -> None:
        self._text, self._first, self._at = expression, first_sign, 0

    def needs(self) -> list[Signs]:
        """Of each set, one sign must be there; read up to the end or a closing bracket."""
        branches: list[list[Signs]] = [[]]
        while self._at < len(self._text) and self._text[self._at] != ")":
            if self._text[self._at] == "|":
                self._at += 1
                branches.append([])
                continue
            found = self._atom()
            if not self._is_optional():
                branches[-1] += found
        if len(branches) == 1:
            return branches[0]
        rarest = [min(found, key=len, default=None) for found in branches]
        known = [one for one in rarest if one is not None]
        return [frozenset().union(*known)] if len(known) == len(branches) else []

    def _atom(self) -> list[Signs]:
        start = self._text[self._at]
        if start == "(":
            return self._bracket()
        if start == "[":
            end = self._text.index("]", self._at)
            signs = frozenset(self._text[self._at + 1 : end])
            self._at = end + 1
            return [] if "^" in signs else [signs]
        self._at += 2 if start == "\\" else 1
        return [frozenset(start)] if start >= self._first else []

    def _bracket(self) -> list[Signs]:
        looks = self._text.startswith("(?", self._at)
        self._at += 3 if looks else 1
        found = self.needs()
        self._at += 1
        return [] if looks else found

    def _is_optional(self) -> bool:
        here = self._text[self._at : self._at + 1]
        if here == "{":
            self._at = self._text.index("}", self._at) + 1
        elif here and here in "?*":
            self._at += 1
        else:
            return False
        return True


class Sieve:
    """For groups of expressions (each a list of alternatives), which may be found in a row."""

    def __init__(self, groups: Sequence[Sequence[str]], first_sign: str) -> None:
        bits: dict[Signs, int] = {}
        self._always: set[int] = set()
        self._woken: dict[str, dict[tuple[int, int], None]] = {}
        for at, expressions in enumerate(groups):
            for needs in (_Reader(one, first_sign).needs() for one in expressions):
                if not needs:
                    self._always.add(at)
                    continue
                held = _joined(needs, bits)
                for sign in min(needs, key=len):
                    self._woken.setdefault(sign, {})[at, held] = None
        self._bits_of: dict[str, int] = {}
        for signs, bit in bits.items():
            for sign in signs:
                self._bits_of[sign] = self._bits_of.get(sign, 0) | bit

    def of(self, row: str) -> list[int]:
        """The groups worth a look, in order; the rarest thing that an expression needs wakes it."""
        held, bits_of, woken = 0, self._bits_of, self._woken
        known = [sign for sign in set(row) if sign in bits_of]
        for sign in known:
            held |= bits_of[sign]
        found = set(self._always)
        for sign in known:
            for at, need in woken.get(sign, ()):
                if held & need == need:
                    found.add(at)
        return sorted(found)


def _joined(needs: Iterable[Signs], bits: dict[Signs, int]) -> int:
    found = 0
    for signs in needs:
        found |= bits.setdefault(signs, 1 << len(bits))
    return found
