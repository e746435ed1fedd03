"""Who ends what, as the words around an ending tell it."""

from pathlib import Path

import pytest

from nlp.evaluating.labelled import read_labelled
from nlp.leaving import Ending, endings, known_phrases, leaving_traits, tellings
from nlp.risk_head import sentence_words


def only(said: str) -> Ending:
    """The one ending of a sentence."""
    (found,) = endings(sentence_words(said))
    return found


@pytest.mark.parametrize(
    ("said", "mood", "what"),
    [
        ("We asked you to close our account.", "asked", "relation"),
        ("We plan to cancel the contract.", "want_we", "relation"),
        ("They refuse to cancel my loan.", "refused", "relation"),
        ("I would like my account to be closed permanently.", "want_done", "relation"),
        ("They closed my account.", "they_did", "relation"),
        ("My account was closed.", "passive", "relation"),
        ("I was told that I had three days to cancel the loan.", "told_by", "relation"),
        ("Please cancel our agreement.", "imp", "relation"),
        ("We cancelled the booking.", "we_did", "one"),
        ("We are closed on Friday.", "we_are", "door"),
        ("The cancellation fee is wrong.", "n_fee", "one"),
        ("I sent my cancellation in May.", "n_we", "none"),
    ],
)
def test_an_ending_tells_who_wants_it_and_of_what(said: str, mood: str, what: str) -> None:
    found = only(said)
    assert (found.mood, found.what) == (mood, what)


@pytest.mark.parametrize(
    "said", ["The other end of the line is quiet.", "I ended up paying twice.", "It is a non stop noise."]
)
def test_the_end_of_a_thing_is_no_ending(said: str) -> None:
    assert not list(endings(sentence_words(said)))


def test_only_what_the_client_ends_is_shown_as_words_of_leaving() -> None:
    assert only("We want to close our account.").says
    assert not only("We want to cancel the order.").says
    assert not only("You closed our account.").says


def test_an_ending_under_a_condition_is_marked() -> None:
    assert only("If nothing changes we cancel the contract.").perhaps
    assert not only("We cancel the contract.").perhaps


@pytest.mark.parametrize(
    ("said", "trait"),
    [
        ("I will never use this company again.", "leave:never_again:we"),
        ("We have invited bids from two firms.", "leave:tender:we"),
        ("I want nothing to do with them.", "leave:nothing_to_do:we"),
        ("We are looking at other providers.", "leave:shop:we"),
        ("We will not renew.", "leave:not_renew:we"),
        ("The contract will not be extended.", "leave:not_renew"),
        ("We are asking two firms for quotes.", "leave:quotes:we"),
        ("We want to be released from the lease.", "leave:released:we"),
        ("That was our last order with you.", "leave:last_one"),
        ("We are testing another tool.", "leave:tries_other:we"),
        ("The board wants to replace you.", "leave:right_supplier"),
        ("We give the business to a firm nearby.", "leave:volume_away:we"),
        ("Our parcels go to somebody else.", "leave:volume_goes"),
        ("From May on we do it ourselves.", "leave:ourselves:we"),
        ("Please hand over to your successor.", "leave:successor"),
    ],
)
def test_a_phrase_of_leaving_is_named_with_who_says_it(said: str, trait: str) -> None:
    words = sentence_words(said)
    assert trait in leaving_traits(words, list(endings(words)), list(tellings(words)))


def shown(said: str) -> list[tuple[str, str]]:
    """What each phrase of a sentence means to a person, and its words."""
    words = sentence_words(said)
    return [(one.say, " ".join(words[one.start : one.end])) for one in tellings(words) if one.say]


@pytest.mark.parametrize(
    ("said", "meaning", "words"),
    [
        ("We will hire another firm, you can not deliver.", "turns to another provider", "hire another firm"),
        ("You can not deliver, so release us from the contract.", "asks how to get out or to be let go",
         "release us from the contract"),
        ("Well,  as I said, you will not see another order.", "says that it was the last time",
         "not see another order"),
        ("Your competitor starts on Monday.", "speaks of one of your competitors", "your competitor"),
    ],
)  # fmt: skip
def test_a_phrase_of_leaving_stands_where_its_words_are(said: str, meaning: str, words: str) -> None:
    assert (meaning, words) in shown(said)


def test_phrases_that_mean_too_many_things_are_never_shown() -> None:
    assert not shown("I never had a problem with you.")


def test_a_phrase_that_is_denied_is_marked() -> None:
    for said, marked in (("We are not looking for another provider.", {"leave:shop:not"}),
                         ("We are looking for another provider.", set())):  # fmt: skip
        words = sentence_words(said)
        assert leaving_traits(words, [], list(tellings(words))) & {"leave:shop:not"} == marked


def test_no_phrase_stands_where_none_of_its_beginnings_does(labelled: Path) -> None:
    rows = read_labelled(Path(__file__).parent / "labels" / "risk_train.jsonl", labelled)
    missed = []
    for row in rows:
        words = sentence_words(row.text)
        said = " ".join(words)
        begun = {word[:4] for word in words}
        missed += [
            one.name for one in known_phrases() if one.needs.isdisjoint(begun) and one.pattern.search(said)
        ]
    assert not missed
