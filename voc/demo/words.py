"""Reads the hand-written sentences once and keeps them as trees."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from voc.demo.grammar import Sequence, parse

_HERE = Path(__file__).parent
Frames = tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class IssueWords:
    """What people say about one issue, and how the issue lies in the world."""

    key: str
    title: str
    services: tuple[str, ...]
    segments: tuple[str, ...]
    breadth: int
    manages: float
    hurt: int
    since_weeks: int
    say: Frames
    short: Frames
    then: Frames
    ask: Frames
    wry: Frames
    abroad: Mapping[str, Frames]


@dataclass(frozen=True, slots=True)
class Wordbook:
    """All sentences: by issue, by manner (opener, mood, chatter ...), and the written-out moments."""

    issues: Mapping[str, IssueWords]
    manner: Mapping[str, Frames]
    moments: tuple[Mapping[str, Any], ...]  # Any: a moment's TOML values are strings, numbers and booleans


@cache
def load_cast() -> dict[str, Any]:  # Any: nested TOML tables of mixed shape
    """The provider, segments, groups, sites and names as written in cast.toml."""
    return tomllib.loads((_HERE / "cast.toml").read_text("utf-8"))


@cache
def load_wordbook() -> Wordbook:
    """All sentences, parsed once per process."""
    issues: dict[str, IssueWords] = {}
    for path in sorted((_HERE / "issues").glob("*.toml")):
        for table in tomllib.loads(path.read_text("utf-8"))["issue"]:
            issues[table["key"]] = _issue(table)
    manner = tomllib.loads((_HERE / "manner.toml").read_text("utf-8"))
    moments = tomllib.loads((_HERE / "moments.toml").read_text("utf-8"))["moment"]
    return Wordbook(issues, {name: _frames(lines) for name, lines in manner.items()}, tuple(moments))


def _frames(lines: list[str]) -> Frames:
    return tuple(parse(line) for line in lines)


def _issue(table: dict[str, Any]) -> IssueWords:  # Any: one TOML table
    return IssueWords(
        key=table["key"],
        title=table["title"],
        services=tuple(table["services"]),
        segments=tuple(table.get("segments", ())),
        breadth=table["breadth"],
        manages=table["manages"],
        hurt=table["hurt"],
        since_weeks=table["since"],
        say=_frames(table["say"]),
        short=_frames(table["short"]),
        then=_frames(table["then"]),
        ask=_frames(table["ask"]),
        wry=_frames(table["wry"]),
        abroad={code: _frames(table[code]) for code in ("de", "fr", "nl") if code in table},
    )
