"""The themes that a new installation starts with, as people meet them on the themes page."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import voc.analysis
from voc.analysis.themes.forms import theme_fields

FILE = Path(voc.analysis.__file__).parent / "starter_themes.toml"
THEMES = tomllib.loads(FILE.read_text(encoding="utf-8"))["theme"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one["key"])
def test_a_theme_we_ship_can_be_kept_as_it_stands(theme: dict[str, Any]) -> None:
    typed = theme_fields({**theme, "examples": "\n".join(theme["examples"])})
    assert typed.examples == tuple(theme["examples"])


def test_no_sentence_shows_two_themes() -> None:
    told = Counter(sentence.casefold() for theme in THEMES for sentence in theme["examples"])
    assert [sentence for sentence, times in told.items() if times > 1] == []
