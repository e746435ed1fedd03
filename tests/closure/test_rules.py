"""The step of a point follows from its own facts, and silence is never a yes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.closure.rules import (
    CLOSED,
    DONE,
    HAD,
    LOOKING,
    READ,
    STATUS_WORDS,
    STEPS,
    TAKEN_OUT,
    Facts,
    Message,
    first_words,
    is_true_of_others,
    next_word,
    stand,
)

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
moments = st.integers(0, 400).map(lambda hours: START + timedelta(hours=hours))
messages = st.lists(
    st.builds(
        Message,
        st.sampled_from(("update", "outcome", "thanks", "solved")),
        st.sampled_from(tuple(STATUS_WORDS)),
        moments,
    ),
    max_size=5,
).map(tuple)
facts = st.builds(
    Facts,
    opened_at=st.just(START),
    read_at=st.none() | moments,
    looking_at=st.none() | moments,
    messages=messages,
    says=st.none() | st.tuples(st.sampled_from(("yes", "no", "none")), moments),
    taken_out_at=st.none() | moments,
)


@given(facts)
def test_the_current_step_has_a_day_and_no_later_step_has_one(given_facts: Facts) -> None:
    found = stand(given_facts)
    assert found.dates[found.current] is not None
    assert all(day is None for day in found.dates[found.current + 1 :])
    assert len(found.dates) == len(STEPS)


@given(facts)
def test_only_an_answer_or_silence_after_done_closes_a_point(given_facts: Facts) -> None:
    found = stand(given_facts)
    if found.current == CLOSED:
        assert given_facts.says is not None
        assert given_facts.says[0] in {"yes", "none"}
    if given_facts.says is None or given_facts.says[0] == "no":
        assert found.current != CLOSED


@given(facts)
def test_silence_never_reads_as_solved(given_facts: Facts) -> None:
    found = stand(given_facts)
    if found.current == CLOSED and given_facts.says and given_facts.says[0] == "none":
        assert found.words == "Closed without your answer"


@given(facts)
def test_thanks_move_nothing(given_facts: Facts) -> None:
    plain = tuple(one for one in given_facts.messages if one.kind != "thanks")
    without = Facts(
        opened_at=given_facts.opened_at, read_at=given_facts.read_at, looking_at=given_facts.looking_at,
        messages=plain, says=given_facts.says, taken_out_at=given_facts.taken_out_at,
    )  # fmt: skip
    assert stand(given_facts) == stand(without)


def test_a_no_opens_the_point_again() -> None:
    done = Message("solved", "done", START + timedelta(days=1))
    found = stand(Facts(opened_at=START, messages=(done,), says=("no", START + timedelta(days=2))))
    assert found.current == LOOKING
    assert found.words is not None
    assert "not solved" in found.words


def test_steps_go_from_had_to_read_to_done() -> None:
    assert stand(Facts(opened_at=START)).current == HAD
    assert stand(Facts(opened_at=START, read_at=START)).current == READ
    done = Message("solved", "done", START + timedelta(days=1))
    assert stand(Facts(opened_at=START, messages=(done,))).current == DONE


def test_a_point_that_was_taken_out_begins_again() -> None:
    told = Message("update", "changing", START + timedelta(days=1))
    found = stand(Facts(opened_at=START, messages=(told,), taken_out_at=START + timedelta(days=2)))
    assert (found.current, found.words) == (HAD, TAKEN_OUT)


@pytest.mark.parametrize(("groups", "said"), [(0, False), (1, False), (5, False), (6, True)])
def test_others_are_mentioned_from_five_others_up(groups: int, *, said: bool) -> None:
    assert is_true_of_others(groups) is said


@given(st.text(min_size=1, max_size=500))
def test_a_title_is_one_short_line(text: str) -> None:
    title = first_words(text)
    assert "\n" not in title
    assert len(title) <= 91


def test_the_next_word_is_at_five_on_a_working_day() -> None:
    found = next_word(datetime(2026, 5, 4, 9, tzinfo=UTC), "Europe/Amsterdam")
    assert found.isoformat() == "2026-05-11T17:00:00+02:00"
