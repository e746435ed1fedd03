"""Comments told at length make a group only where words name the matter; a heap of letters is none."""

import numpy as np

from nlp.at_length import are_letters, is_long, is_matter, letters_apart
from nlp.grouping import Groups

OPENING = "I have been a customer of this company for many years and I am very disappointed by what happened to me this time."
CLOSING = "I called them several times, spoke to a supervisor and was told to wait for weeks. Nobody ever called me back about any of it."
SOLAR = [
    "The solar panels on our roof never worked and the installer went out of business.",
    "Our solar panels have not produced any power since the installer left the roof unfinished.",
    "The installer put broken solar panels on the roof and then closed its doors.",
    "We pay for solar panels that do not work, the installer left holes in the roof.",
    "The solar panels are not connected, the roof leaks and the installer does not answer.",
]
OTHERS = [
    "The fee for my wire transfer was taken twice this month.",
    "My application was denied and the letter gave no reason at all.",
    "A thief opened a card in my name and spent two thousand dollars.",
    "The car was towed from my driveway although the rate was paid.",
    "The rate on my savings fell without any notice.",
    "My new password is refused and the app logs me out.",
    "The branch lost the cheque that I handed in at the counter.",
    "They ring my neighbours and my mother at night.",
]
SHORT = ["The soup was cold", "Cold soup again", "Soup cold at noon"]


def letter(matter: str) -> str:
    return f"{OPENING} {matter} {CLOSING}"


def groups_of(labels: list[int]) -> Groups:
    return Groups(np.array(labels), np.ones(len(labels), dtype=np.float32), "g0")


def letters() -> tuple[list[str], Groups]:
    texts = [letter(one) for one in [*SOLAR, *OTHERS]]
    return texts, groups_of([0] * len(texts))


def test_a_heap_of_letters_falls_apart_and_the_matter_in_it_stays_together() -> None:
    texts, heap = letters()
    found = letters_apart(heap, texts)
    assert len(set(found.labels[: len(SOLAR)].tolist())) == 1
    assert found.labels[0] >= 0
    assert (found.labels[len(SOLAR) :] != found.labels[0]).all()


def test_what_is_left_out_has_no_score_and_what_is_in_has_one() -> None:
    texts, heap = letters()
    found = letters_apart(heap, texts)
    assert (found.score[found.labels < 0] == 0).all()
    assert (found.score[found.labels >= 0] > 0).all()


def test_short_comments_stay_as_they_were() -> None:
    texts, heap = letters()
    found = letters_apart(groups_of([*heap.labels.tolist(), 1, 1, 1]), [*texts, *SHORT])
    assert len(set(found.labels[-3:].tolist())) == 1
    assert found.labels[-1] >= 0
    alone = letters_apart(groups_of([0, 0, -1]), SHORT)
    assert alone.labels.tolist() == [0, 0, -1]


def test_a_letter_stays_in_a_group_of_short_comments() -> None:
    texts = [*SHORT, letter("The soup was cold.")]
    assert letters_apart(groups_of([0, 0, 0, 0]), texts).labels.tolist() == [0, 0, 0, 0]


def test_words_that_one_account_alone_uses_mark_no_matter() -> None:
    texts = [letter(f"{one} Sunfirst sold them.") for one in SOLAR]
    others = [letter(one) for one in OTHERS]
    accounts = [1] * len(texts) + list(range(2, 2 + len(others)))
    together = letters_apart(groups_of([0] * len(accounts)), [*texts, *others])
    apart = letters_apart(groups_of([0] * len(accounts)), [*texts, *others], accounts)
    assert (together.labels >= 0).sum() >= len(SOLAR)
    assert (apart.labels < 0).all()


def test_the_same_letters_make_the_same_groups() -> None:
    texts, heap = letters()
    first, second = (letters_apart(heap, texts) for _ in range(2))
    assert first.labels.tolist() == second.labels.tolist()


def test_common_words_are_no_matter_and_rare_ones_are() -> None:
    used = {"solar": 6, "panels": 6, "roof": 6, "called": 60, "told": 50, "wait": 40}
    assert is_matter([frozenset({"solar", "panels", "roof"})] * 5, used, 100)
    assert not is_matter([frozenset({"called", "told", "wait"})] * 5, used, 100)


def test_most_of_a_group_says_whether_it_is_one_of_letters() -> None:
    assert is_long(letter(SOLAR[0]))
    assert not is_long(SHORT[0])
    assert are_letters([letter(SOLAR[0]), letter(SOLAR[1]), SHORT[0]])
    assert not are_letters([letter(SOLAR[0]), *SHORT])
