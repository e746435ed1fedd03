"""The hand-written sentences are many enough, well formed, and ours alone."""

import random
import re
from datetime import date

import pytest

from voc.demo.book import write_book
from voc.demo.grammar import expand, slots_of
from voc.demo.scene import Scene, Speaker
from voc.demo.words import Frames, load_cast, load_wordbook

WORDS = load_wordbook()
GROUPS = [
    (where, frames)
    for key, issue in WORDS.issues.items()
    for where, frames in (
        (f"{key}.say", issue.say), (f"{key}.short", issue.short), (f"{key}.then", issue.then),
        (f"{key}.ask", issue.ask), (f"{key}.wry", issue.wry), *((f"{key}.{c}", f) for c, f in issue.abroad.items()),
    )
] + list(WORDS.manner.items())  # fmt: skip


@pytest.fixture(scope="module")
def scene() -> Scene:
    account = write_book(1, date(2026, 11, 20), frozenset()).accounts[0]
    return Scene(Speaker.plain(account, random.Random(1)), date(2026, 11, 2), random.Random(2))


@pytest.mark.parametrize("issue", WORDS.issues.values(), ids=lambda issue: issue.key)
def test_each_issue_has_ten_frames_and_some_short_ones(issue) -> None:  # noqa: ANN001
    assert len(issue.say) >= 10
    assert len(issue.short) >= 3


@pytest.mark.parametrize(("where", "frames"), GROUPS, ids=[where for where, _ in GROUPS])
def test_every_place_in_a_sentence_can_be_filled(where: str, frames: Frames, scene: Scene) -> None:
    for frame in frames:
        assert all(scene.fill(name) for name in slots_of(frame)), where


@pytest.mark.parametrize(("where", "frames"), GROUPS, ids=[where for where, _ in GROUPS])
def test_no_sentence_keeps_signs_of_the_grammar(where: str, frames: Frames, scene: Scene) -> None:
    rng = random.Random(where)
    for frame in frames:
        for _ in range(5):
            assert not re.search(r"[\[\]{}|]|  ", expand(frame, rng, scene.fill))


def test_frames_of_one_issue_do_not_begin_alike() -> None:
    for issue in WORDS.issues.values():
        openings = {repr(frame)[:60] for frame in issue.say}
        assert len(openings) >= len(issue.say) - 2, issue.key


def test_there_are_about_thirty_issues_of_very_different_breadth() -> None:
    breadths = sorted(issue.breadth for issue in WORDS.issues.values())
    assert 24 <= len(breadths) <= 34
    assert breadths[0] == 1
    assert 30 <= breadths[-1] <= 35


def test_each_issue_names_services_that_the_provider_sells() -> None:
    sold = set(load_cast()["services"])
    assert all(set(issue.services) <= sold for issue in WORDS.issues.values())
