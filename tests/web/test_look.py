"""The design's promises about contrast, size and scripts."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "voc" / "web" / "static"
TEMPLATES = Path(__file__).parents[2] / "templates"
CSS = (STATIC / "app.css").read_text(encoding="utf-8")


def tokens(theme: str) -> dict[str, str]:
    start = CSS.index(':root[data-theme="dark"] {') if theme == "dark" else 0
    block = CSS[start : CSS.index("}", start)]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("ink", "paper", 7), ("ink", "card", 7), ("ink", "sunk", 7), ("ink", "teal-wash", 7), ("ink", "mark", 7),
        ("soft", "paper", 4.5), ("soft", "card", 4.5), ("soft", "sunk", 4.5), ("soft", "teal-wash", 4.5),
        ("teal", "paper", 4.5), ("teal", "card", 4.5), ("teal", "teal-wash", 4.5), ("on-teal", "teal", 4.5),
        ("brick-ink", "brick-wash", 4.5), ("amber-ink", "amber-wash", 4.5), ("sage-ink", "sage-wash", 4.5),
        ("edge", "paper", 3), ("edge", "card", 3), ("brick", "paper", 3), ("sage-line", "card", 3),
        ("amber-line", "card", 3),
    ],
)  # fmt: skip
def test_ink_stands_out_from_its_paper(theme: str, ink: str, paper: str, least: float) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[paper]) >= least


def test_both_ways_into_the_dark_give_the_same_colours() -> None:
    start = CSS.index("prefers-color-scheme: dark")
    by_device = re.findall(r"--[a-z-]+: #[0-9a-f]{6}", CSS[start : CSS.index("color-scheme: dark;", start)])
    assert dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", " ".join(by_device))) == tokens("dark")


def test_style_and_script_stay_small() -> None:
    assert (STATIC / "app.js").stat().st_size < 8_000
    assert sum(path.stat().st_size for path in STATIC.glob("app.*")) < 40_000


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline(path: Path) -> None:
    if "email" in path.parts:
        pytest.skip("mail carries its own styles")
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", text)
