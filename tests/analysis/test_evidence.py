"""The words that speak for a reading carry the number of their reason."""

from voc.analysis.evidence import numbered


def test_numbers_follow_the_text_and_stand_where_the_words_end() -> None:
    shown = numbered([(4, 9, "b"), (0, 6, "a"), (None, None, "c")], 8)
    assert [(one.start, one.end, one.ends) for one in shown.pieces] == [
        (0, 4, ()),
        (4, 6, (1,)),
        (6, 8, (2,)),
    ]
    assert (shown.number(0, 6), shown.number(4, 9), shown.number(None, None)) == (1, 2, None)


def test_two_reasons_on_the_same_words_share_a_number() -> None:
    shown = numbered([(0, 4, "hurts"), (0, 4, "leaves")], 8)
    assert [(one.why, one.ends) for one in shown.pieces] == [("hurts · leaves", (1,))]


def test_words_outside_the_text_have_no_number() -> None:
    assert numbered([(9, 12, "late")], 8).number(9, 12) is None
