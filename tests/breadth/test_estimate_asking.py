"""Whom to ask next, and when asking settles a decision."""

import numpy as np
import pytest

from tests.breadth.panels import book
from tests.breadth.test_estimate import estimate
from voc.breadth.estimate import (
    Answer,
    Verdict,
    against_clients,
    against_value,
    chance_in_top,
    choose_asks,
    disagrees,
    next_asks,
    survey_of,
)
from voc.core.errors import Invalid


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_only_clients_not_asked_yet_are_asked_each_once() -> None:
    facts = book(1, asked=0.5).facts
    chosen = next_asks(estimate(facts), facts.answers, 40, rng())
    assert len(set(chosen.tolist())) == 40
    assert (facts.answers[chosen] == Answer.NOT_ASKED).all()


def test_three_in_ten_are_drawn_by_lot() -> None:
    facts = book(2).facts
    asks = choose_asks(estimate(facts), facts.answers, 20, rng())
    assert (len(asks.by_value), len(asks.at_random)) == (14, 6)
    assert asks.all.tolist() == next_asks(estimate(facts), facts.answers, 20, rng()).tolist()


def test_who_may_not_be_asked_is_not_asked() -> None:
    facts = book(3).facts
    allowed = np.arange(facts.clients) < 30
    assert choose_asks(estimate(facts), facts.answers, 50, rng(), allowed=allowed).all.max() < 30


def test_when_nobody_is_left_nobody_is_asked() -> None:
    facts = book(4).facts
    assert len(next_asks(estimate(facts), np.zeros(facts.clients), 10, rng())) == 0
    assert len(next_asks(estimate(facts), facts.answers, 1000, rng())) == facts.clients


@pytest.mark.parametrize("name", ["answers", "allowed"])
def test_answers_of_another_book_are_refused(name: str) -> None:
    facts = book(5).facts
    given = {"answers": facts.answers, "allowed": np.ones(facts.clients, dtype=bool)} | {name: np.ones(3)}
    with pytest.raises(Invalid) as refused:
        choose_asks(estimate(facts), given["answers"], 5, rng(), allowed=given["allowed"])
    assert name in refused.value.fields


def test_chosen_clients_tell_more_than_clients_by_lot() -> None:
    chosen, by_lot = [], []
    for seed in range(6):
        one = book(20 + seed, clients=400)
        answers = np.where(one.has, Answer.YES, Answer.NO)
        result = estimate(one.facts)
        for kept, places in (
            (chosen, next_asks(result, one.facts.answers, 60, rng())),
            (by_lot, rng().choice(400, 60, replace=False)),
        ):
            now = one.facts.answers.copy()
            now[places] = answers[places]
            found = estimate(one.facts, answers=now)
            kept.append(found.hi - found.lo)
    assert np.mean(chosen) < np.mean(by_lot)


def test_a_limit_far_away_is_surely_above_or_below() -> None:
    result = estimate(book(6, asked=0.6).facts)
    assert against_clients(result, 1).verdict is Verdict.ABOVE
    assert against_clients(result, 299).verdict is Verdict.BELOW
    assert against_value(result, 1).verdict is Verdict.ABOVE


def test_a_limit_inside_says_how_many_more_to_ask() -> None:
    result = estimate(book(7).facts)
    near = against_clients(result, result.count.low + 1)
    nearer = against_clients(result, (result.count.low + result.count.mean) / 2)
    assert near.verdict is nearer.verdict is Verdict.EITHER
    assert near.asks is not None
    assert nearer.asks is None or near.asks <= nearer.asks


def test_where_everybody_was_asked_more_asking_settles_nothing() -> None:
    result = estimate(book(8).facts)
    asked = np.full(result.clients, Answer.NO_RESPONSE)
    assert against_clients(result, result.count.mean, asked).asks is None


def test_the_plain_survey_stands_beside_the_model() -> None:
    one = book(9, asked=0.8)
    lot = one.facts.answers != Answer.NOT_ASKED
    survey = survey_of(one.facts.answers, lot)
    assert survey is not None
    assert survey.share == pytest.approx(one.share, abs=3 * survey.error)
    assert not disagrees(estimate(one.facts), survey)
    assert disagrees(estimate(book(9, share=0.9, asked=1.0).facts), survey)


def test_too_few_answers_are_no_survey() -> None:
    assert survey_of([1, 0, -2], [True, True, True]) is None


def test_the_widest_issue_is_likeliest_among_the_first() -> None:
    results = [estimate(book(30 + place, share=share).facts) for place, share in enumerate((0.6, 0.3, 0.1))]
    chance = chance_in_top(results, 1)
    assert chance.sum() == pytest.approx(1)
    assert chance[0] > 0.9
    assert chance_in_top(results, 1, weights=[0.01, 1, 1])[0] < 0.1
    assert len(chance_in_top(results, 2, by_value=True)) == 3
    assert len(chance_in_top([], 5)) == 0
