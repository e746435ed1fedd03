"""The texts read as people write: varied, of every length, none twice, with things to mask."""

import re
from collections import Counter

import pytest

from voc.demo.noise import Style, tidy
from voc.demo.story import Story, tell

VOWELS = re.compile(r"[aeiouy]+")


def reading_ease(text: str) -> float:
    """Flesch's formula of 1948; 60 to 70 is plain English."""
    words = re.findall(r"[a-z']+", text.lower())
    sentences = max(1, len(re.findall(r"[.?!]+(?:\s|$)", text)))
    syllables = sum(max(1, len(VOWELS.findall(word.removesuffix("e")))) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / max(1, len(words))


@pytest.mark.parametrize("seed", [26, 5])
def test_no_two_texts_are_equal(seed: int) -> None:
    texts = [" ".join(comment.text.casefold().split()) for comment in tell(seed).comments]
    assert len(set(texts)) == len(texts)


def test_few_sentences_are_said_often(story: Story) -> None:
    sentences: Counter[str] = Counter()
    for comment in story.comments:
        sentences.update(
            {part.strip().lower() for part in re.split(r"[.?!\n]+", comment.text) if len(part) > 45}
        )
    assert sentences.most_common(1)[0][1] <= 12
    assert len(sentences) > 1000


def test_lengths_run_from_a_word_to_a_whole_letter(story: Story) -> None:
    words = sorted(len(comment.text.split()) for comment in story.comments)
    assert words[0] <= 2
    assert words[len(words) // 20] <= 6
    assert 15 <= words[len(words) // 2] <= 35
    assert words[-len(words) // 50] >= 70


@pytest.mark.parametrize(
    ("sign", "least"),
    [(r"^[^A-Z]+$", 60), (r"\n[-*•] |\n1\) ", 25), (r"(?i)regards|sincerely", 80), (r"(?i)forwarded|fwd|\n> ", 10),
     (r"!!", 8), (r"(?i)LQ-\d{4}-\d{5}", 30), (r"becuase|agian|recieve|befor\b|wich|untill", 5)],
)  # fmt: skip
def test_people_write_in_many_ways(story: Story, sign: str, least: int) -> None:
    assert sum(bool(re.search(sign, comment.text)) for comment in story.comments) >= least


def test_a_few_write_in_another_language(story: Story) -> None:
    abroad = Counter(story.truth.language.values())
    assert {"de", "fr", "nl"} <= set(abroad)
    assert 12 <= len(story.comments) - abroad["en"] <= 60


def test_some_touch_two_issues(story: Story) -> None:
    assert 30 <= sum(len(keys) == 2 for keys in story.truth.about.values()) <= 150


def test_what_must_be_masked_stands_in_the_text(story: Story) -> None:
    texts = {comment.source_id: comment.text for comment in story.comments}
    assert len(story.truth.personal) > 400
    assert all(said in texts[key] for key, found in story.truth.personal.items() for said in found)


def test_nothing_left_from_the_making_is_in_the_texts(story: Story) -> None:
    for comment in story.comments:
        assert not re.search(
            r"(?i:lorem|todo|xxx|placeholder|foo\b)|[{}\[\]|]|\bNone\b|\bnan\b", comment.text
        )


def test_texts_are_plain_enough_to_read(story: Story) -> None:
    english = [each.text for each in story.comments if story.truth.language[each.source_id] == "en"]
    ease = sorted(reading_ease(text) for text in english if len(text.split()) > 12)
    assert ease[len(ease) // 2] >= 60


def test_sentences_begin_with_a_capital_unless_someone_never_does() -> None:
    careful = Style.plain()
    assert tidy("no soap. again empty, and that for four whole days", careful).startswith("No soap. Again")
