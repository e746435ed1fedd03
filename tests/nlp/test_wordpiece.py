"""The tokenizer agrees with the reference on odd characters."""

import json
from pathlib import Path

import pytest

from nlp.encoder.static import FOLDER, all_words
from nlp.encoder.wordpiece import WordPiece, split_words

CASES = json.loads((Path(__file__).parent / "wordpiece_parity.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_pieces_are_those_of_the_reference(case: dict[str, object]) -> None:
    wordpiece = WordPiece(FOLDER / "vocabulary.txt")
    names = (FOLDER / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    ids = [piece for word in split_words(str(case["text"])) for piece in wordpiece.pieces(word)]
    assert [names[one] for one in ids] == case["pieces"]


def test_many_texts_split_as_each_alone() -> None:
    texts = ["It's £5 (#1)!", "", "plain words", "tab\tand\nline"]
    for batch in (texts, texts[1:]):
        joined = " ".join(all_words(batch)).split("\x0b")[1:]
        assert [part.split() for part in joined] == [split_words(text) for text in batch]
