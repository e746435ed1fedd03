"""What the figure does with books and answers that are odd, contradict each other or change while asking."""

import numpy as np
import pytest

from tests.breadth.panels import book
from tests.breadth.test_estimate import counted, estimate
from voc.breadth.estimate import (
    Answer,
    Audit,
    Flag,
    Verdict,
    against_clients,
    choose_asks,
    learn_priors,
    lesson_from,
)
from voc.breadth.estimating.priors import Priors, beta_of, logit_of
from voc.core.errors import Invalid


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_a_client_with_ten_thousand_comments_on_other_things_moves_nobody_else() -> None:
    plain = counted([2, 1] + [0] * 60)
    loud = counted([2, 1] + [0] * 60, others=[5] * 61 + [10_000])
    assert loud.prevalence == pytest.approx(plain.prevalence, abs=0.05)
    assert loud.p[-1] < 0.05


def test_ten_thousand_mentions_that_nobody_looked_at_are_no_certain_figure() -> None:
    found = counted([0] * 60 + [1] * 20 + [26], mentions=[0] * 60 + [1] * 20 + [10_000])
    assert found.flag is not Flag.OK
    assert found.hi - found.lo > 0.2


def test_answers_that_all_contradict_what_was_said_leave_both_possible() -> None:
    found = counted([3] * 30 + [0] * 70, answers=[Answer.NO] * 30 + [Answer.YES] * 70)
    assert 0.3 < found.prevalence < 1
    assert found.flag is not Flag.OK
    assert found.witnesses[0].is_learned


def test_as_many_yes_as_no_without_a_word_said_is_about_half() -> None:
    found = counted([0] * 100, answers=[Answer.YES, Answer.NO] * 50)
    assert found.prevalence == pytest.approx(0.5, abs=0.06)


def test_clients_who_left_while_asking_leave_the_number_of_clients() -> None:
    facts = book(21, clients=120, asked=0.5).facts
    stays = np.arange(120) < 100
    names = (
        "weeks_mentioned",
        "mentions",
        "others",
        "segments",
        "answers",
        "staff",
        "owners",
        "settled",
        "values",
    )
    found = estimate(facts, **{name: getattr(facts, name)[stays] for name in names})
    assert found.clients == 100
    assert found.count.high <= 100
    assert found.value.high <= float(facts.values[stays].sum())


def test_a_client_who_joins_while_asking_is_unknown_not_without_it() -> None:
    facts = book(22, clients=60, asked=0.8).facts
    grown = {
        name: np.append(getattr(facts, name), new)
        for name, new in (
            ("weeks_mentioned", 0),
            ("mentions", 0),
            ("others", 0),
            ("answers", Answer.NOT_ASKED),
        )
    }
    found = estimate(facts, **grown, segments=None, staff=None, owners=None, settled=None, values=None)
    assert found.clients == 61
    assert 0.02 < found.p[-1] < 0.98


def test_answers_of_another_book_of_clients_are_refused_not_guessed() -> None:
    facts = book(23, clients=60).facts
    with pytest.raises(Invalid, match="60 clients"):
        choose_asks(estimate(facts), np.append(facts.answers, Answer.NOT_ASKED), 5, rng())


def test_an_issue_merged_while_asking_is_no_narrower_than_either() -> None:
    one, other = (book(seed, clients=200, share=0.2, asked=0.4).facts for seed in (24, 25))
    told = one.mentions + other.mentions
    both = estimate(
        one,
        weeks_mentioned=np.minimum(told, 26),
        mentions=told,
        answers=np.where(
            (one.answers == Answer.YES) | (other.answers == Answer.YES), Answer.YES, one.answers
        ),
    )
    assert (
        both.prevalence > max(estimate(one).prevalence, estimate(other, others=one.others).prevalence) - 0.02
    )


def test_nobody_left_to_ask_settles_nothing_and_says_so() -> None:
    found = counted([1] * 5 + [0] * 45, answers=[Answer.NO_RESPONSE] * 50)
    decided = against_clients(found, found.count.mean)
    assert (decided.verdict, decided.asks) == (Verdict.EITHER, None)


@pytest.mark.parametrize("weeks", [0.1, 26, 520])
def test_any_length_of_window_gives_a_figure(weeks: float) -> None:
    found = counted([1] * 3 + [0] * 40, window_weeks=weeks)
    assert 0 <= found.lo <= found.prevalence <= found.hi <= 1
    assert (found.speaks(8) <= 1).all()


def test_tags_that_were_all_looked_at_leave_nothing_to_doubt() -> None:
    weeks = [1] * 20 + [0] * 80
    seen, unseen = counted(weeks, audit=Audit(20, 0)), counted(weeks)
    assert seen.p[0] > 0.97
    assert unseen.p[0] < seen.p[0]


def test_wrong_tags_still_among_the_mentions_are_counted_as_wrong() -> None:
    weeks = [1] * 20 + [0] * 80
    kept, gone = counted(weeks, audit=Audit(10, 6, kept=6)), counted(weeks, audit=Audit(10, 6))
    assert kept.p[0] < gone.p[0]
    with pytest.raises(Invalid):
        counted(weeks, audit=Audit(1, 1, kept=-1))


@pytest.mark.parametrize(("right", "wrong"), [(9, 1), (0.7, 0.4), (300, 12), (2, 2)])
def test_the_belief_about_tags_is_the_same_as_shares_and_as_logits(right: float, wrong: float) -> None:
    assert beta_of(*logit_of(right, wrong)) == pytest.approx((right, wrong), rel=1e-4)


def test_issues_nobody_looked_at_teach_that_many_tags_are_wrong() -> None:
    """Wrong tags fall on everybody by talk; a true issue is said again by who has it."""
    lessons = []
    for seed in range(10):
        rng_ = np.random.default_rng([seed, 8])
        talk = 6.5 * np.exp(1.1 * rng_.standard_normal(300))
        others = rng_.poisson(talk)
        has = rng_.random(300) < 0.1
        told = rng_.poisson(0.6 * talk * has) + rng_.poisson(0.06 * others)
        facts = estimate(book(1).facts, weeks_mentioned=np.minimum(told, 26), mentions=told, others=others, answers=None, audit=None).facts  # fmt: skip
        lessons.append(lesson_from(facts, Priors()))
    taught = learn_priors(lessons)
    assert taught.wrong / (taught.wrong + taught.right) > 0.2
