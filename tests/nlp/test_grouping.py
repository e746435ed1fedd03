"""Groups found without labels, joined by new comments, named in plain words."""

import numpy as np

from nlp.encoder.static import encoder
from nlp.grouping import COPIES, JoinIndex, apart_from_copies, describe, find_groups, follow, join_late, title
from nlp.grouping_words import WordCounts
from nlp.small_talk import CERTAIN, small_talk

INVOICE = [
    f"The invoice for {month} has the wrong purchase order number"
    for month in ("May", "June", "July", "August")
]
DOOR = [f"The {place} door does not close" for place in ("front", "back", "garage", "cellar")]
TEXTS = INVOICE + DOOR


def test_two_matters_are_two_groups() -> None:
    groups = find_groups(encoder().encode(TEXTS), TEXTS)
    assert len(set(groups.labels[:4])) == 1
    assert len(set(groups.labels[4:])) == 1
    assert groups.labels[0] != groups.labels[4]


def test_the_same_seed_gives_the_same_groups() -> None:
    vectors = encoder().encode(TEXTS)
    assert np.array_equal(
        find_groups(vectors, TEXTS, seed=3).labels, find_groups(vectors, TEXTS, seed=3).labels
    )


def test_one_comment_is_in_no_group() -> None:
    assert find_groups(encoder().encode(TEXTS[:1]), TEXTS[:1]).labels.tolist() == [-1]


def test_a_new_comment_joins_its_like_and_something_else_founds() -> None:
    index = JoinIndex()
    index.add(range(8), encoder().encode(TEXTS), [0] * 4 + [1] * 4)
    said = "The invoice for October has the wrong purchase order number"
    joined = index.join(encoder().encode([said])[0], said)
    assert (joined.group, joined.founds) == (0, False)
    other = "Your trainer explained the holiday calendar in Portuguese"
    assert index.join(encoder().encode([other])[0], other).founds


def test_groups_are_described_by_their_own_words() -> None:
    words = describe(TEXTS, [0] * 4 + [1] * 4)
    assert "purchase order" in words[0]
    assert any("door" in word for word in words[1])


def test_a_title_is_short_and_masked() -> None:
    named = title([*INVOICE, "Call me at +49 30 1234567 about the invoice"])
    assert 0 < len(named) <= 80
    assert "1234567" not in named


def test_texts_that_name_nothing_are_in_no_group() -> None:
    vague = ["It happened again", "Not solved", "Still not ok", "Same agian", "You know which one"]
    said = ["The soup was cold again", "Towels missing again"]
    least, _ = small_talk().of_texts([*vague, *said])
    assert (least[: len(vague)] >= CERTAIN).all()
    assert (least[len(vague) :] < CERTAIN).all()


def test_a_text_too_vague_to_make_a_group_joins_where_its_nearest_agree() -> None:
    known = np.repeat(np.eye(2, 3, dtype=np.float32), 6, axis=0)
    labels = np.repeat(np.arange(2), 6)
    near, between, far = [1, 0.2, 0], [0.7, 0.7, 0], [0.1, 0, 1]
    rows = np.array([near, between, far], dtype=np.float32)
    assert join_late(rows, known, labels, 1.0)[0].tolist() == [0, 0, -1]
    assert join_late(rows, known, np.tile([0, 1], 6), 1.0)[0].tolist() == [-1, -1, -1]


def test_thousands_in_few_words_are_grouped() -> None:
    texts = [TEXTS[at % len(TEXTS)] for at in range(3200)]
    groups = find_groups(encoder().encode(texts), texts)
    assert (groups.labels >= 0).all()
    assert not {*groups.labels[0:3200:8].tolist()} & {*groups.labels[4:3200:8].tolist()}


def test_copies_follow_most_of_the_first_ones() -> None:
    words = WordCounts.of([text for text in TEXTS[:2] for _ in range(COPIES + 3)])
    kept, more = apart_from_copies(words, np.arange(len(words)))
    assert len(kept) == 2 * COPIES
    assert more.texts.tolist() == [10, 11, 12, 23, 24, 25]
    labels, score = np.full(len(words), -1), np.zeros(len(words), dtype=np.float32)
    labels[kept[:4]], labels[kept[4:10]], labels[kept[10:]] = 0, 1, 2
    score[kept[:4]], score[kept[4:10]], score[kept[10:]] = 1, 0.5, 0.25
    follow(labels, score, kept, more)
    assert labels[more.texts].tolist() == [1, 1, 1, 2, 2, 2]
    assert score[more.texts].tolist() == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_a_title_keeps_both_ends_of_a_quotation_and_every_apostrophe() -> None:
    assert title(["I was told the credit was 'with finance'."]) == "I was told the credit was 'with finance'"
    assert title(["'The clients' trays are never clean'."]) == "The clients' trays are never clean"
