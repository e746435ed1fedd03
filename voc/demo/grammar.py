"""A small grammar for hand-written sentences: `[this|that]` chooses, `{place}` is filled in."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

Fill = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, each as likely as the other."""

    options: tuple["Sequence", ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled by name."""

    name: str


Sequence = tuple["str | Choice | Slot", ...]

_TOKEN = re.compile(r"[\[\]|]|\{[a-z_]+\}|[^\[\]|{]+|\{")


def parse(text: str) -> Sequence:
    """The sentence as a tree; a bracket that is not closed is a ValueError naming the sentence."""
    sequence, rest = _sequence(_TOKEN.findall(text), 0)
    if rest != len(_TOKEN.findall(text)):
        raise ValueError(f"Bracket or bar out of place in {text!r}: close each [ with ].")
    return sequence


def _sequence(tokens: list[str], at: int) -> tuple[Sequence, int]:
    nodes: list[str | Choice | Slot] = []
    while at < len(tokens) and tokens[at] not in "|]":
        piece = tokens[at]
        if piece == "[":
            choice, at = _choice(tokens, at + 1)
            nodes.append(choice)
            continue
        nodes.append(Slot(piece[1:-1]) if piece.startswith("{") and piece.endswith("}") else piece)
        at += 1
    return tuple(nodes), at


def _choice(tokens: list[str], at: int) -> tuple[Choice, int]:
    options = []
    while True:
        sequence, at = _sequence(tokens, at)
        options.append(sequence)
        if at >= len(tokens):
            raise ValueError(f"An opening [ is never closed near {''.join(tokens)!r}.")
        if tokens[at] == "]":
            return Choice(tuple(options)), at + 1
        at += 1


def expand(sequence: Sequence, rng: random.Random, fill: Fill) -> str:
    """One sentence out of the tree; the same generator state gives the same sentence."""
    parts: list[str] = []
    _expand_into(parts, sequence, rng.random, fill)
    return "".join(parts)


def _expand_into(parts: list[str], sequence: Sequence, draw: Callable[[], float], fill: Fill) -> None:
    for node in sequence:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Slot):
            parts.append(fill(node.name))
        else:
            options = node.options
            _expand_into(parts, options[int(draw() * len(options))], draw, fill)


def slots_of(sequence: Sequence) -> set[str]:
    """The names of all slots that a sentence may ask for."""
    found: set[str] = set()
    for node in sequence:
        if isinstance(node, Slot):
            found.add(node.name)
        elif isinstance(node, Choice):
            for option in node.options:
                found |= slots_of(option)
    return found


def chance(rng: random.Random, share: float) -> bool:
    """True in this share of the cases."""
    return rng.random() < share
