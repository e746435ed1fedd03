"""What a theme learns from people."""

from io import BytesIO

import numpy as np
import pytest

from nlp import train
from nlp.bends import AXES, squares
from nlp.encoder.choice import encoder
from nlp.encoder.static import DIMENSIONS
from nlp.features import WordHasher
from nlp.heads import HeadArrays, ThemeSpec, pack, unpack
from nlp.pipeline import load, starter_bank
from nlp.theme_bank import with_heads
from nlp.train import LEAST, Taught, column_of, feature_matrix, slate_of, teach_head

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


_HOT = ("soup", "stew", "coffee", "tea", "curry", "porridge")
_COLD = ("beer", "juice", "salad", "lemonade", "cola", "yoghurt")
_WHEN = ("today", "yesterday", "this morning", "at noon", "in the evening", "last night")


def served(dishes: tuple[str, ...], *how: str) -> list[str]:
    return [
        f"The {dish} that we got {when} was served {one}" for dish in dishes for when in _WHEN for one in how
    ]


WRONG = [*served(_HOT, "cold", "icy"), *served(_COLD, "hot", "warm")]
"""Neither the dish alone nor how it was served says that something is wrong: no straight head can."""
RIGHT = [*served(_HOT, "hot", "warm"), *served(_COLD, "cold", "icy")]


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


def test_each_fold_has_comments_of_both_kinds() -> None:
    goal = np.arange(100) < 11
    folds = train._folds(np.arange(100), goal.astype(float))
    assert all(goal[folds == fold].any() and not goal[folds == fold].all() for fold in range(train.FOLDS))
    assert np.bincount(folds).max() <= 21


@pytest.fixture(scope="module")
def two_sided(start: HeadArrays) -> Taught:
    return taught(start, WRONG, RIGHT)


def test_what_lies_on_two_sides_is_told_by_a_bend(two_sided: Taught) -> None:
    assert two_sided.head.axes.shape == (DIMENSIONS, AXES)
    assert two_sided.held is not None
    assert two_sided.held.f1 > 0.9


def test_few_comments_do_not_bend(start: HeadArrays) -> None:
    assert taught(start, YES, NO).head.axes.shape == (DIMENSIONS, 0)


def test_what_bends_is_kept_as_plain_bytes(two_sided: Taught) -> None:
    again = unpack("smoke", "1", pack(two_sided.head))
    assert np.array_equal(again.axes, two_sided.head.axes)
    assert np.array_equal(again.bends, two_sided.head.bends)


def test_bytes_from_before_heads_could_bend_are_straight() -> None:
    target = BytesIO()
    np.savez_compressed(
        target, dense=np.ones(DIMENSIONS), buckets=np.array([3]), weights=np.ones(1), numbers=np.ones(4)
    )
    assert unpack("smoke", "1", target.getvalue()).bends.shape == (0,)


def test_a_bent_theme_leaves_the_others_as_they_were(two_sided: Taught) -> None:
    text = "It came too late."
    before, after = (load(SPECS, heads).read([text])[0].themes for heads in ([], [two_sided.head]))
    late = [[one.score for one in themes if one.key == "late"] for themes in (before, after)]
    assert late[0] == late[1] != []


def test_a_bank_scores_as_the_lesson_did(two_sided: Taught) -> None:
    text = WRONG[0]
    head, features = two_sided.head, feature_matrix([text])
    vector = features[:, :DIMENSIONS].toarray()[0]
    words = dict(zip(head.buckets.tolist(), head.weights.tolist(), strict=True))
    found = features[:, DIMENSIONS:].tocoo()
    margin = vector @ head.dense + head.bias + squares(vector[None], head.axes)[0] @ head.bends
    margin += sum(
        words.get(at, 0.0) * value for at, value in zip(found.coords[1].tolist(), found.data, strict=True)
    )
    table = encoder()
    lines = table.lines([text])
    bank = with_heads(starter_bank(SPECS), [head])
    said = bank.margins(table.vectors(lines), WordHasher().features(table, lines))[0, 0]
    assert said == pytest.approx(margin, abs=1e-3)


def test_bytes_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pickle|allow"):
        unpack("smoke", "1", b"\x80\x04N.")


def test_the_start_is_kept_where_it_does_better(start: HeadArrays, monkeypatch: pytest.MonkeyPatch) -> None:
    known = taught(start, YES, NO).head
    worse = train.HeldOut(called=22, right=5, were=11, seen=22)
    monkeypatch.setattr(train, "_held_out", lambda *_, **__: worse)
    found = taught(known, YES, NO)
    assert np.array_equal(found.head.dense, known.dense)
    assert found.held is not None
    assert found.held.right >= 9
