"""The names a reader is told, as patterns: people by each part, clients as a whole."""

from collections.abc import Iterable, Sequence

from nlp.ordinary import is_ordinary

_SHORTEST, _SHORTEST_ALONE = 3, 5
_PARTICLES = frozenset("van von de der den ter ten da di da del la al bin el mr mrs ms dr prof".split())  # noqa: SIM905


def any_case(people: Iterable[str], clients: Iterable[str]) -> list[str]:
    """Full names, and the parts of people's names that are no ordinary words."""
    people, clients = list(people), list(clients)
    whole = [name for name in (*people, *clients) if len(name.split()) > 1 or not is_ordinary(name)]
    found = [*whole, *(part for part in parts(people) if not is_ordinary(part))]
    return [form for name in found for form in (name, f"{name}'s", f"{name}’s")]


def as_written(people: Iterable[str], clients: Iterable[str]) -> list[str]:
    """Names that are ordinary words too, which only the capital tells, and rare words that clients' names begin with."""
    clients = list(clients)
    lone = [name for name in clients if len(name.split()) == 1]
    first = [name.split()[0] for name in clients if len(name.split()) > 1]
    known = [word for word in first if len(word) >= _SHORTEST_ALONE and not is_ordinary(word)]
    return [*known, *(name for name in (*parts(people), *lone) if is_ordinary(name))]


def parts(people: Iterable[str]) -> list[str]:
    """The words of people's names, each once, the halves of those with a hyphen, and family names of several words."""
    people = list(people)
    words: Sequence[str] = [
        word for name in people for whole in name.split() for word in (whole, *whole.split("-"))
    ]
    families = [" ".join(name.split()[1:]) for name in people if len(name.split()) > 2]  # noqa: PLR2004 - van Rijn
    return [
        word
        for word in dict.fromkeys([*words, *families])
        if len(word) >= _SHORTEST and word.lower() not in _PARTICLES
    ]
