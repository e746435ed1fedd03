"""What a theme learns from people."""

import numpy as np
import pytest

from nlp import train
from nlp.heads import HeadArrays, ThemeSpec, pack, unpack
from nlp.pipeline import load, starter_bank
from nlp.train import LEAST, Taught, column_of, slate_of, teach_head

SMOKE = ThemeSpec("smoke", "Smell of smoke", "")
SPECS = (SMOKE, ThemeSpec("late", "Late", "It came too late."))
YES = [
    f"The {thing} smells of smoke"
    for thing in (
        "room",
        "car",
        "hall",
        "office",
        "lift",
        "shirt",
        "carpet",
        "sofa",
        "stairs",
        "desk",
        "coat",
    )
]
NO = [
    f"The {thing} was late today"
    for thing in ("bus", "train", "mail", "driver", "food", "tea", "bill", "crew", "van", "cook", "guest")
]


@pytest.fixture(scope="module")
def start() -> HeadArrays:
    return column_of(starter_bank(SPECS), SMOKE)


def taught(start: HeadArrays, yes: list[str], no: list[str], *, accounts: list[int] | None = None) -> Taught:
    texts = [*yes, *no]
    slate = slate_of(texts, accounts or list(range(len(texts))))
    return teach_head(start, slate, np.arange(len(texts)) < len(yes), np.ones(len(texts)))


def said(head: HeadArrays | None, text: str) -> set[str]:
    return {one.key for one in load(SPECS, [head] if head else []).read([text])[0].themes}


def test_a_head_learns_and_says_how_well(start: HeadArrays) -> None:
    found = taught(start, YES, NO)
    assert found.held is not None
    assert (found.held.were, found.held.seen) == (11, 22)
    assert found.held.right >= 9
    assert found.held.called - found.held.right <= 1
    assert said(found.head, "The lobby smells of smoke") == {"smoke"}


def test_few_examples_have_no_held_out_figures(start: HeadArrays) -> None:
    assert taught(start, YES[: LEAST - 1], NO).held is None
    assert taught(start, YES, NO[: LEAST - 1]).held is None


def test_one_correction_moves_a_theme_a_little_and_another_more(start: HeadArrays) -> None:
    moves = [
        float(np.linalg.norm(taught(start, YES[:number], NO[:number]).head.dense - start.dense))
        for number in (0, 1, 5)
    ]
    assert moves[0] == 0
    assert 0 < moves[1] < moves[2]


def test_a_no_alone_teaches_to_stay_silent(start: HeadArrays) -> None:
    text = "The smoke detector was tested today"
    before = load(SPECS, [start]).read([text])[0]
    after = load(SPECS, [taught(start, [], [text] * 3).head]).read([text])[0]
    assert {one.key for one in after.themes} <= {one.key for one in before.themes} - {"smoke"}


def test_words_of_one_client_teach_nothing(start: HeadArrays) -> None:
    head = taught(start, YES, NO, accounts=[1] * 22).head
    assert set(head.buckets) <= set(start.buckets)


def test_of_a_long_comment_the_sentence_counts_that_speaks_of_it(start: HeadArrays) -> None:
    around = "We have been with you for nine years now. {} Greetings from all of us at the office."
    head = taught(start, [around.format(one + ".") for one in YES], NO).head
    assert said(head, "The lobby smells of smoke") == {"smoke"}
    assert said(head, "Greetings from all of us") == set()


def test_what_was_taught_is_kept_as_plain_bytes(start: HeadArrays) -> None:
    head = taught(start, YES, NO).head
    again = unpack("smoke", "1", pack(head), n=head.n)
    assert np.array_equal(again.dense, head.dense)
    assert np.array_equal(again.buckets, head.buckets)
    assert (again.bias, again.scale, again.offset, again.threshold) == (
        head.bias, head.scale, head.offset, head.threshold,
    )  # fmt: skip


def test_bytes_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pickle|allow"):
        unpack("smoke", "1", b"\x80\x04N.")


def test_the_start_is_kept_where_it_does_better(start: HeadArrays, monkeypatch: pytest.MonkeyPatch) -> None:
    known = taught(start, YES, NO).head
    worse = train.HeldOut(called=22, right=5, were=11, seen=22)
    monkeypatch.setattr(train, "_held_out", lambda *_: worse)
    found = taught(known, YES, NO)
    assert np.array_equal(found.head.dense, known.dense)
    assert found.held is not None
    assert found.held.right >= 9


def test_each_fold_has_comments_of_both_kinds() -> None:
    goal = np.arange(100) < 11
    folds = train._folds(np.arange(100), goal.astype(float))
    assert all(goal[folds == fold].any() and not goal[folds == fold].all() for fold in range(train.FOLDS))
    assert np.bincount(folds).max() <= 21
