"""What a row of signs must hold for an expression to be found in it: most expressions need not be tried at all."""

from collections.abc import Iterable, Iterator, Sequence

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
        self._groups: list[tuple[int, int, tuple[int, ...]]] = []
        for at, expressions in enumerate(groups):
            needs = [_Reader(one, first_sign).needs() for one in expressions]
            some = _joined((min(one, key=len) for one in needs if one), bits) if all(needs) else -1
            self._groups.append((at, some, tuple({_joined(one, bits) for one in needs})))
        self._bits_of: dict[str, int] = {}
        for signs, bit in bits.items():
            for sign in signs:
                self._bits_of[sign] = self._bits_of.get(sign, 0) | bit

    def of(self, row: str) -> Iterator[int]:
        """The groups worth a look, in order."""
        held, bits_of = 0, self._bits_of
        for sign in set(row):
            held |= bits_of.get(sign, 0)
        if not held:
            held = 1 << len(
                bits_of
            )  # a bit that nothing needs: groups without needs are looked at all the same
        for at, some, needs in self._groups:
            if held & some:
                for need in needs:
                    if held & need == need:
                        yield at
                        break


def _joined(needs: Iterable[Signs], bits: dict[Signs, int]) -> int:
    found = 0
    for signs in needs:
        found |= bits.setdefault(signs, 1 << len(bits))
    return found
