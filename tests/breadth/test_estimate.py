"""How many of all clients have an issue: what the figure does and never does."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.breadth.panels import book, window
from voc.breadth.estimate import Answer, Audit, Estimate, Flag, Origin, fit, fit_counts, weigh_audit
from voc.breadth.estimating.facts import Facts
from voc.core.errors import Invalid


def estimate(facts: Facts, **other: Any) -> Estimate:
    """The estimate of these facts with some of them put otherwise."""
    names = [name for name in Facts.__dataclass_fields__ if name not in other]
    return fit_counts(**{name: getattr(facts, name) for name in names}, **other)


def counted(weeks: list[int], **other: Any) -> Estimate:
    """The estimate of clients who told us in so many weeks, once in each, five comments each on other things."""
    other.setdefault("others", [5] * len(weeks))
    other.setdefault("mentions", weeks)
    return fit_counts(weeks_mentioned=weeks, **other)


def test_the_figure_is_nearer_the_truth_than_the_share_who_told_us() -> None:
    books = [book(seed, share=share) for seed in range(4) for share in (0.1, 0.3, 0.6)]
    ours = [estimate(one.facts).prevalence - one.share for one in books]
    naive = [(one.facts.weeks_mentioned > 0).mean() - one.share for one in books]
    assert np.sqrt(np.mean(np.square(ours))) < 0.6 * np.sqrt(np.mean(np.square(naive)))


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    held = []
    for seed in range(40):
        one = book(100 + seed, share=0.05 + 0.012 * seed)
        found = estimate(one.facts)
        held.append(found.lo <= one.share <= found.hi)
    assert 0.8 <= np.mean(held) <= 0.99


def test_asking_narrows_the_interval() -> None:
    asked = book(3, asked=1.0).facts
    silent = estimate(asked, answers=np.full(asked.clients, Answer.NOT_ASKED))
    answered = estimate(asked)
    assert answered.hi - answered.lo < silent.hi - silent.lo


def test_one_client_with_ten_thousand_comments_stays_one_client() -> None:
    found = counted([0] * 99 + [26], mentions=[0] * 99 + [10_000])
    assert found.prevalence < 0.1
    assert found.p[-1] > 0.9


def test_a_client_never_makes_an_issue_wider_by_being_louder() -> None:
    once = counted([0] * 80 + [1] * 19 + [4], mentions=[0] * 80 + [1] * 19 + [4], audit=Audit(40, 0))
    louder = counted([0] * 80 + [1] * 19 + [26], mentions=[0] * 80 + [1] * 19 + [26], audit=Audit(40, 0))
    assert louder.prevalence < once.prevalence + 0.02


def test_the_worked_example_of_the_statistics_page_is_true() -> None:
    """One client says it in 14 weeks, three once; 60 talk of other things, 20 never write."""
    found = counted(
        [14, 1, 1, 1] + [0] * 80,
        mentions=[50, 1, 1, 1] + [0] * 80,
        others=[30, 8, 6, 12] + [12] * 60 + [0] * 20,
    )
    assert [round(float(one), 2) for one in (found.p[0], found.p[10], found.p[-1])] == [0.97, 0.08, 0.10]
    assert [round(one) for one in (found.count.low, found.count.mean, found.count.high)] == [2, 10, 26]
    assert found.flag is Flag.WIDE


def test_no_clients_have_no_figure() -> None:
    found = counted([])
    assert (found.clients, found.flag, found.count.mean) == (0, Flag.INSUFFICIENT, 0)
    assert (found.lo, found.hi) == (0, 1)
    assert len(found.speaks(8)) == 0
    assert found.among(np.zeros(0, dtype=bool)).mean == 0


@pytest.mark.parametrize("weeks", [[0], [5]])
def test_one_client_is_too_few(weeks: list[int]) -> None:
    assert counted(weeks).flag is Flag.INSUFFICIENT


def test_a_silence_nobody_was_asked_about_is_no_evidence() -> None:
    assert counted([0] * 100).flag is Flag.INSUFFICIENT
    assert counted([0] * 100, others=[0] * 100).hi > 0.3


def test_everybody_affected_is_found_to_be_everybody() -> None:
    found = counted([3] * 100)
    assert found.prevalence > 0.9
    assert found.count.high == pytest.approx(100, abs=1)


def test_everybody_who_says_yes_counts() -> None:
    found = counted([0] * 50, answers=[Answer.YES] * 50)
    assert found.prevalence > 0.95
    assert found.unheard.mean == 0


def test_many_who_told_us_and_said_no_are_never_a_certain_figure() -> None:
    assert counted([1] * 100, answers=[Answer.NO] * 100).flag is not Flag.OK


def test_contradictions_teach_how_far_a_yes_and_a_no_can_be_trusted() -> None:
    weeks = [3] * 40 + [0] * 160
    kept = counted(weeks, answers=[Answer.YES] * 40 + [Answer.NO] * 160, audit=Audit(30, 0))
    broken = counted(weeks, answers=[Answer.YES] * 28 + [Answer.NO] * 172, audit=Audit(30, 0))
    assert broken.witnesses[0].sensitivity.mean < kept.witnesses[0].sensitivity.mean - 0.03
    assert broken.witnesses[0].is_learned


def test_staff_and_owners_are_heard_owners_less() -> None:
    one = [0] * 100
    nobody = counted(one).p[0]
    owner, staff = counted(one, owners=[1, *one[1:]]).p[0], counted(one, staff=[1, *one[1:]]).p[0]
    assert nobody < owner < staff
    assert counted(one, staff=[-1, *one[1:]]).p[0] < nobody
    assert [two.name for two in counted(one, staff=[1, *one[1:]], owners=[1, *one[1:]]).witnesses] == [
        "staff",
        "owner",
    ]


def test_what_a_person_settled_is_taken_as_true() -> None:
    found = counted([0, 3] + [0] * 50, settled=[1, -1] + [0] * 50)
    assert found.p[0] == pytest.approx(1)
    assert found.p[1] == pytest.approx(0)


def test_told_and_likely_are_never_added_up() -> None:
    one = book(8, asked=0.3)
    found = estimate(one.facts)
    heard = found.among(one.facts.heard)
    assert found.unheard.mean + heard.mean == pytest.approx(found.count.mean, rel=0.02)
    assert found.unheard.mean < found.count.mean


def test_the_yearly_value_follows_the_clients_who_have_it() -> None:
    one = book(9, asked=0.5)
    found = estimate(one.facts)
    assert found.value.low <= float(one.facts.values[one.has].sum()) <= found.value.high
    assert found.value.high <= one.facts.values.sum()
    assert np.corrcoef(found.counts, found.values)[0, 1] > 0.3


def test_the_draws_say_the_same_as_the_interval() -> None:
    found = estimate(book(10).facts)
    assert np.mean(found.counts) == pytest.approx(found.count.mean, rel=0.03)
    assert np.quantile(found.counts, 0.05) == pytest.approx(found.count.low, rel=0.1)


def test_very_quiet_clients_show_no_chance_of_their_own() -> None:
    assert not counted([0] * 195 + [1] * 5, others=[0] * 150 + [1] * 50).has_skill
    assert estimate(book(12).facts).has_skill


def test_a_number_that_hardly_rests_on_this_issue_says_so() -> None:
    assert counted([0] * 97 + [1] * 3).origin is Origin.BORROWED
    assert estimate(book(13, clients=2000).facts).origin is Origin.OWN


def test_who_may_speak_next_is_forecast_as_it_comes() -> None:
    one = book(14, clients=4000, ratio=0.3)
    chance = estimate(one.facts).speaks(26)
    spoke = one.facts.weeks_mentioned > 0
    assert chance[spoke].mean() > 2 * chance[~spoke].mean()
    assert chance.mean() == pytest.approx(spoke.mean(), abs=0.03)


def test_more_time_makes_speaking_likelier() -> None:
    found = estimate(book(15).facts)
    assert (found.speaks(8) >= found.speaks(4)).all()
    with pytest.raises(Invalid, match="0 weeks"):
        found.speaks(0)


def test_the_same_facts_give_the_same_figures() -> None:
    facts = book(16).facts
    assert estimate(facts).prevalence == estimate(facts).prevalence
    assert (estimate(facts).counts == estimate(facts).counts).all()


def test_the_order_of_the_clients_does_not_matter() -> None:
    facts = book(17, asked=0.4).facts
    order = np.random.default_rng(1).permutation(facts.clients)
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
    turned = replace(facts, **{name: getattr(facts, name)[order] for name in names})
    assert estimate(turned).prevalence == pytest.approx(estimate(facts).prevalence, abs=1e-6)
    assert estimate(turned).p == pytest.approx(estimate(facts).p[order], abs=1e-6)


def test_a_panel_gives_an_estimate_for_each_issue() -> None:
    panel = window(1)
    found = fit(panel)
    assert len(found) == 6
    assert all(one.lo <= one.prevalence <= one.hi for one in found)
    assert fit(window(1, issues=1))[0].clients == 80


def test_a_panel_whose_parts_do_not_fit_is_refused() -> None:
    with pytest.raises(Invalid, match="issues, clients, weeks"):
        fit(replace(window(1), other=np.zeros((6, 80))))


def test_an_audit_of_one_loud_client_weighs_little() -> None:
    audit = weigh_audit([True, False, True], [40, 1, 1])
    assert audit.right + audit.wrong == pytest.approx(42**2 / (40**2 + 2))
    assert weigh_audit([], []) == Audit()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("weeks_mentioned", [0, float("nan"), 1]),
        ("mentions", [0, -1, 1]),
        ("mentions", [0, 0]),
        ("mentions", [1, 0, 1]),
        ("others", [1.5, 2, 3]),
        ("others", [[1, 2, 3]]),
        ("answers", [-3, 0, 1]),
        ("staff", [2, 0, 0]),
        ("values", [-5, 1, 1]),
        ("values", [float("inf"), 1, 1]),
        ("segments", ["a", 0, 1]),
        ("window_weeks", 0),
        ("audit", Audit(-1, 2)),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, wrong: object) -> None:
    given_ = {"weeks_mentioned": [0, 0, 1], "mentions": [0, 0, 1], "others": [2, 3, 4]} | {name: wrong}
    with pytest.raises(Invalid) as refused:
        fit_counts(**given_)  # type: ignore[arg-type]  # wrong on purpose
    assert name in refused.value.fields


OPINION = st.integers(-1, 1)
CLIENT = st.tuples(
    st.integers(0, 26), st.integers(0, 400), st.integers(0, 3), st.integers(-2, 2), OPINION, OPINION, OPINION
)


@settings(max_examples=25)
@given(st.lists(CLIENT, max_size=30))
def test_nothing_that_can_be_counted_breaks_it(clients: list[tuple[int, ...]]) -> None:
    weeks, others, segments, answers, staff, owners, settled = np.array(clients).reshape(-1, 7).T
    found = fit_counts(
        weeks_mentioned=weeks, mentions=weeks, others=others, segments=segments, answers=answers, staff=staff,
        owners=owners, settled=settled,
    )  # fmt: skip
    assert 0 <= found.lo <= found.prevalence <= found.hi <= 1
    assert ((found.p >= 0) & (found.p <= 1)).all()
    assert np.isfinite(found.counts).all()
