"""Issues rank by clients, however loud one of them is."""

from hypothesis import given
from hypothesis import strategies as st

from voc.breadth.ranking import Standing, rank

LOUD = Standing(issue=1, clients=1, comments=40, loudest=40, value_cents=900, severity=8)
WIDE = Standing(issue=2, clients=9, comments=9, loudest=1, value_cents=100, severity=2)


def test_the_wide_issue_comes_before_the_loud_one() -> None:
    places = rank([LOUD, WIDE])
    assert (places[WIDE.issue].by_clients, places[LOUD.issue].by_clients) == (1, 2)
    assert (places[WIDE.issue].by_comments, places[LOUD.issue].by_comments) == (2, 1)


def test_without_its_loudest_client_a_loud_issue_falls() -> None:
    places = rank([LOUD, WIDE])
    assert places[LOUD.issue].by_comments_without_loudest == 2
    assert places[WIDE.issue].by_clients_without_loudest == 1


def test_among_equals_the_more_severe_then_the_dearer_then_the_older_comes_first() -> None:
    severe = Standing(3, 2, 2, 1, 0, 8)
    dear = Standing(4, 2, 2, 1, 500, 2)
    cheap = Standing(5, 2, 2, 1, 10, 2)
    young = Standing(6, 2, 2, 1, 10, 2)
    places = rank([young, cheap, dear, severe])
    assert [places[one].by_clients for one in (3, 4, 5, 6)] == [1, 2, 3, 4]


def test_silent_clients_count_where_there_is_an_estimate() -> None:
    quiet = Standing(7, clients=2, comments=2, loudest=1, value_cents=0, severity=2, expected=19.5)
    assert rank([WIDE, quiet])[quiet.issue].by_clients == 1


def test_by_value_the_dearer_issue_comes_first() -> None:
    places = rank([LOUD, WIDE])
    assert (places[LOUD.issue].by_value, places[WIDE.issue].by_value) == (1, 2)


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    numbers = draw(st.lists(st.integers(1, 99), unique=True, max_size=8))
    small = st.integers(0, 9)
    made = []
    for number in numbers:
        comments = draw(small)
        loudest = draw(st.integers(0, comments))
        severity = draw(st.sampled_from([None, 1, 2, 4, 8]))
        made.append(Standing(number, draw(small), comments, loudest, draw(small), severity))
    return made


@given(standings())
def test_every_place_is_given_once(found: list[Standing]) -> None:
    places = rank(found)
    assert sorted(one.by_clients for one in places.values()) == list(range(1, len(found) + 1))
    assert sorted(one.by_comments for one in places.values()) == list(range(1, len(found) + 1))


@given(standings())
def test_an_issue_never_rises_without_its_loudest_client(found: list[Standing]) -> None:
    for one in rank(found).values():
        assert one.by_clients_without_loudest >= one.by_clients


def test_what_nobody_looked_at_comes_after_what_some_client_is_known_to_have() -> None:
    heap = Standing(8, 18, 24, 2, value_cents=0, severity=8, expected=40.0, is_known=False)
    other_heap = Standing(9, 12, 14, 2, value_cents=0, severity=8, expected=60.0, is_known=False)
    places = {issue: one.by_clients for issue, one in rank([heap, WIDE, LOUD, other_heap]).items()}
    assert places == {WIDE.issue: 1, LOUD.issue: 2, other_heap.issue: 3, heap.issue: 4}
